import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import * as encoding from 'lib0/encoding';
import pg from 'pg';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { edgesOf, nodesOf, readDefinition } from '#engine/graph/document/shape.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import {
  dialDraft,
  farApart,
  joinDraft,
  listenForDrafts,
  refusalOf,
  say,
  updateThat,
  type PlainClient,
  type RawClient,
} from '#tests/support/collaboration.js';
import { connect } from '../../editor/src/document/operations/edges.js';
import { addNode, removeNodes } from '../../editor/src/document/operations/nodes.js';
import { setConfig, setNoteOf, setTitle } from '../../editor/src/document/operations/options.js';
import { EarlySocket } from '../../editor/src/document/earlySocket.js';
import { openDraft, type DraftSettings } from '../../editor/src/document/openDraft.js';
import type { SocketConstructor } from '../../editor/src/document/acknowledged.js';
import type { Session } from '../api/auth/schemas.js';
import { closeCodes } from './closeCodes.js';
import { createDrafts, type Drafts } from './drafts.js';
import type { Relay, RelayMessage } from './relay.js';

let server: TestApp;
let owner: Session;
let address: string;
const open: (() => void)[] = [];
const patient = { timeout: 60_000, interval: 20 };

beforeAll(async () => {
  server = await buildTestApp();
  owner = await server.register();
  address = await listenForDrafts(server.app);
});
afterEach(() => {
  for (const leave of open.splice(0)) leave();
});
afterAll(() => server.close());

async function hire(as = owner): Promise<string> {
  const { body } = await server.call('POST', '/departments', {
    as,
    body: { name: 'Balcão', template: 'customer-service' },
  });
  return body.id;
}
async function join(id: string, as = owner): Promise<PlainClient> {
  const client = await joinDraft(address, id, as.accessToken);
  open.push(() => client.leave());
  return client;
}
async function dial(id: string, as = owner): Promise<RawClient> {
  const client = await dialDraft(address, id, as.accessToken);
  open.push(() => client.socket.terminate());
  return client;
}
const draftOf = async (id: string) => (await server.call('GET', `/departments/${id}`, { as: owner })).body.draft;
/** Somebody else of the organization. */
async function colleague(role: 'admin' | 'member' | 'viewer', departments?: string[]): Promise<Session> {
  const person = await server.register('Outra');
  await server.db.withIdentity((trx) =>
    trx.raw(`insert into platform.memberships (user_id, organization_id, role, departments) values (?, ?, ?, ?)`, [
      person.user.id,
      owner.organization.id,
      role,
      departments ?? null,
    ]),
  );
  const switched = await server.call('POST', '/auth/switch', {
    as: person,
    body: { organizationId: owner.organization.id },
  });
  if (switched.status !== 200) throw new Error(JSON.stringify(switched.body));
  return switched.body;
}

