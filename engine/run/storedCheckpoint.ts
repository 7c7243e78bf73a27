import {
  compareWritesSortKeys,
  writesSortKey,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
} from '@langchain/langgraph-checkpoint';

type VersionsSeen = Record<string, ChannelVersions>;

/** How one checkpoint is stored: what differs from its parent, unless it is a keyframe, which stands by itself. Keys are short because there are many. */
export interface StoredCheckpoint {
  /** A keyframe. */
  k: boolean;
  /** `cv` and `vs` are whole rather than differences. */
  full: boolean;
  v: number;
  ts: string;
  m: unknown;
  cv: ChannelVersions;
  vs: VersionsSeen;
  /** Channel to the version it belongs to and its value; a channel without a value is absent. */
  val: Record<string, [version: number | string, value: unknown]>;
}

/** The last checkpoint of a thread that this process has seen: what the next difference is taken against. */
export interface Head {
  readonly id: string;
  /** Checkpoints between it and its keyframe. */
  readonly depth: number;
  readonly cv: ChannelVersions;
  readonly vs: VersionsSeen;
}

/** Longest chain of differences to read; the next one is a keyframe. */
export const KEYFRAME_EVERY = 32;

/** What to store of `checkpoint`, and the head it becomes. */
export function difference(
  parent: string | null,
  head: Head | undefined,
  checkpoint: Checkpoint,
  metadata: CheckpointMetadata,
  newVersions: ChannelVersions,
): { readonly stored: StoredCheckpoint; readonly head: Head } {
  const follows = head !== undefined && head.id === parent;
  const base = follows && head.depth < KEYFRAME_EVERY ? head : undefined;
  // Ends a long chain: it repeats every value, so that older rows can be pruned.
  const repeats = follows && base === undefined;
  const cv = checkpoint.channel_versions;
  const vs = checkpoint.versions_seen;
  const stored: StoredCheckpoint = {
    k: repeats || parent === null,
    full: true,
    v: checkpoint.v,
    ts: checkpoint.ts,
    m: metadata,
    cv,
    vs,
    val: {},
  };
  if (base && Object.keys(base.cv).every((key) => key in cv) && Object.keys(base.vs).every((key) => key in vs)) {
    stored.full = false;
    stored.cv = Object.fromEntries(Object.entries(cv).filter(([key, version]) => base.cv[key] !== version));
    stored.vs = Object.fromEntries(Object.entries(vs).filter(([key, seen]) => !sameVersions(base.vs[key], seen)));
  }
  const values = checkpoint.channel_values;
  for (const key of Object.keys(repeats ? values : newVersions)) {
    if (key in values) stored.val[key] = [cv[key] ?? newVersions[key] ?? 0, values[key]];
  }
  const depth = stored.k ? 0 : (base?.depth ?? 0) + 1;
  return { stored, head: { id: checkpoint.id, depth, cv: { ...cv }, vs: { ...vs } } };
}

function sameVersions(before: ChannelVersions | undefined, now: ChannelVersions): boolean {
  if (!before || Object.keys(before).length !== Object.keys(now).length) return false;
  return Object.keys(now).every((key) => before[key] === now[key]);
}

/** The checkpoint that a chain of differences, keyframe first, describes. */
export function assemble(id: string, chain: readonly StoredCheckpoint[]): Checkpoint {
  let cv: ChannelVersions = {};
  let vs: VersionsSeen = {};
  const val: StoredCheckpoint['val'] = {};
  for (const stored of chain) {
    cv = stored.full || stored.k ? { ...stored.cv } : { ...cv, ...stored.cv };
    vs = stored.full || stored.k ? { ...stored.vs } : { ...vs, ...stored.vs };
    Object.assign(val, stored.val);
  }
  const own = chain.at(-1);
  const values: Record<string, unknown> = {};
  // A value counts only for the version it was stored with: a fork that reuses a version number cannot see its sibling's value.
  for (const [key, [version, value]] of Object.entries(val)) if (cv[key] === version) values[key] = value;
  return { v: own?.v ?? 4, id, ts: own?.ts ?? '', channel_values: values, channel_versions: cv, versions_seen: vs };
}

/** A whole checkpoint as one keyframe. */
export function asKeyframe(checkpoint: Checkpoint, metadata: CheckpointMetadata | undefined): StoredCheckpoint {
  const { channel_versions: cv, versions_seen: vs, channel_values: values } = checkpoint;
  const val = Object.fromEntries(
    Object.entries(values).map(([key, value]): [string, [number | string, unknown]] => [key, [cv[key] ?? 0, value]]),
  );
  return { k: true, full: true, v: checkpoint.v, ts: checkpoint.ts, m: metadata, cv, vs, val };
}

/** Writes of one task as stored together: index, channel, value. */
export type StoredWrites = [index: number, channel: string, value: unknown][];

/**
 * Pending writes in LangGraph's order: path, task, index. Of several writes of one index the first regular one stands and the last
 * special one (error, interrupt, resume), whose index is negative.
 */
export function orderWrites(
  rows: readonly { readonly task: string; readonly path: string; readonly writes: StoredWrites }[],
): CheckpointPendingWrite[] {
  const kept = new Map<string, { path: string; task: string; index: number; channel: string; value: unknown }>();
  for (const { task, path, writes } of rows) {
    for (const [index, channel, value] of writes) {
      const key = `${task}\n${index}`;
      if (index >= 0 && kept.has(key)) continue;
      kept.set(key, { path, task, index, channel, value });
    }
  }
  return [...kept.values()]
    .sort((a, b) =>
      compareWritesSortKeys(writesSortKey(a.path, a.task, a.index), writesSortKey(b.path, b.task, b.index)),
    )
    .map((write) => [write.task, write.channel, write.value]);
}
