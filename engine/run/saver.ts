import type { RunnableConfig } from '@langchain/core/runnables';
import {
  BaseCheckpointSaver,
  TASKS,
  WRITES_IDX_MAP,
  maxChannelVersion,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  type PendingWrite,
} from '@langchain/langgraph-checkpoint';
import type { Pool } from 'pg';
import { openState, sealState } from '#db/sealing/runRecords.js';
import type { VaultOf } from '#db/sealing/vault.js';
import { isJson } from './json.js';
import type { Journal } from './journal.js';
import {
  asKeyframe,
  assemble,
  difference,
  orderWrites,
  type Head,
  type StoredCheckpoint,
  type StoredWrites,
} from './storedCheckpoint.js';

interface CheckpointRow {
  readonly organization: string;
  readonly thread: string;
  readonly ns: string;
  readonly id: string;
  readonly parent: string | null;
  readonly keyframe: boolean;
  readonly data: Buffer;
}
interface WriteRow {
  readonly organization: string;
  readonly thread: string;
  readonly ns: string;
  readonly checkpoint: string;
  readonly task: string;
  readonly path: string;
  readonly data: Buffer;
}

/** What we read of LangGraph's `configurable`. */
interface Place {
  readonly thread: string | undefined;
  readonly ns: string;
  readonly checkpoint: string | null;
  readonly organization: string;
  /** The run was just created and has no checkpoint: saves asking. Never set for a run that ran before. */
  readonly fresh: boolean;
  /** Whether the run rests with this checkpoint and will be resumed from it: one that has ended, or begins again, never asks for it. */
  readonly rests: boolean;
}

const NO_ORGANIZATION = '00000000-0000-0000-0000-000000000000';
/** Heads kept in memory; a miss only costs bytes. */
const MAX_HEADS = 20_000;
/** First byte of stored data: how the rest is written. */
const PLAIN = 1;
const TYPED_JSON = 2;
const TYPED_BYTES = 3;

const columns = 'organization_id as organization, thread, ns, id, parent, keyframe, data';
const writeColumns = 'organization_id as organization, thread, ns, checkpoint, task, path, data';