describe('a draft that several have open', () => {
  it('is the same for all, and what the API reads and writes is it too', async () => {
    const id = await hire();
    const before = await draftOf(id);
    const [ana, bia] = [await join(id), await join(id)];
    expect(readDefinition(ana.doc).definition).toEqual(before);
    setTitle(ana.doc, 'message', 'Chegou');
    await expect.poll(() => readDefinition(bia.doc).definition.nodes[0]?.title, patient).toBe('Chegou');
    expect((await draftOf(id)).nodes[0].title).toBe('Chegou');
    const definition = await draftOf(id);
    definition.settings = { maxSteps: 7 };
    setTitle(bia.doc, definition.nodes[1].id, 'Ao mesmo tempo');
    expect((await server.call('PUT', `/departments/${id}/draft`, { as: owner, body: { definition } })).status).toBe(
      200,
    );
    await expect.poll(() => readDefinition(ana.doc).definition.settings, patient).toEqual({ maxSteps: 7 });
    await expect.poll(async () => readDefinition(ana.doc).definition, patient).toEqual(await draftOf(id));
  });

  it('is published as it stands, and restored in front of everybody', async () => {
    const id = await hire();
    const ana = await join(id);
    setTitle(ana.doc, 'message', 'Primeira');
    await expect.poll(async () => (await draftOf(id)).nodes[0].title, patient).toBe('Primeira');
    const published = await server.call('POST', `/departments/${id}/publish`, {
      as: owner,
      body: { note: 'Abre a loja' },
    });
    expect(published.status).toBe(201);
    setTitle(ana.doc, 'message', 'Segunda');
    await expect.poll(async () => (await draftOf(id)).nodes[0].title, patient).toBe('Segunda');
    const restored = await server.call('POST', `/departments/${id}/versions/1/restore`, { as: owner });
    expect(restored.body.draft.nodes[0].title).toBe('Primeira');
    await expect.poll(() => readDefinition(ana.doc).definition.nodes[0]?.title, patient).toBe('Primeira');
    const [version] = (await server.call('GET', `/departments/${id}/versions`, { as: owner })).body.items;
    const me = { id: owner.user.id, name: 'Lúcia' };
    expect(version).toMatchObject({ version: 1, note: 'Abre a loja', publishedBy: me, authors: [me] });
  });

  it('loses edges to what somebody else took out meanwhile', async () => {
    const id = await hire();
    const [ana, bia] = [await join(id), await join(id)];
    const node = addNode(ana.doc, { type: 'data.set', position: { x: 0, y: 0 } });
    await expect.poll(() => nodesOf(bia.doc).has(node), patient).toBe(true);
    bia.provider.disconnect();
    connect(bia.doc, { node: 'message', port: 'out' }, { node, port: 'in' });
    removeNodes(ana.doc, [node]);
    bia.provider.connect();
    const dangling = () => [...edgesOf(ana.doc).values()].filter((edge) => JSON.stringify(edge).includes(node));
    await expect.poll(() => Y.encodeStateVector(ana.doc), patient).toEqual(Y.encodeStateVector(bia.doc));
    await expect.poll(dangling, patient).toEqual([]);
  });

  it('shows who is there under the name that the server knows', async () => {
    const id = await hire();
    const [ana, bia] = [await join(id), await join(id)];
    ana.provider.awareness.setLocalState({ user: { id: 'x', name: 'O Papa' }, cursor: { x: 1, y: 2 } });
    const seen = () => bia.provider.awareness.getStates().get(ana.doc.clientID);
    await expect
      .poll(seen, patient)
      .toMatchObject({ user: { id: owner.user.id, name: 'Lúcia' }, cursor: { x: 1, y: 2 } });
    ana.leave();
    await expect.poll(seen, patient).toBeUndefined();
  });

  it('keeps two windows of one person apart: neither speaks or edits as the other', async () => {
    const id = await hire();
    const ana = await join(id);
    ana.provider.awareness.setLocalState({ cursor: { x: 1, y: 1 } });
    setTitle(ana.doc, 'message', 'Ana');
    await expect.poll(async () => (await draftOf(id)).nodes[0].title, patient).toBe('Ana');
    const thief = await dial(id);
    thief.socket.send(say.presence(ana.doc.clientID, 99, '{"cursor":"stolen"}'));
    const forged = new Y.Doc();
    Y.applyUpdate(forged, Y.encodeStateAsUpdate(ana.doc));
    const vector = Y.encodeStateVector(forged);
    forged.clientID = ana.doc.clientID;
    setTitle(forged, 'message', 'Ladra');
    thief.socket.send(say.update(Y.encodeStateAsUpdate(forged, vector)));
    expect(await thief.closed).toBe(closeCodes.taken);
    expect((await draftOf(id)).nodes[0].title).toBe('Ana');
    expect(ana.provider.awareness.getLocalState()).toMatchObject({ cursor: { x: 1, y: 1 } });
  });
});

describe('a draft that cannot be loaded', () => {
  it('is opened for nobody and stays what it was', async () => {
    const id = await hire();
    const before = await draftOf(id);
    const admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    open.push(() => void admin.end());
    const rename = (from: string, to: string) => admin.query(`alter table platform.${from} rename to ${to}`);
    await rename('draft_updates', 'draft_updates_away');
    expect(await refusalOf(address, id, owner.accessToken)).toBeGreaterThanOrEqual(500);
    await rename('draft_updates_away', 'draft_updates');
    expect(readDefinition((await join(id)).doc).definition).toEqual(before);
  });
});

