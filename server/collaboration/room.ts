import { createHash } from 'node:crypto';
import * as Y from 'yjs';
import type { Definition } from '#engine/graph/definition.js';
import { fingerprint } from '#engine/graph/document/fingerprint.js';
import { edgesOf, nodesOf, readDefinition, settingsOf } from '#engine/graph/document/shape.js';
import { leftoversOf, tidy } from '#engine/graph/document/tidy.js';
import { Changes } from './changes.js';
import { Refused, type CloseReason } from './closeCodes.js';
import { Gate } from './gate.js';
import { inspectUpdate } from './inspect.js';
import type { DraftLog, Loaded, LoggedUpdate } from './log.js';
import type { Member } from './member.js';
import {
  encodePresence,
  presenceMessage,
  readPresence,
  shownMessage,
  updateMessage,
  type PresenceEntry,
} from './messages.js';
import { Presence } from './presence.js';
import type { Relay } from './relay.js';

export interface RoomDeps {
  readonly log: DraftLog;
  readonly relay: Relay;
  readonly onError: (error: unknown, what: string) => void;
}

/** Bytes of edits that a draft may come to: many times what the largest definition takes. */
const MOST_BYTES = 24_000_000;
/** How soon what was edited is also in `departments.draft`, and everybody hears what it reads, in milliseconds. */
const KNOWN_AFTER_MS = 2_000;

/** One author of an edit; `null` is the platform. */
class Edit {
  constructor(
    readonly author: string | null,
    readonly member: Member | null,
  ) {}
}

/**
 * A draft that is open here. An edit goes to disk first and only then into the document and to the others: what anybody sees, and what is
 * acknowledged, is kept.
 */
export class Room {
  readonly doc = new Y.Doc();
  readonly members = new Set<Member>();
  readonly presence: Presence;
  readonly organizationId: string;
  readonly #changes = new Changes();
  readonly #stopListening: () => void;
  readonly #gate = new Gate(this.doc, (member) => this.members.has(member));
  /** All edits up to this number are in the document. */
  #applied = 0;
  #bytes = 0;
  #known: number;
  #pending = 0;
  #timer: NodeJS.Timeout | null = null;
  #comparing: NodeJS.Timeout | null = null;
  #catching: Promise<void> | null = null;
  #closed = false;
  #whole: Uint8Array | null = null;
  /** Whether something happened after which edges or nodes may hang in the air. */
  #mayLeave = false;

  constructor(
    readonly departmentId: string,
    loaded: Loaded,
    readonly deps: RoomDeps,
  ) {
    this.organizationId = loaded.organizationId;
    this.#known = loaded.known;
    this.presence = new Presence((entries, local) => {
      this.#tell(presenceMessage(entries), null);
      if (local.length > 0) deps.relay.publish(departmentId, { kind: 'presence', bytes: encodePresence(local) });
    });
    // From here on they are maps, whatever arrives first.
    for (const root of [nodesOf, edgesOf, settingsOf]) root(this.doc);
    this.doc.on('afterTransaction', (transaction) => {
      const { origin } = transaction;
      this.#whole = null;
      if (!(origin instanceof Edit)) return;
      if (origin.author) this.#changes.note(this.doc, transaction, origin.author);
      this.#mayLeave ||= origin.member !== null && touchesStructure(this.doc, transaction);
    });
    const read = loaded.updates.filter((update) => this.#take(update));
    const [only] = loaded.updates;
    if (only && loaded.updates.length === 1 && read.length === 1) this.#whole = only.update;
    this.#stopListening = deps.relay.subscribe(departmentId, (message) => {
      if (message.kind === 'gone') this.end('gone');
      else if (message.kind === 'edit')
        void this.catchUp().catch((error) => deps.onError(error, 'an edit of another process'));
      else for (const entry of readPresence(message.bytes)) this.presence.put(entry, false);
    });
    if (this.#applied > this.#known) this.#scheduleKnow();
  }

  get isIdle(): boolean {
    return this.members.size === 0 && this.#pending === 0;
  }

