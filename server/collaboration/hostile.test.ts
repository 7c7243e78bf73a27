import { afterAll, beforeAll, expect, it } from 'vitest';
import { isDeepStrictEqual } from 'node:util';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { edgesOf, nodesOf, readDefinition, readDraft } from '#engine/graph/document/shape.js';
import type { Definition } from '#engine/graph/definition.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import {
  dialDraft,
  joinDraft,
  listenForDrafts,
  say,
  updateThat,
  type PlainClient,
  type RawClient,
} from '#tests/support/collaboration.js';
import { editSomehow, faultsOf, randomFrom, smallDepartment } from '#tests/support/randomEdits.js';
import type { SocketConstructor } from '../../editor/src/document/acknowledged.js';
import { openDraft, type Draft } from '../../editor/src/document/openDraft.js';
import { setConfig, setNoteOf, setTitle } from '../../editor/src/document/operations/options.js';
import type { Session } from '../api/auth/schemas.js';
import { createDrafts } from './drafts.js';

/** `HOSTILE_EDITS=20000` is the whole of it. A failure says its seed: `HOSTILE_SEED` repeats the edits, though not what arrives first. */
const edits = Number(process.env['HOSTILE_EDITS'] ?? 120);
const seed = Number(process.env['HOSTILE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** So many drafts are worked on at once, each with as many edits of this. */
const DRAFTS = 3;
const ROUND = 60;
const patient = { timeout: 60_000, interval: 50 };

let server: TestApp;
let owner: Session;
let address: string;
beforeAll(async () => {
  server = await buildTestApp();
  owner = await server.register();
  address = await listenForDrafts(server.app);
});
const open: { leave(): void }[] = [];
afterAll(async () => {
  for (const each of open) each.leave();
  await server.close();
});

/** Somebody who works honestly: their editor opens the draft anew where it has to, and comes back when the network does. */
class Honest {
  readonly #kept = new Map<string, Uint8Array[]>();
  readonly #sockets = new Set<WebSocket>();
  #draft: Draft | null = null;
  #strays = 0;
  #gone = false;
  opened = 0;

  constructor(readonly departmentId: string) {}

  async open(): Promise<this> {
    const sockets = this.#sockets;
    const Counted = class extends WebSocket {
      constructor(at: string) {
        super(at);
        sockets.add(this);
        this.on('close', () => sockets.delete(this));
      }
    };
    this.opened += 1;
    const draft = await openDraft(this.departmentId, {
      address,
      token: async () => owner.accessToken,
      person: 'p',
      updates: this.#updates,
      WebSocket: Counted as unknown as SocketConstructor,
      patienceMs: 20,
      compared: (alike) => {
        if (alike) this.#strays = 0;
        return alike || this.#strays >= 3 ? 'goOn' : 'end';
      },
    });
    this.#draft = draft;
    draft.connection.subscribe(() => {
      if (draft !== this.#draft || draft.connection.getStatus().state !== 'astray') return;
      this.#strays += 1;
      draft.close();
      this.#draft = null;
      if (!this.#gone) void this.open();
    });
    return this;
  }

  get draft(): Draft | null {
    return this.#draft;
  }
  get state(): unknown {
    return this.#draft?.connection.getStatus();
  }
  get reads(): Definition | undefined {
    return this.#draft?.store.getSnapshot().definition;
  }
  edit(random: () => number): void {
    const draft = this.#draft;
    if (!draft || draft.connection.getStatus().state === 'connecting') return;
    editSomehow({ ...draft, definition: readDefinition(draft.doc).definition }, random);
  }
  loseNetwork(): void {
    for (const socket of this.#sockets) socket.terminate();
  }
  /** A reload of the page. */
  async reload(): Promise<void> {
    const draft = this.#draft;
    this.#draft = null;
    draft?.close();
    if (draft) await this.open();
  }
  leave(): void {
    this.#gone = true;
    this.#draft?.close();
  }

  readonly #updates = {
    append: async (key: string, update: Uint8Array) =>
      void this.#kept.set(key, [...(this.#kept.get(key) ?? []), update]),
    read: async (key: string) => this.#kept.get(key) ?? [],
    clear: async (key: string) => void this.#kept.delete(key),
    keys: async (prefix: string) => [...this.#kept.keys()].filter((key) => key.startsWith(prefix)),
  };
}

/** Somebody who may edit and means harm: sees all that others see, and says what no editor would. */
class Hostile {
  #spy: PlainClient | null = null;
  #socket: RawClient | null = null;
  readonly #heard: Uint8Array[] = [];
  /** Edits of other drafts, and those it did not send yet. */
  readonly #late: Uint8Array[] = [];
  said = 0;
  closed = 0;

  constructor(
    readonly departmentId: string,
    readonly elsewhere: string,
    readonly random: () => number,
  ) {}

  async open(): Promise<this> {
    this.#spy = await joinDraft(address, this.departmentId, owner.accessToken);
    this.#spy.doc.on('update', (update: Uint8Array) => this.#heard.push(update));
    const other = await joinDraft(address, this.elsewhere, owner.accessToken);
    this.#heard.push(Y.encodeStateAsUpdate(other.doc));
    other.leave();
    return this;
  }
  leave(): void {
    this.#spy?.leave();
    this.#socket?.socket.terminate();
  }

  async act(): Promise<void> {
    if (this.#spy && !this.#spy.provider.wsconnected) this.#spy.provider.connect();
    if (!this.#socket || this.#socket.socket.readyState !== WebSocket.OPEN) {
      if (this.#socket) this.closed += 1;
      this.#socket = await dialDraft(address, this.departmentId, owner.accessToken);
    }
    for (const update of this.#moves()) {
      this.said += 1;
      this.#socket.socket.send(this.random() < 0.2 ? say.missing(update) : say.update(update));
    }
  }

  #pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.random() * items.length)];
  }

  #moves(): Uint8Array[] {
    const { doc } = this.#spy as PlainClient;
    const others = [...(this.#spy as PlainClient).provider.awareness.getStates().keys()].filter(
      (client) => client !== doc.clientID,
    );
    const known = [...Y.decodeStateVector(Y.encodeStateVector(doc)).entries()];
    const [client = 1, clock = 0] = this.#pick(known) ?? [];
    const id = this.#pick([...nodesOf(doc).keys()]) ?? 'a';
    const junk = this.#pick<unknown>([
      'text',
      7,
      [1],
      new Y.Array(),
      new Y.Text('x'),
      new Y.Map([['type', 7]] as never),
    ]);
    const spoil = (draft: Y.Doc): void => {
      const node = nodesOf(draft).get(id);
      const field = this.#pick(['title', 'note', 'config', 'parentId', 'type', 'position', 'order', 'onError']) ?? 'x';
      const chance = this.random();
      if (node instanceof Y.Map && chance < 0.7) node.set(field, junk);
      else if (chance < 0.8) nodesOf(draft).set(id, junk);
      else if (chance < 0.9) nodesOf(draft).delete(id);
      else edgesOf(draft).set(`e${Math.floor(this.random() * 9)}`, junk);
    };
    const as = (who: number, perform = spoil): Uint8Array =>
      updateThat(doc, (copy) => {
        copy.clientID = who;
        perform(copy);
      });
    const usual = (): Uint8Array => as(1 + Math.floor(this.random() * 2 ** 31));
    /** The id under which the next letter would begin a text. */
    const birth = (): Uint8Array => {
      const copy = new Y.Doc();
      Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
      const before = Y.decodeStateVector(Y.encodeStateVector(copy));
      const write = this.#pick([
        () => setTitle(copy, id, 'T', ''),
        () => setNoteOf(copy, id, 'N', ''),
        () => setConfig(copy, id, 'label', 'l', { seen: '' }),
        () => setConfig(copy, id, ['values', 0, 'name'], 'n', { seen: 'v' }),
      ]);
      write?.();
      const taken = [...Y.decodeStateVector(Y.encodeStateVector(copy)).keys()].find(
        (each) => !before.has(each) && each !== copy.clientID,
      );
      return as(taken ?? 5);
    };
    const deletes = (who: number, from: number, length: number): Uint8Array =>
      encoding.encode((encoder) => {
        for (const value of [0, 1, who, 1, from, length]) encoding.writeVarUint(encoder, value);
      });
    /** A part that says nothing but takes up clocks (0), or that says it was left out (10). */
    const filler = (who: number, from: number, kind: 0 | 10, length: number): Uint8Array =>
      encoding.encode((encoder) => {
        for (const value of [1, 1, who, from]) encoding.writeVarUint(encoder, value);
        encoding.writeUint8(encoder, kind);
        encoding.writeVarUint(encoder, length);
        encoding.writeVarUint(encoder, 0);
      });
    const half = (update: Uint8Array): Uint8Array => update.slice(0, Math.floor(this.random() * update.length));
    const moves: (() => (Uint8Array | undefined)[])[] = [
      () => [this.#pick(this.#heard)],
      () => [this.#pick(this.#heard), this.#pick(this.#heard)],
      () => [usual()],
      () => {
        this.#late.push(usual());
        return [];
      },
      () => this.#late.splice(0).toReversed(),
      () => [as(this.#pick(others) ?? 1)],
      () => [as(this.#pick(others) ?? 1)],
      () => [as(client)],
      () => [birth()],
      () => [birth()],
      () => [birth()],
      () => [deletes(client, Math.floor(this.random() * clock), 1 + Math.floor(this.random() * 3))],
      () => [deletes(client, clock, 1 + Math.floor(this.random() * 3))],
      () => [deletes(this.#pick(others) ?? 1, 0, 50)],
      () => [half(usual())],
      () => [half(this.#pick(this.#heard) ?? usual())],
      () => [filler(this.#pick(others) ?? 1, 0, 0, 1 + Math.floor(this.random() * 9))],
      () => [filler(client, clock, 0, 1 + Math.floor(this.random() * 9))],
      () => [filler(client, clock, 10, 2)],
      () => [filler(client, clock + 3, 0, 2)],
      () => [as(1 + Math.floor(this.random() * 2 ** 31), (copy) => void copy.getMap('elsewhere').set('a', 1))],
    ];
    return (this.#pick(moves)?.() ?? []).filter((update) => update !== undefined);
  }
}

const draftOf = async (id: string): Promise<Definition> =>
  (await server.call('GET', `/departments/${id}`, { as: owner })).body.draft;
const hire = async (name: string): Promise<string> =>
  (await server.call('POST', '/departments', { as: owner, body: { name, definition: smallDepartment() } })).body.id;

interface Outcome {
  readonly opened: number;
  readonly said: number;
  readonly closed: number;
  readonly published: number;
}

/** People work on a draft of their own beside somebody hostile; then all of it is compared. */
async function round(number: number): Promise<Outcome> {
  const random = randomFrom(seed + number);
  const where = `seed ${seed}, round ${number}`;
  const [id, elsewhere] = [await hire(`A${number}`), await hire(`B${number}`)];
  const untouched = await draftOf(elsewhere);
  const people = await Promise.all([1, 2, 3].map(() => new Honest(id).open()));
  const hostile = await new Hostile(id, elsewhere, random).open();
  let published = 0;
  try {
    for (const each of people) await expect.poll(() => each.state, patient).toMatchObject({ state: 'connected' });
    for (let edit = 0; edit < ROUND; edit += 1) {
      const somebody = people[Math.floor(random() * people.length)];
      if (random() < 0.35) await hostile.act();
      else somebody?.edit(random);
      if (random() < 0.03) somebody?.loseNetwork();
      if (random() < 0.02) await somebody?.reload();
      // The first ones follow a good draft: some of those can be published whatever the seed.
      if (edit < 6 || random() < 0.05) published += (await publish(id, where)) ? 1 : 0;
      // Now and then what was said has the time to go round.
      if (random() < 0.3) await draftOf(id);
    }
    for (const each of people)
      await expect
        .poll(async () => [each.state, isDeepStrictEqual(each.reads, await draftOf(id))], {
          ...patient,
          message: where,
        })
        .toEqual([{ state: 'connected', saved: true, readOnly: false }, true]);
    const draft = await settled(id);
    const restarted = createDrafts({ db: server.db, onError: () => {} });
    expect((await restarted.open(id)).definition, where).toEqual(draft);
    expect(readDraft((await restarted.open(elsewhere)).doc), where).toEqual(untouched);
    await restarted.close();
    for (const each of people) expect(each.reads, where).toEqual(draft);
    const live = await publish(id, where);
    if (live) expect(live, where).toEqual(draft);
    const opened = people.reduce((sum, each) => sum + each.opened, 0);
    return { opened, said: hostile.said, closed: hostile.closed, published };
  } finally {
    open.push(...people, hostile);
  }
}

/** What is live now, when the draft could be published: nothing that is wrong ever is. */
async function publish(id: string, where: string): Promise<Definition | null> {
  const answer = await server.call('POST', `/departments/${id}/publish`, { as: owner });
  if (answer.status !== 201) {
    expect([answer.status, answer.body.problems?.length > 0], where).toEqual([422, true]);
    return null;
  }
  const { body } = await server.call('GET', `/departments/${id}/versions/${answer.body.version}`, { as: owner });
  expect(faultsOf(body.definition), where).toEqual([]);
  return body.definition;
}

/** The draft once it does not change any more: what came of edits is tidied up behind them. */
async function settled(id: string): Promise<Definition> {
  let before = await draftOf(id);
  for (;;) {
    const now = await draftOf(id);
    if (JSON.stringify(now) === JSON.stringify(before)) return now;
    before = now;
  }
}

it(
  `whatever one says who means harm, all others see what is stored and published (seed ${seed})`,
  { timeout: 3_600_000 },
  async () => {
    const outcomes: Outcome[] = [];
    const rounds = Math.ceil(edits / ROUND);
    for (let first = 0; first < rounds; first += DRAFTS)
      outcomes.push(
        ...(await Promise.all(
          Array.from({ length: Math.min(DRAFTS, rounds - first) }, (_, index) => round(first + index)),
        )),
      );
    if (process.env['TEST_LOG']) console.error(outcomes);
    // Nobody was asked anything who said nothing.
    expect(outcomes.every(({ said }) => said > 0)).toBe(true);
  },
);