describe('two processes', () => {
  it('share a draft: what one stores, the other has, and it is said who is where', async () => {
    const id = await hire();
    const heard = new Map<string, ((message: RelayMessage) => void)[]>();
    /** The wire between two processes. */
    const relay = (): Relay => {
      const mine: ((message: RelayMessage) => void)[] = [];
      return {
        publish: (draft, message) => {
          for (const listener of heard.get(draft) ?? []) if (!mine.includes(listener)) listener(message);
        },
        subscribe(draft, listener) {
          mine.push(listener);
          heard.set(draft, [...(heard.get(draft) ?? []), listener]);
          return () =>
            void heard.set(
              draft,
              (heard.get(draft) ?? []).filter((each) => each !== listener),
            );
        },
        close: async () => {},
      };
    };
    const errors: unknown[] = [];
    const [one, other] = [relay(), relay()].map((each) =>
      createDrafts({ db: server.db, relay: each, onError: (error) => errors.push(error) }),
    ) as [Drafts, Drafts];
    const [here, there] = [await one.open(id), await other.open(id)];
    const definition = { ...here.definition, settings: { maxSteps: 3 } };
    await one.write(id, definition, owner.user.id);
    await expect.poll(() => there.definition.settings, patient).toEqual({ maxSteps: 3 });
    await Promise.all([
      one.write(id, { ...definition, settings: { maxSteps: 4 } }, owner.user.id),
      other.write(id, { ...definition, settings: { maxSteps: 3, timeoutSeconds: 9 } }, owner.user.id),
    ]);
    await expect.poll(() => there.definition.settings, patient).toMatchObject({ timeoutSeconds: 9 });
    await expect.poll(() => here.definition, patient).toEqual(there.definition);
    here.show({ client: 5, clock: 1, state: '{"cursor":1}' });
    await expect.poll(() => there.presence.all(), patient).toEqual([{ client: 5, clock: 1, state: '{"cursor":1}' }]);
    expect(await one.settle([id])).toBe(true);
    expect((await draftOf(id)).settings).toMatchObject({ timeoutSeconds: 9 });
    await one.close();
    await other.close();
    expect(errors).toEqual([]);
  });

  it('put the edits of a draft together when nobody has it open, and it is the same', async () => {
    const id = await hire();
    const drafts = createDrafts({ db: server.db, onError: () => {}, idleMs: 3_000 });
    const count = async () =>
      (await server.db.engine.query('select count(*)::int as count from draft_updates where department_id = $1', [id]))
        .rows[0].count;
    const { definition } = await drafts.open(id);
    for (let steps = 1; steps <= 60; steps += 1)
      await drafts.write(id, { ...definition, settings: { maxSteps: steps } }, owner.user.id);
    await expect.poll(count, patient).toBe(1);
    expect((await drafts.open(id)).definition.settings).toEqual({ maxSteps: 60 });
    await drafts.close();
  });
});

