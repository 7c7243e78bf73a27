import type * as Y from 'yjs';
import type { Database } from '#db/connect.js';
import type { Definition } from '#engine/graph/definition.js';
import { readDraft } from '#engine/graph/document/shape.js';
import { writeDefinition } from '#engine/graph/document/write.js';
import { ApiError, found } from '../errors.js';
import { createDraftLog } from './log.js';
import { localRelay, type Relay } from './relay.js';
import { Refused } from './closeCodes.js';
import { Room } from './room.js';

/** The drafts of all departments as shared documents. Whoever asks has been let in already: nothing here knows who may. */
export interface Drafts {
  /** The room of a draft, opened when it is not. Throws `not_found`; whatever else fails, nothing was changed. */
  open(departmentId: string): Promise<Room>;
  /** The room, when it is open. */
  get(departmentId: string): Room | undefined;
  /** Everything that stands in a draft, as `validate` takes it; who made it so is on record then. */
  read(departmentId: string): Promise<unknown>;
  /** Makes a draft this definition; everybody who has it open sees it. */
  write(departmentId: string, definition: Definition, author: string | null): Promise<void>;
  /** Brings `departments.draft` of these up to what their documents say. True when something was behind. */
  settle(departmentIds: readonly string[]): Promise<boolean>;
  /** The department is gone: everybody who has its draft open is sent away. */
  forget(departmentId: string): void;
  close(): Promise<void>;
}

export interface DraftsDeps {
  readonly db: Database;
  readonly relay?: Relay;
  readonly onError: (error: unknown, what: string) => void;
  /** How long a room without anybody stays open, in milliseconds. */
  readonly idleMs?: number;
}

/** Edits after which a draft's log is put together when its room closes. */
const COMPACT_FROM = 50;
const IDLE_MS = 10_000;

export function createDrafts({ db, relay = localRelay, onError, idleMs = IDLE_MS }: DraftsDeps): Drafts {
  const log = createDraftLog(db);
  const rooms = new Map<string, Room>();
  const opening = new Map<string, Promise<Room>>();
  const idleSince = new Map<string, number>();

  const load = async (departmentId: string): Promise<Room> => {
    const room = new Room(departmentId, found(await log.load(departmentId)), { log, relay, onError });
    rooms.set(departmentId, room);
    // What another process stored between the reading and the listening.
    await room.catchUp();
    return room;
  };
  const open = (departmentId: string): Promise<Room> => {
    const known = rooms.get(departmentId);
    idleSince.delete(departmentId);
    if (known && !known.isClosed && !opening.has(departmentId)) return Promise.resolve(known);
    const under = opening.get(departmentId);
    if (under) return under;
    const loading = load(departmentId).finally(() => opening.delete(departmentId));
    opening.set(departmentId, loading);
    return loading;
  };

  /** Writes down what a room has and lets it go, unless somebody came meanwhile. */
  const retire = async (room: Room): Promise<void> => {
    await room.know();
    if (!room.isIdle || !idleSince.has(room.departmentId)) return;
    rooms.delete(room.departmentId);
    idleSince.delete(room.departmentId);
    room.end('unavailable');
    await log.compact(room.departmentId, COMPACT_FROM);
  };
  const sweep = setInterval(
    () => {
      const now = Date.now();
      for (const [departmentId, room] of rooms) {
        if (room.isClosed) rooms.delete(departmentId);
        else if (!room.isIdle || opening.has(departmentId)) idleSince.delete(departmentId);
        else if (!idleSince.has(departmentId)) idleSince.set(departmentId, now);
        else if (now - (idleSince.get(departmentId) ?? now) >= idleMs)
          retire(room).catch((error) => onError(error, 'a draft was not put away'));
      }
    },
    Math.max(10, idleMs / 4),
  );
  sweep.unref();

  const change = async (departmentId: string, author: string | null, perform: (doc: Y.Doc) => void): Promise<void> => {
    const room = await open(departmentId);
    try {
      await room.change(author, perform);
    } catch (error) {
      if (error instanceof Refused)
        throw new ApiError(error.reason === 'gone' ? 'not_found' : 'unavailable', { cause: error });
      throw error;
    }
  };

  return {
    open,
    get: (departmentId) => rooms.get(departmentId),
    async read(departmentId) {
      const room = await open(departmentId);
      await room.catchUp();
      const draft = readDraft(room.doc);
      await room.know();
      return draft;
    },
    write: (departmentId, definition, author) =>
      change(departmentId, author, (doc) => writeDefinition(doc, definition)),
    async settle(departmentIds) {
      const behind = await log.unknown(departmentIds);
      for (const departmentId of behind) {
        const room = await open(departmentId);
        await room.catchUp();
        await room.know();
      }
      return behind.length > 0;
    },
    forget(departmentId) {
      rooms.get(departmentId)?.end('gone');
      rooms.delete(departmentId);
      relay.publish(departmentId, { kind: 'gone' });
    },
    async close() {
      clearInterval(sweep);
      for (const room of rooms.values()) {
        await room.know().catch((error) => onError(error, 'a draft was not written down'));
        room.end('unavailable');
      }
      rooms.clear();
      await relay.close();
    },
  };
}
