import type { PGlite } from '@electric-sql/pglite';
import type { Connection, Unit } from './connection.js';
import {
  closeStatement,
  cstring,
  int32,
  message,
  messagesOf,
  readCstring,
  readRow,
  simpleQuery,
  sync,
  typeOf,
} from './protocol.js';

/** The database answered with something that is no answer, or threw: its memory cannot be trusted any more. */
export class SessionDied extends Error {}

interface Answer {
  messages: Buffer[];
  /** I idle, T in a transaction, E in a failed one; null when the batch has not ended. */
  status: 'I' | 'T' | 'E' | null;
  /** What each command says it was: `INSERT 0 1`, `SET`. */
  tags: string[];
  failed: boolean;
}

const sessionTags = new Set(['SET', 'RESET', 'DISCARD', 'DO', 'CALL']);

/** Settings the session has of its own, except those with a dot (`app.x`), which pg_settings does not list and only live in a transaction here; `role` and `session_authorization` are hidden from pg_settings. */
const readSettings = `select name, setting from pg_settings where source = 'session' and name not like 'transaction\\_%'
  union all select 'role', current_setting('role') where current_setting('role') <> 'none'
  union all select 'session_authorization', session_user::text where session_user::text <> 'postgres'`;

/** ROLLBACK as an extended batch. */
const abandon = Buffer.concat([
  message('P', cstring(''), cstring('rollback'), Buffer.alloc(2)),
  message('B', Buffer.alloc(8)),
  message('E', cstring(''), int32(0)),
  sync,
]);

/** By name, because a standalone session has no authorization of its own to reset to. */
const forget = 'set session authorization postgres; reset role; reset all';

/**
 * The one session of the embedded database, made to look like one session per connection.
 *
 * Isolation never rests on understanding SQL. A connection's settings are what the session itself reports after a command whose
 * tag says that they may have changed; before another connection's first command everything is reset, and only then are that
 * connection's own settings set. If that fails nothing of the connection runs.
 */
export class Session {
  readonly #pglite: PGlite;
  readonly #onNotification: (channel: string, bytes: Buffer) => void;
  readonly #listening = new Set<string>();
  /** The settings in force, as one string; null when nobody knows, which resets them before the next command. */
  #inForce: string | null = null;
  /** Whose unnamed statement the session holds. */
  #unnamed: Connection | null = null;

  constructor(pglite: PGlite, onNotification: (channel: string, bytes: Buffer) => void) {
    this.#pglite = pglite;
    this.#onNotification = onNotification;
  }