describe('the editor', () => {
  const settings = () => ({
    address,
    token: async () => owner.accessToken,
    person: 'p',
    WebSocket: WebSocket as unknown as SocketConstructor,
  });
  const memory = () => {
    const kept = new Map<string, Uint8Array[]>();
    return {
      kept,
      append: async (key: string, update: Uint8Array) => void kept.set(key, [...(kept.get(key) ?? []), update]),
      read: async (key: string) => kept.get(key) ?? [],
      clear: async (key: string) => void kept.delete(key),
      keys: async (prefix: string) => [...kept.keys()].filter((key) => key.startsWith(prefix)),
    };
  };

  it('says saved only when the server has it on disk, and brings what was done without a network', async () => {
    const id = await hire();
    const updates = memory();
    let signedIn: string | null = owner.accessToken;
    const draft = await openDraft(id, { ...settings(), token: async () => signedIn, updates });
    open.push(() => draft.close());
    const status = () => draft.connection.getStatus();
    await expect.poll(status, patient).toEqual({ state: 'connected', saved: true, readOnly: false });
    setTitle(draft.doc, 'message', 'Aqui');
    expect(status().saved).toBe(false);
    await expect.poll(status, patient).toEqual({ state: 'connected', saved: true, readOnly: false });
    const stored = await server.db.engine.query(
      'select count(*)::int as count from draft_updates where department_id = $1',
      [id],
    );
    expect(stored.rows[0].count).toBe(2);

    signedIn = null;
    server.app.websocketServer.clients.forEach((client) => client.terminate());
    await expect.poll(() => status().state, patient).toBe('signedOut');
    setConfig(draft.doc, 'message', 'note', 'sem rede');
    await expect.poll(() => updates.kept.size, patient).toBe(1);
    draft.close();

    const again = await openDraft(id, { ...settings(), updates });
    open.push(() => again.close());
    await expect.poll(() => again.connection.getStatus(), patient).toMatchObject({ state: 'connected', saved: true });
    await expect.poll(() => updates.kept.size, patient).toBe(0);
    expect((await draftOf(id)).nodes[0].config.note).toBe('sem rede');
  });

  it('goes on with a connection that was opened before it, and with another when that one has ended', async () => {
    const id = await hire();
    const viewer = await colleague('viewer');
    let sockets = 0;
    const Counted = class extends WebSocket {
      constructor(at: string) {
        super(at);
        sockets += 1;
      }
    } as unknown as SocketConstructor;
    const begin = (token = owner.accessToken) => new EarlySocket(address, id, token, Counted);
    const draftWith = async (early: EarlySocket, token = owner.accessToken) => {
      const draft = await openDraft(id, {
        ...settings(),
        token: async () => token,
        updates: memory(),
        WebSocket: Counted,
        early,
      });
      open.push(() => draft.close());
      return draft;
    };
    const ana = await draftWith(begin());
    // What came before is there at once, and is nobody's edit.
    expect(ana.store.getSnapshot().definition).toEqual(await draftOf(id));
    expect([ana.connection.getStatus(), sockets]).toEqual([{ state: 'connected', saved: true, readOnly: false }, 1]);

    const late = begin();
    await late.answered;
    setTitle(ana.doc, 'message', 'Enquanto isso');
    await expect.poll(async () => (await draftOf(id)).nodes[0].title, patient).toBe('Enquanto isso');
    const bia = await draftWith(late);
    await expect.poll(() => bia.store.getNode('message')?.title, patient).toBe('Enquanto isso');
    setTitle(bia.doc, 'message', 'Bia');
    await expect.poll(() => bia.connection.getStatus().saved, patient).toBe(true);
    await expect.poll(() => ana.store.getNode('message')?.title, patient).toBe('Bia');
    const { rows } = await server.db.engine.query(
      'select count(*)::int as count from draft_updates where department_id = $1',
      [id],
    );
    expect([rows[0].count, sockets]).toEqual([3, 2]);

    const looking = await draftWith(begin(viewer.accessToken), viewer.accessToken);
    expect(looking.connection.getStatus()).toMatchObject({ state: 'connected', readOnly: true });

    const refused = begin('nothing');
    await refused.answered;
    const again = await draftWith(refused);
    await expect.poll(() => again.connection.getStatus().state, patient).toBe('connected');
    expect(again.store.getNode('message')?.title).toBe('Bia');
  });

  it('is opened anew once it reads otherwise than at the server, because somebody took an id that it was about to use', async () => {
    const id = await hire();
    const updates = memory();
    let signedIn: string | null = owner.accessToken;
    const openIt = async (compared?: DraftSettings['compared']) => {
      const draft = await openDraft(id, {
        ...settings(),
        token: async () => signedIn,
        updates,
        ...(compared && { compared }),
      });
      open.push(() => draft.close());
      return draft;
    };
    const heard: boolean[] = [];
    const ana = await openIt((alike) => (heard.push(alike), alike ? 'goOn' : 'end'));
    const looking = await openIt();
    await expect.poll(() => ana.connection.getStatus(), patient).toMatchObject({ state: 'connected', saved: true });
    // Each hears soon after they came that both read the same.
    await expect.poll(() => heard, patient).toContain(true);
    expect(heard).not.toContain(false);

    signedIn = null;
    server.app.websocketServer.clients.forEach((client) => client.terminate());
    await expect.poll(() => ana.connection.getStatus().state, patient).toBe('signedOut');
    const hostile = await join(id);
    const before = Y.decodeStateVector(Y.encodeStateVector(ana.doc));
    setNoteOf(ana.doc, 'message', 'Ana', '');
    const [taken] = [...Y.decodeStateVector(Y.encodeStateVector(ana.doc)).keys()].filter(
      (client) => !before.has(client) && client !== ana.doc.clientID,
    );
    expect(taken).toBeDefined();
    const theirs = updateThat(hostile.doc, (doc) => {
      doc.clientID = taken ?? 0;
      (nodesOf(doc).get('message') as Y.Map<unknown>).set('note', 'Outra coisa');
    });
    Y.applyUpdate(hostile.doc, theirs);
    await expect.poll(async () => (await draftOf(id)).nodes[0].note, patient).toBe('Outra coisa');

    signedIn = owner.accessToken;
    for (const { connection } of [ana, looking]) connection.retry();
    await expect.poll(() => ana.connection.getStatus().state, patient).toBe('astray');
    expect([ana.store.getNode('message')?.note, updates.kept.size]).toEqual(['Ana', 0]);
    const again = await openIt();
    await expect.poll(() => again.connection.getStatus().state, patient).toBe('connected');
    for (const { store } of [again, looking])
      await expect.poll(async () => store.getSnapshot().definition, patient).toEqual(await draftOf(id));
    expect(looking.connection.getStatus()).toMatchObject({ state: 'connected', saved: true });
  });

  it('is opened anew when somebody took its own id while it was away, whether or not they are still there', async () => {
    const id = await hire();
    const bia = await colleague('admin');
    let signedIn: string | null = owner.accessToken;
    for (const stays of [false, true]) {
      signedIn = owner.accessToken;
      const updates = memory();
      const ana = await openDraft(id, { ...settings(), token: async () => signedIn, updates, takenForMs: 300 });
      open.push(() => ana.close());
      const status = () => ana.connection.getStatus();
      await expect.poll(status, patient).toMatchObject({ state: 'connected', saved: true });
      const { clientID } = ana.doc;
      // While she is here nobody edits as her, although she has not edited yet.
      const thief = await join(id);
      const forge = (title: string) =>
        updateThat(thief.doc, (doc) => {
          doc.clientID = clientID;
          for (const letter of title) (nodesOf(doc).get('message') as Y.Map<unknown>).set('note', letter);
        });
      const early = await dial(id);
      early.socket.send(say.update(forge('x')));
      expect(await early.closed).toBe(closeCodes.taken);
      expect(status().state).toBe('connected');

      signedIn = null;
      server.app.websocketServer.clients.forEach((client) => client.terminate());
      await expect.poll(() => status().state, patient).toBe('signedOut');
      for (const note of ['a', 'ab', 'abc']) setConfig(ana.doc, 'message', 'greeting', note);
      // Nor does anybody else while she is away.
      const other = await dial(id, bia);
      other.socket.send(say.update(forge('y')));
      expect(await other.closed).toBe(closeCodes.taken);
      const late = await dial(id);
      late.socket.send(say.update(forge('zz')));
      await expect.poll(async () => (await draftOf(id)).nodes[0].note, patient).toBe('z');
      if (!stays) {
        late.socket.close();
        await late.closed;
      }
      signedIn = owner.accessToken;
      ana.connection.retry();
      await expect.poll(() => status().state, patient).toBe('astray');
      expect(updates.kept.size).toBe(0);
      ana.close();
      const again = await openDraft(id, { ...settings(), updates });
      open.push(() => again.close());
      await expect.poll(() => again.store.getSnapshot().definition, patient).toEqual(await draftOf(id));
      expect(again.connection.getStatus()).toMatchObject({ state: 'connected', saved: true });
      late.socket.terminate();
    }
  });

  it('is opened anew when it did what no draft takes, and does not send it for ever', async () => {
    const id = await hire();
    const updates = memory();
    const patienceMs = 300;
    const ana = await openDraft(id, { ...settings(), updates, patienceMs });
    open.push(() => ana.close());
    await expect.poll(() => ana.connection.getStatus().state, patient).toBe('connected');
    ana.doc.getMap('elsewhere').set('a', 1);
    await expect.poll(() => ana.connection.getStatus().state, patient).toBe('astray');
    setNoteOf(ana.doc, 'message', 'typed until she sees it', '');
    // Whatever was waiting until the server is slow is over when a wait as long that began later is.
    await new Promise((over) => setTimeout(over, patienceMs));
    expect(updates.kept.size).toBe(0);
  });

  it('comes back while the server still believes in the connection that it lost', async () => {
    const id = await hire();
    const sockets: WebSocket[] = [];
    const Known = class extends WebSocket {
      constructor(at: string) {
        super(at, { autoPong: sockets.length > 0 });
        sockets.push(this);
      }
      override close(code?: number): void {
        if (this !== sockets[0]) super.close(code);
      }
    } as unknown as SocketConstructor;
    const ana = await openDraft(id, { ...settings(), updates: memory(), WebSocket: Known });
    open.push(
      () => ana.close(),
      () => sockets[0]?.terminate(),
    );
    await expect.poll(() => ana.connection.getStatus().state, patient).toBe('connected');
    setTitle(ana.doc, 'message', 'Antes');
    await expect.poll(() => ana.connection.getStatus().saved, patient).toBe(true);
    // Her network is another one now: nothing of it reaches the other end.
    const [lost] = sockets;
    (lost as unknown as { onclose: (event: object) => void }).onclose({ code: 1006 });
    setTitle(ana.doc, 'message', 'Depois');
    // Long before the server would look after it by itself, which it does every 25 s.
    await expect
      .poll(() => ana.connection.getStatus(), { ...patient, timeout: 20_000 })
      .toMatchObject({ state: 'connected', saved: true });
    expect((await draftOf(id)).nodes[0].title).toBe('Depois');
  });

  it('hears that it may only look, that it may not at all, and that the department is gone', async () => {
    const id = await hire();
    const viewer = await colleague('viewer');
    const looking = await openDraft(id, { ...settings(), token: async () => viewer.accessToken, updates: memory() });
    open.push(() => looking.close());
    await expect
      .poll(() => looking.connection.getStatus(), patient)
      .toMatchObject({ state: 'connected', readOnly: true });
    const working = await openDraft(id, { ...settings(), updates: memory() });
    open.push(() => working.close());
    await expect.poll(() => working.connection.getStatus().state, patient).toBe('connected');
    expect((await server.call('DELETE', `/departments/${id}`, { as: owner })).status).toBe(204);
    await expect.poll(() => working.connection.getStatus().state, patient).toBe('gone');
    await expect.poll(() => looking.connection.getStatus().state, patient).toBe('gone');
    const rows = await server.db.engine.query('select 1 from draft_updates where department_id = $1', [id]);
    expect(rows.rows).toEqual([]);
  });
});