  /** The draft as one update. As it stands on disk, if nothing came since: many open it, few change it. */
  get whole(): Uint8Array {
    return (this.#whole ??= Y.encodeStateAsUpdate(this.doc));
  }

  /** Takes an edit of a connection, once it has been looked through. Settles when it is on disk and with everybody. Throws `Refused`. */
  async submit(update: Uint8Array, author: string, member: Member): Promise<void> {
    const inspected = inspectUpdate(update);
    if (inspected.isEmpty) return;
    // Another process may have stored what it builds on.
    if (this.#gate.lacks(inspected)) await this.catchUp();
    this.#gate.admit(inspected, member);
    if (this.#bytes + update.length > MOST_BYTES) throw new Refused('tooLarge', 'the draft is full');
    this.#gate.expect(inspected);
    await this.#store(update, new Edit(author, member));
    await this.#tidy();
  }

  /** Changes the draft as the platform does it for somebody, with as little change as possible. */
  async change(author: string | null, perform: (doc: Y.Doc) => void): Promise<void> {
    await this.catchUp();
    const update = changeOf(this.doc, perform);
    if (update) await this.#store(update, new Edit(author, null));
  }

  async #store(update: Uint8Array, edit: Edit): Promise<void> {
    this.#pending += 1;
    this.#bytes += update.length;
    try {
      const number = await this.deps.log.append(this.departmentId, update, edit.author);
      if (number === null) {
        this.end('gone');
        throw new Refused('gone', 'the draft is gone');
      }
      if (this.#closed) return;
      // In the order in which they are on disk, here as in every other process: of two that say different things of one id the first counts.
      if (number > this.#applied + 1) await this.catchUp();
      if (number === this.#applied + 1) {
        this.#applied = number;
        Y.applyUpdate(this.doc, update, edit);
        this.#tell(updateMessage(update), edit.member);
      } else {
        // It came with those before it.
        this.#bytes -= update.length;
        this.#mayLeave = true;
      }
      this.deps.relay.publish(this.departmentId, { kind: 'edit', number });
      this.#scheduleKnow();
    } catch (error) {
      if (error instanceof Refused) throw error;
      // What follows builds on this one: everybody comes back and compares.
      this.deps.onError(error, 'an edit was not stored');
      this.end('unavailable');
      throw new Refused('unavailable', 'the edit could not be stored');
    } finally {
      this.#pending -= 1;
      if (this.#pending === 0) this.#gate.settled();
    }
  }

  /** Takes an edit from disk. One that cannot be read is left out: the rest of the draft is worth more. */
  #take({ number, update, author }: LoggedUpdate): boolean {
    this.#applied = Math.max(this.#applied, number);
    this.#bytes += update.length;
    try {
      // What is on record already need not be written down again.
      Y.applyUpdate(this.doc, update, new Edit(number > this.#known ? author : null, null));
      return true;
    } catch (error) {
      this.deps.onError(error, `edit ${number} of draft ${this.departmentId} cannot be read`);
      return false;
    }
  }

  /** Takes over what other processes have stored. Of several at once all wait for one look that began after they asked. */
  async catchUp(): Promise<void> {
    if (this.#catching) await this.#catching;
    this.#catching ??= this.#look().finally(() => (this.#catching = null));
    await this.#catching;
  }

  async #look(): Promise<void> {
    const updates = await this.deps.log.since(this.departmentId, this.#applied);
    if (this.#closed) return;
    for (const logged of updates) {
      // Our own may have gone in meanwhile.
      if (logged.number > this.#applied && this.#take(logged)) this.#tell(updateMessage(logged.update), null);
    }
    if (this.#applied > this.#known) this.#scheduleKnow();
  }

  async #tidy(): Promise<void> {
    if (!this.#mayLeave || this.#closed) return;
    this.#mayLeave = false;
    const leftovers = leftoversOf(this.doc);
    const update = leftovers && changeOf(this.doc, (doc) => tidy(doc, leftovers));
    if (update) await this.#store(update, new Edit(null, null));
  }

  #tell(message: Uint8Array, except: Member | null): void {
    for (const member of this.members) if (member !== except) member.send(message);
  }

  #scheduleKnow(): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.know().catch((error) => this.deps.onError(error, 'a draft was not written down'));
    }, KNOWN_AFTER_MS);
  }

  /**
   * Tells everybody in a while what the draft reads here. Ids of Yjs are believed: whoever takes one that another is about to use makes two things
   * of one name, and each keeps the one that came first to them. Who sees another draft then opens it anew.
   */
  compareSoon(): void {
    if (this.#closed) return;
    this.#comparing ??= setTimeout(() => this.#compare(this.definition), KNOWN_AFTER_MS);
  }

  #compare(definition: Definition): void {
    if (this.#comparing) clearTimeout(this.#comparing);
    this.#comparing = null;
    if (this.members.size === 0) return;
    const message = shownMessage(fingerprint(definition, { hash: sha256 }));
    for (const member of this.members) member.compare(message);
  }

  get definition(): Definition {
    return readDefinition(this.doc).definition;
  }

  /** Writes the draft down as it is now, and who changed what. */
  async know(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const number = this.#applied;
    const changes = this.#changes.take();
    if (number <= this.#known && changes.length === 0) return;
    const { organizationId, departmentId, definition } = this;
    this.#compare(definition);
    try {
      await this.deps.log.know({ organizationId, departmentId, number }, definition, changes);
      this.#known = Math.max(this.#known, number);
    } catch (error) {
      this.#changes.putBack(changes);
      this.#scheduleKnow();
      throw error;
    }
  }

  leave(member: Member): void {
    this.members.delete(member);
    this.#gate.leave(member);
  }

  /** Sends everybody away and lets go of the document. */
  end(reason: CloseReason): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of [this.#timer, this.#comparing]) if (timer) clearTimeout(timer);
    this.#stopListening();
    this.presence.close();
    for (const member of this.members) member.close(reason);
    this.members.clear();
    this.doc.destroy();
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Keeps an id of Yjs for the window that shows itself under it, before anybody else hears of it. False when another has it. */
  reserve = (client: number, member: Member): boolean => this.#gate.reserve(client, member);

  release = (client: number, member: Member): void => this.#gate.release(client, member);

  /** What a window shows, from a connection here. */
  show(entry: PresenceEntry): void {
    this.presence.put(entry, true);
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function touchesStructure(doc: Y.Doc, { changed }: Y.Transaction): boolean {
  const roots: unknown[] = [nodesOf(doc), edgesOf(doc)];
  return [...changed].some(([type, keys]) => roots.includes(type) || keys.has('parentId'));
}

/** What `perform` would change, as an update; `null` when that is nothing. The document itself stays as it is. */
function changeOf(doc: Y.Doc, perform: (doc: Y.Doc) => void): Uint8Array | null {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  const updates: Uint8Array[] = [];
  copy.on('update', (update: Uint8Array) => updates.push(update));
  perform(copy);
  copy.destroy();
  return updates.length > 0 ? Y.mergeUpdates(updates) : null;
}