function placeOf(config: RunnableConfig): Place {
  const configurable: Record<string, unknown> = config.configurable ?? {};
  const text = (key: string): string | undefined => {
    const value = configurable[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    thread: text('thread_id'),
    ns: text('checkpoint_ns') ?? '',
    checkpoint: text('checkpoint_id') ?? null,
    organization: text('organization_id') ?? NO_ORGANIZATION,
    fresh: configurable['fresh'] === true,
    rests: typeof configurable['rests'] !== 'function' || configurable['rests']() === true,
  };
}

/**
 * LangGraph's checkpoints through the journal: a run's thread is its id. Stores differences with a keyframe every 32; versions are unique
 * fractions, so that forks never collide. Passes LangGraph's conformance suite.
 */
export class JournalSaver extends BaseCheckpointSaver<number> {
  readonly #pool: Pool;
  readonly #journal: Journal;
  readonly #vaultOf: VaultOf;
  readonly #heads = new Map<string, Head>();

  /** @param vaultOf opens what the journal sealed */
  constructor(pool: Pool, journal: Journal, vaultOf: VaultOf) {
    super();
    this.#pool = pool;
    this.#journal = journal;
    this.#vaultOf = vaultOf;
  }

  async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const { thread, ns, checkpoint: parent, organization, rests } = placeOf(config);
    if (thread === undefined) throw new Error('thread_id is required');
    if (!rests) return { configurable: { thread_id: thread, checkpoint_ns: ns, checkpoint_id: checkpoint.id } };
    const key = `${thread}\n${ns}`;
    const { stored, head } = difference(parent, this.#heads.get(key), checkpoint, metadata, newVersions);
    this.#remember(key, head);
    const data = await this.#encode(stored);
    const entry = { ns, id: checkpoint.id, parent, keyframe: stored.k, data };
    await this.#journal.add({ kind: 'checkpoint', run: thread, organization, ...entry });
    return { configurable: { thread_id: thread, checkpoint_ns: ns, checkpoint_id: checkpoint.id } };
  }

  async putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string, taskPath = ''): Promise<void> {
    const { thread, ns, checkpoint, organization, rests } = placeOf(config);
    if (thread === undefined || checkpoint === null) throw new Error('thread_id and checkpoint_id are required');
    if (!rests) return;
    const rows = writes.map(([channel, value], index) => [WRITES_IDX_MAP[channel] ?? index, channel, value]);
    const data = await this.#encode(rows);
    const entry = { ns, checkpoint, task: taskId, path: taskPath, data };
    await this.#journal.add({ kind: 'writes', run: thread, organization, ...entry });
  }

  async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const { thread, ns, checkpoint, fresh } = placeOf(config);
    if (fresh || thread === undefined) return undefined;
    const { rows } = await this.#pool.query<CheckpointRow>({
      name: 'saver:tuple',
      text: `with recursive chain as (
          (select ${columns}, 0 as depth from platform.checkpoints where thread = $1 and ns = $2 and ($3::text is null or id = $3) order by id desc limit 1)
          union all
          select p.organization_id, p.thread, p.ns, p.id, p.parent, p.keyframe, p.data, c.depth + 1 from chain c
            join platform.checkpoints p on p.thread = $1 and p.ns = $2 and p.id = c.parent where not c.keyframe)
        select * from chain order by depth`,
      values: [thread, ns, checkpoint],
    });
    const [own] = rows;
    if (!own) return undefined;
    const writes = await this.#pool.query<WriteRow>({
      name: 'saver:writes',
      text: `select ${writeColumns} from platform.checkpoint_writes where thread = $1 and ns = $2 and checkpoint = any($3) order by seq`,
      values: [thread, ns, own.parent === null ? [own.id] : [own.id, own.parent]],
    });
    const tuple = await this.#assemble(own, new Map(rows.map((row) => [row.id, row])), writes.rows);
    const { channel_versions: cv, versions_seen: vs } = tuple.checkpoint;
    this.#remember(`${thread}\n${ns}`, { id: own.id, depth: rows.length - 1, cv: { ...cv }, vs: { ...vs } });
    return tuple;
  }

  /** Newest first. Reads the whole thread: for people and tests, not for the path of a run. */
  async *list(config: RunnableConfig, options: CheckpointListOptions = {}): AsyncGenerator<CheckpointTuple> {
    const { thread, checkpoint } = placeOf(config);
    const ns: unknown = config.configurable?.['checkpoint_ns'];
    const values = [thread ?? null, typeof ns === 'string' ? ns : null];
    const { rows } = await this.#pool.query<CheckpointRow>(
      `select ${columns} from platform.checkpoints where ($1::text is null or thread = $1) and ($2::text is null or ns = $2) order by id desc`,
      values,
    );
    const { rows: writes } = await this.#pool.query<WriteRow>(
      `select ${writeColumns} from platform.checkpoint_writes
       where ($1::text is null or thread = $1) and ($2::text is null or ns = $2) order by seq`,
      values,
    );
    const byThread = new Map<string, Map<string, CheckpointRow>>();
    for (const row of rows) {
      const key = `${row.thread}\n${row.ns}`;
      byThread.set(key, (byThread.get(key) ?? new Map<string, CheckpointRow>()).set(row.id, row));
    }
    const before: unknown = options.before?.configurable?.['checkpoint_id'];
    let left = options.limit ?? Infinity;
    for (const row of rows) {
      if (left <= 0) return;
      if (checkpoint !== null && row.id !== checkpoint) continue;
      if (typeof before === 'string' && row.id >= before) continue;
      const tuple = await this.#assemble(row, byThread.get(`${row.thread}\n${row.ns}`) ?? new Map(), writes);
      const metadata = new Map<string, unknown>(Object.entries(tuple.metadata ?? {}));
      const wanted = Object.entries(options.filter ?? {});
      if (wanted.some(([key, value]) => JSON.stringify(metadata.get(key)) !== JSON.stringify(value))) continue;
      left -= 1;
      yield tuple;
    }
  }

  async deleteThread(threadId: string): Promise<void> {
    this.#forget(threadId);
    await this.#pool.query({
      name: 'saver:delete',
      text: `with gone as (delete from platform.checkpoints where thread = $1) delete from platform.checkpoint_writes where thread = $1`,
      values: [threadId],
    });
  }

  /** Keeps what a resume needs: the latest checkpoint of each namespace, as a keyframe, and its writes. */
  async prune(threadId: string): Promise<void> {
    const { rows } = await this.#pool.query<{ ns: string; organization: string }>(
      'select distinct ns, organization_id as organization from platform.checkpoints where thread = $1',
      [threadId],
    );
    for (const { ns, organization } of rows) {
      const tuple = await this.getTuple({ configurable: { thread_id: threadId, checkpoint_ns: ns } });
      if (!tuple) continue;
      const whole = await this.#encode(asKeyframe(tuple.checkpoint, tuple.metadata));
      await this.#pool.query(
        `with kept as (update platform.checkpoints set keyframe = true, data = $4 where thread = $1 and ns = $2 and id = $3),
          gone as (delete from platform.checkpoints where thread = $1 and ns = $2 and id <> $3)
        delete from platform.checkpoint_writes where thread = $1 and ns = $2 and checkpoint <> $3`,
        [threadId, ns, tuple.checkpoint.id, sealState(await this.#vaultOf(organization), whole)],
      );
    }
    this.#forget(threadId);
  }

  async #assemble(
    row: CheckpointRow,
    byId: ReadonlyMap<string, CheckpointRow>,
    writes: readonly WriteRow[],
  ): Promise<CheckpointTuple> {
    const chain: StoredCheckpoint[] = [];
    let at: CheckpointRow | undefined = row;
    while (at) {
      // Written by `put`, which stores nothing else.
      chain.unshift((await this.#decode(at)) as StoredCheckpoint);
      at = at.keyframe || at.parent === null ? undefined : byId.get(at.parent);
    }
    const checkpoint = assemble(row.id, chain);
    const pending = async (id: string): Promise<CheckpointPendingWrite[]> => {
      const own = writes.filter(
        (write) => write.thread === row.thread && write.ns === row.ns && write.checkpoint === id,
      );
      const decoded = own.map(async (row) => {
        return { task: row.task, path: row.path, writes: (await this.#decode(row)) as StoredWrites };
      });
      return orderWrites(await Promise.all(decoded));
    };
    if (checkpoint.v < 4 && row.parent !== null) {
      // Older checkpoints kept their sends among the parent's writes (LangGraph's own migration does the same).
      const sends = (await pending(row.parent)).filter(([, channel]) => channel === TASKS).map(([, , value]) => value);
      const versions = Object.values(checkpoint.channel_versions);
      checkpoint.channel_values[TASKS] = sends;
      checkpoint.channel_versions[TASKS] =
        versions.length > 0 ? maxChannelVersion(...versions) : this.getNextVersion(undefined);
    }
    const place = { thread_id: row.thread, checkpoint_ns: row.ns };
    const parentConfig = row.parent === null ? undefined : { configurable: { ...place, checkpoint_id: row.parent } };
    return {
      config: { configurable: { ...place, checkpoint_id: row.id } },
      checkpoint,
      metadata: chain.at(-1)?.m as CheckpointMetadata,
      ...(parentConfig && { parentConfig }),
      pendingWrites: await pending(row.id),
    };
  }

  #remember(key: string, head: Head): void {
    this.#heads.delete(key);
    this.#heads.set(key, head);
    if (this.#heads.size <= MAX_HEADS) return;
    const [oldest] = this.#heads.keys();
    if (oldest !== undefined) this.#heads.delete(oldest);
  }

  #forget(thread: string): void {
    this.#heads.delete(`${thread}\n`);
    for (const key of this.#heads.keys()) if (key.startsWith(`${thread}\n`)) this.#heads.delete(key);
  }

  async #encode(value: unknown): Promise<Buffer> {
    // Plain JSON is read back by `JSON.parse` alone: data that looks like one of LangChain's serialized objects stays data.
    // The wrapping of a checkpoint is a few levels deep and does not count against a value's depth.
    if (isJson(value, -20, { left: Number.POSITIVE_INFINITY }))
      return Buffer.concat([Buffer.of(PLAIN), Buffer.from(JSON.stringify(value))]);
    const [type, bytes] = await this.serde.dumpsTyped(value);
    return Buffer.concat([Buffer.of(type === 'json' ? TYPED_JSON : TYPED_BYTES), bytes]);
  }

  async #decode(row: { readonly organization: string; readonly data: Buffer }): Promise<unknown> {
    const data = openState(await this.#vaultOf(row.organization), row.data);
    if (data[0] === PLAIN) return JSON.parse(data.toString('utf8', 1));
    if (data[0] === TYPED_JSON) return this.serde.loadsTyped('json', data.toString('utf8', 1));
    return this.serde.loadsTyped('bytes', data.subarray(1));
  }
}