  /**
   * Runs one unit of a connection.
   * @param fresh whether the session is between transactions, so that the connection's settings must be put in force first
   * @returns the answer's bytes and the state it leaves; `refused` when the unit was not run and the connection must go
   */
  async run(
    unit: Unit,
    fresh: boolean,
  ): Promise<{ bytes: Buffer; status: Answer['status'] } | { refused: string; code: string }> {
    const { connection } = unit;
    if (fresh) {
      const refused = await this.#enter(connection);
      if (refused) return { refused, code: '42501' };
    }
    if (unit.needsUnnamed && this.#unnamed !== connection) {
      return { refused: 'another connection has used the unnamed prepared statement since', code: '26000' };
    }
    if (unit.parsesUnnamed) this.#unnamed = connection;
    const answer = await this.#send(
      unit.messages.length === 1 ? (unit.messages[0] ?? sync) : Buffer.concat(unit.messages),
    );
    if (unit.complete && answer.status === null) throw new SessionDied('it stopped answering');
    // Copied now: the next command may reuse the database's buffer.
    const bytes = Buffer.concat(answer.messages);
    this.#note(unit, answer);
    if (answer.status === 'I') await this.#settle(connection);
    return { bytes, status: answer.status };
  }

  /** Ends what a connection left behind: its transaction, its statements, its subscriptions. */
  async release(connection: Connection, inTransaction: boolean): Promise<void> {
    if (inTransaction) {
      // First inside a batch that may be unfinished, which a mere Sync would commit; then for one that skips all until its Sync.
      await this.#send(abandon);
      await this.#send(simpleQuery('rollback'));
      this.#unnamed = null;
      this.#inForce = null;
    }
    const names = connection.statements.names;
    if (names.length > 0) await this.#send(Buffer.concat([...names.map(closeStatement), sync]));
    if (this.#unnamed === connection) this.#unnamed = null;
    if (connection.touched) this.#inForce = null;
  }

  /** Listens to everything that any connection listens to, and to nothing else. */
  async listenTo(channels: ReadonlySet<string>): Promise<void> {
    const wanted = [...channels].filter((channel) => !this.#listening.has(channel));
    const left = [...this.#listening].filter((channel) => !channels.has(channel));
    const sql = [
      ...left.map((channel) => `unlisten ${quoteName(channel)}`),
      ...wanted.map((channel) => `listen ${quoteName(channel)}`),
    ];
    if (sql.length === 0) return;
    await this.#send(simpleQuery(sql.join(';')));
    for (const channel of left) this.#listening.delete(channel);
    for (const channel of wanted) this.#listening.add(channel);
  }

  /** Puts a connection's settings in force, if they are not; answers why they cannot be. */
  async #enter({ settings }: Connection): Promise<string | null> {
    const wanted = key(settings);
    if (this.#inForce === wanted) return null;
    this.#inForce = null;
    // A command of its own for each: one may need the rights that the next one gives up.
    const sets = ordered(settings).map(([name, value]) => `select set_config(${quote(name)}, ${quote(value)}, false)`);
    const answer = await this.#send(simpleQuery([forget, ...sets, 'select current_user'].join('; ')));
    const error = answer.messages.map(errorText).find((text) => text !== null);
    if (error !== undefined) return `its settings were refused: ${error}`;
    const rows = answer.messages.filter((part) => typeOf(part) === 'D');
    const user = rows.at(-1) && readRow(rows.at(-1) as Buffer)[0];
    if (answer.status !== 'I' || user !== userOf(settings)) throw new SessionDied(`its session is stuck as ${user}`);
    this.#inForce = wanted;
    return null;
  }

  #note({ connection, effects }: Unit, answer: Answer): void {
    const locals = effects.filter((effect) => effect.local).length;
    const sets = answer.tags.filter((tag) => sessionTags.has(tag.split(' ')[0] ?? '')).length;
    if (sets > locals || effects.some((effect) => effect.setsSession)) connection.touched = true;
    if (answer.failed) return;
    for (const effect of effects) {
      if (effect.unlisten.includes('*')) connection.channels.clear();
      for (const channel of effect.unlisten) connection.channels.delete(channel);
      for (const channel of effect.listen) connection.channels.add(channel);
      // Said again by the next `listenTo`: an UNLISTEN took it from everyone, and a rolled back LISTEN never was.
      if (effect.listen.length + effect.unlisten.length > 0) this.#listening.clear();
    }
  }

  /** After a transaction that may have changed the session's settings: asks what they are now, and remembers them as the connection's. */
  async #settle(connection: Connection): Promise<void> {
    if (!connection.touched) return;
    connection.touched = false;
    this.#inForce = null;
    const answer = await this.#send(simpleQuery(readSettings));
    const settings = new Map(connection.startup);
    for (const row of answer.messages) {
      if (typeOf(row) !== 'D') continue;
      const [name, value] = readRow(row);
      if (name && value !== null && value !== undefined) settings.set(name, value);
    }
    connection.settings = settings;
  }

  async #send(bytes: Buffer): Promise<Answer> {
    const raw = await this.#pglite.execProtocolRaw(bytes).catch((error: unknown) => {
      throw new SessionDied(reason(error), { cause: error });
    });
    const answer: Answer = { messages: [], status: null, tags: [], failed: false };
    for (const part of messagesOf(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength))) {
      const type = typeOf(part);
      if (type === 'A') {
        this.#onNotification(readCstring(part, 9)[0], Buffer.from(part));
        continue;
      }
      if (type === 'Z') answer.status = String.fromCharCode(part[5] ?? 0) as Answer['status'];
      else if (type === 'C') answer.tags.push(readCstring(part, 5)[0]);
      else if (type === 'E') answer.failed = true;
      answer.messages.push(part);
    }
    return answer;
  }
}

const key = (settings: ReadonlyMap<string, string>): string =>
  JSON.stringify([...settings].sort(([a], [b]) => (a < b ? -1 : 1)));

/** The role last: it may lack the right to set the others. */
function ordered(settings: ReadonlyMap<string, string>): [string, string][] {
  const rank = (name: string): number => (name === 'role' ? 2 : name === 'session_authorization' ? 1 : 0);
  return [...settings].sort(([a], [b]) => rank(a) - rank(b));
}

function userOf(settings: ReadonlyMap<string, string>): string {
  const role = settings.get('role') ?? 'none';
  return role === 'none' ? (settings.get('session_authorization') ?? 'postgres') : role;
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const quoteName = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** What the database ends with is not always an Error. */
const reason = (error: unknown): string =>
  String(typeof error === 'object' && error !== null && 'message' in error ? error.message : error);

function errorText(bytes: Buffer): string | null {
  if (typeOf(bytes) !== 'E') return null;
  const fields = bytes.toString('utf8', 5).split('\0');
  return fields.find((field) => field.startsWith('M'))?.slice(1) ?? null;
}