describe('who is not let in', () => {
  it('without a good token, of another organization, or limited to other departments', async () => {
    const [id, other] = [await hire(), await hire()];
    const stranger = await server.register('Outra');
    const limited = await colleague('admin', [other]);
    expect(await refusalOf(address, id, 'nothing')).toBe(401);
    expect(await refusalOf(address, id, stranger.accessToken)).toBe(404);
    expect(await refusalOf(address, randomUUID(), owner.accessToken)).toBe(404);
    expect(await refusalOf(address, id, limited.accessToken)).toBe(404);
    expect(nodesOf((await join(other, limited)).doc).size).toBeGreaterThan(0);
  });

  it('any more once the token is over, whatever is sent to the end', async () => {
    const id = await hire();
    const claims = JSON.parse(Buffer.from(owner.accessToken.split('.')[1] ?? '', 'base64url').toString());
    const { id: kid, privateKey } = server.keys.current();
    const ana = await join(id);
    // A busy machine may come to use it only when it is over: the next one lives longer.
    type Brief = { readonly brief: string; readonly ending: Awaited<ReturnType<typeof joinDraft>> };
    const joined = async (seconds: number): Promise<Brief> => {
      expect(seconds).toBeLessThan(60);
      const brief = await new SignJWT({ ...claims, exp: Math.floor(Date.now() / 1_000) + seconds })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
        .sign(privateKey);
      return joinDraft(address, id, brief).then(
        (ending) => ({ brief, ending }),
        () => joined(2 * seconds),
      );
    };
    const { brief, ending } = await joined(3);
    open.push(() => ending.leave());
    expect(await ending.closed).toBe(closeCodes.sessionOver);
    // What is done afterwards stays with whoever did it.
    setTitle(ending.doc, 'message', 'depois do fim');
    setTitle(ana.doc, 'message', 'Ana');
    await expect.poll(async () => (await draftOf(id)).nodes[0].title, patient).toBe('Ana');
    expect(await refusalOf(address, id, brief)).toBe(401);
  });

  it('looks only, whatever it sends', async () => {
    const id = await hire();
    const viewer = await colleague('viewer');
    const [ana, looking] = [await join(id), await dial(id, viewer)];
    const before = Y.encodeStateAsUpdate(ana.doc);
    const heard: unknown[] = [];
    ana.provider.awareness.on('change', () => heard.push([...ana.provider.awareness.getStates().keys()]));
    const evil = updateThat(ana.doc, (doc) => setTitle(doc, 'message', 'evil'));
    looking.socket.send(say.missing(evil));
    looking.socket.send(say.update(evil));
    looking.socket.send(say.presence(7, 1, '{"cursor":{"x":1,"y":1}}'));
    // What the server says next it says after those.
    looking.socket.send(say.state(new Uint8Array([0])));
    await expect.poll(() => looking.received.length, patient).toBeGreaterThan(1);
    expect([Y.encodeStateAsUpdate(ana.doc), heard]).toEqual([before, []]);
    expect((await draftOf(id)).nodes[0].title).not.toBe('evil');
  });

  it('any more is sent away: the member who was removed, and the editor who only looks now', async () => {
    const id = await hire();
    const [leaving, lowered] = [await colleague('admin'), await colleague('admin')];
    const [first, second] = [await join(id, leaving), await join(id, lowered)];
    const remove = await server.call('DELETE', `/organizations/current/members/${leaving.user.id}`, { as: owner });
    expect(remove.status).toBeLessThan(300);
    expect(await first.closed).toBe(closeCodes.sessionOver);
    const lower = await server.call('PATCH', `/organizations/current/members/${lowered.user.id}`, {
      as: owner,
      body: { role: 'viewer' },
    });
    expect(lower.status).toBe(204);
    expect(await second.closed).toBe(closeCodes.sessionOver);
  });

  it('only any more comes in anew and edits: the viewer who became an admin', async () => {
    const id = await hire();
    const raised = await colleague('viewer');
    const looking = await join(id, raised);
    await server.call('PATCH', `/organizations/current/members/${raised.user.id}`, {
      as: owner,
      body: { role: 'admin' },
    });
    expect(await looking.closed).toBe(closeCodes.sessionOver);
    const editing = await join(id, raised);
    setTitle(editing.doc, 'message', 'Agora eu também');
    await expect.poll(async () => (await draftOf(id)).nodes[0].title, patient).toBe('Agora eu também');
  });
});

describe('what cannot be taken ends the connection and nothing else', () => {
  const varUints = (...values: number[]) =>
    encoding.encode((encoder) => values.forEach((value) => encoding.writeVarUint(encoder, value)));
  /** As many parts as it says, each a GC struct of length 1. */
  const manyStructs = (count: number) =>
    encoding.encode((encoder) => {
      for (const value of [1, count, 4_711, 0]) encoding.writeVarUint(encoder, value);
      for (let index = 0; index < count; index += 1) {
        encoding.writeUint8(encoder, 0);
        encoding.writeVarUint(encoder, 1);
      }
      encoding.writeVarUint(encoder, 0);
    });
  const deep = (levels: number) =>
    updateThat(new Y.Doc(), (doc) =>
      doc.transact(() => {
        let at = new Y.Map<unknown>();
        doc.getMap('nodes').set('x', at);
        for (let level = 0; level < levels; level += 1) {
          const next = new Y.Map<unknown>();
          at.set('d', next);
          at = next;
        }
      }),
    );
  const elsewhere = () => updateThat(new Y.Doc(), (doc) => doc.getMap('elsewhere').set('a', 1));
  const xml = () => updateThat(new Y.Doc(), (doc) => doc.getMap('nodes').set('a', new Y.XmlElement('script')));
  const subdocument = () => updateThat(new Y.Doc(), (doc) => doc.getMap('nodes').set('a', new Y.Doc()));
  const withGap = () => {
    const doc = new Y.Doc();
    doc.getMap('nodes').set('a', 1);
    const vector = Y.encodeStateVector(doc);
    doc.getMap('nodes').set('b', 1);
    return Y.encodeStateAsUpdate(doc, vector);
  };
  const good = () => updateThat(new Y.Doc(), (doc) => doc.getMap('nodes').set('a', new Y.Map([['type', 'x']])));

  it.each<[string, () => Uint8Array]>([
    ['no message', () => new Uint8Array([250, 1, 2])],
    ['nothing', () => new Uint8Array(0)],
    ['an unknown step', () => varUints(0, 9, 0)],
    ['noise as an update', () => say.update(new Uint8Array(500).map((_, at) => (at * 7_919) % 256))],
    ['half an update', () => say.update(good().slice(0, -4))],
    ['an update with something behind it', () => say.update(new Uint8Array([...good(), 1, 2, 3]))],
    ['an update in the next format', () => say.update(Y.convertUpdateFormatV1ToV2(good()))],
    ['a kind of content that is not known', () => say.update(varUints(1, 1, 5, 0, 11, 1, 1, 0))],
    ['10 MB', () => say.update(new Uint8Array(10_000_000))],
    ['a million parts', () => say.update(manyStructs(1_000_000))],
    ['a million parts that are not there', () => say.update(varUints(1, 1_000_000, 5, 0))],
    ['a list of 2^53 values', () => say.update(varUints(1, 1, 5, 0, 8, 1, 5, Number.MAX_SAFE_INTEGER))],
    ['a root that drafts have not', () => say.update(elsewhere())],
    ['rich text', () => say.update(xml())],
    ['a document in the document', () => say.update(subdocument())],
    ['a nest of 5,000 maps', () => say.update(deep(5_000))],
    ['an edit whose beginning is missing', () => say.update(withGap())],
    ['1 MB of presence', () => say.presence(1, 1, JSON.stringify({ x: 'x'.repeat(1_000_000) }))],
    ['presence that is no object', () => say.presence(1, 1, '[1]')],
    ['presence that is no JSON', () => say.presence(1, 1, '{')],
    ['presence nested 20,000 deep', () => say.presence(1, 1, `{"cursor":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)],
    ['no state vector', () => say.state(new Uint8Array([255, 255, 255]))],
  ])('%s', async (_what, message) => {
    const id = await shared();
    const witness = await join(id);
    const before = Y.encodeStateAsUpdate(witness.doc);
    const hostile = await dial(id);
    hostile.socket.send(message());
    expect(await hostile.closed).toBeGreaterThan(1_000);
    setTitle(witness.doc, 'message', `Depois ${randomUUID()}`);
    const title = readDefinition(witness.doc).definition.nodes[0]?.title;
    await expect.poll(async () => (await draftOf(id)).nodes[0].title, patient).toBe(title);
    expect(before.length).toBeGreaterThan(0);
    expect(witness.provider.wsconnected).toBe(true);
  });

  let department: string | undefined;
  const shared = async () => (department ??= await hire());

  it('10,000 messages a second', async () => {
    const id = await shared();
    const [witness, hostile] = [await join(id), await dial(id)];
    const one = say.presence(77, 1, '{}');
    for (let index = 0; index < 10_000; index += 1) hostile.socket.send(one);
    expect(await hostile.closed).toBe(closeCodes.tooMany);
    expect(witness.provider.wsconnected).toBe(true);
  });

  it('parts that claim neighbours far apart, which would take a minute to place', async () => {
    const hostile = await dial(await hire());
    const { doc, update } = farApart(2_000);
    hostile.socket.send(say.update(Y.encodeStateAsUpdate(doc)));
    hostile.socket.send(say.update(update));
    expect(await hostile.closed).toBe(closeCodes.tooMany);
  });

  it('20,000 pings', async () => {
    const hostile = await dial(await shared());
    for (let index = 0; index < 20_000; index += 1) hostile.socket.ping();
    expect(await hostile.closed).toBeGreaterThan(1_000);
  });

  it('but a hostile shape is taken, and breaks neither the room nor publishing', async () => {
    const id = await hire();
    const [witness, hostile] = [await join(id), await join(id)];
    hostile.doc.transact(() => {
      const nodes = nodesOf(hostile.doc);
      nodes.set('__proto__', new Y.Array());
      nodes.set('constructor', 'x');
      nodes.set('text', 'no node');
      (nodes.get('message') as Y.Map<unknown>).set('__proto__', { polluted: true });
      (nodes.get('message') as Y.Map<unknown>).set('evil', [1, 2]);
      edgesOf(hostile.doc).set('nothing', 7);
    });
    await expect.poll(() => nodesOf(witness.doc).has('text'), patient).toBe(true);
    expect((await server.call('POST', `/departments/${id}/publish`, { as: owner })).status).toBe(201);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    nodesOf(hostile.doc).set('half', new Y.Map([['config', 7]] as never));
    await expect.poll(() => nodesOf(witness.doc).has('half'), patient).toBe(true);
    const answer = await server.call('POST', `/departments/${id}/publish`, { as: owner });
    expect(answer.status).toBe(422);
    expect(answer.body.problems).toContainEqual(expect.objectContaining({ nodeId: 'half', severity: 'error' }));
  });
});
