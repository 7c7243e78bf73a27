import type { Pool } from 'pg';
import { openBytes, openStep, storedStep, type StoredStep } from '#db/sealing/runRecords.js';
import { readPacks } from '#db/sealing/stepPacks.js';
import type { Vault } from '#db/sealing/vault.js';
import type { Plan, PlannedLevel, PlannedNode } from '#engine/compile/plan.js';
import type { Json } from '#nodes/sdk/json.js';
import { configOf } from './config.js';
import { valueOf } from './containers.js';
import type { Execution } from './execution.js';
import { flow } from './flow.js';
import type { Frame } from './frame.js';
import { parsePath, type PlacedPath } from './paths.js';
import { refusalOf } from './refusal.js';
import { runStep } from './step.js';

/** A finished step that another node undoes, now that the run fails. */
export interface Undoing {
  readonly path: string;
  readonly node: PlannedNode;
  readonly undoer: PlannedNode;
  readonly input: Json;
  readonly output: Json;
}

interface FinishedRow extends StoredStep {
  readonly path: string;
  readonly whole: Buffer | null;
}

/**
 * What the run has finished and somebody said how to undo, what was finished last first. What it recalls from another run that run did:
 * it is not this one's to undo.
 */
export async function toUndo(pool: Pool, runId: string, vault: Vault, plan: Plan): Promise<readonly Undoing[]> {
  if (plan.undoers.size === 0) return [];
  const { rows } = await pool.query<FinishedRow>({
    name: 'undo:finished',
    text: `select path, ${storedStep}, whole from platform.run_steps
      where run_id = $1 and status = 'succeeded' and compensates is null and not recalled order by finished_at desc, path desc`,
    values: [runId],
  });
  const packs = await readPacks((text, values) => pool.query(text, values), vault, runId, rows);
  return rows.flatMap((row) => {
    const { path, whole } = row;
    const node = nodeAt(plan, parsePath(path));
    const undoer = node && plan.undoers.get(node.definition.compensateWith ?? '');
    if (!node || !undoer) return [];
    const { input, output } = openStep(vault, packs, row);
    return [{ path, node, undoer, input: read(input), output: read(whole ? openBytes(vault, whole) : output) }];
  });
}

/**
 * Steps that did something outside, or may have, and did not finish: nobody heard what became of it, or they broke after it. There is nothing to give to what would undo
 * them, so that is left. Answers the paths of those undoings.
 */
export async function leftUnfinished(pool: Pool, runId: string, plan: Plan): Promise<readonly string[]> {
  if (plan.undoers.size === 0) return [];
  const { rows } = await pool.query<{ path: string }>({
    name: 'undo:unfinished',
    text: `select distinct split_part(e.key, ':', 1) as path from platform.effects e where e.run_id = $1 and e.state <> 'not_done'
        and not exists (select 1 from platform.run_steps s where s.run_id = $1 and s.path = split_part(e.key, ':', 1) and s.status = 'succeeded')
      order by path`,
    values: [runId],
  });
  return rows.flatMap(({ path }) => {
    const undoer = undoerAt(plan, path);
    return undoer ? [undoingPath({ path, undoer })] : [];
  });
}

/** Who undoes what was done at a path; `undefined` where nobody does. */
const undoerAt = (plan: Plan, path: string): PlannedNode | undefined =>
  plan.undoers.get(nodeAt(plan, parsePath(path))?.definition.compensateWith ?? '');

const read = (bytes: Buffer | null): Json => (bytes ? (JSON.parse(bytes.toString()) as Json) : null);

/** Where the undoing of a step is recorded: `order~refund`, `each#2/order~refund`. Ids of nodes hold no `~`. */
export const undoingPath = ({ path, undoer }: Pick<Undoing, 'path' | 'undoer'>): string => `${path}~${undoer.id}`;

/**
 * Undoes them one after the other, each at most once whatever crashes. One that cannot be undone, after its retries, stays on record as
 * failed and holds up no other. Returns the paths of those. Throws when the run goes on elsewhere.
 */
export async function undo(execution: Execution, plan: Plan, list: readonly Undoing[]): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const undoing of list) {
    const path = undoingPath(undoing);
    const { undoer, input, output, node } = undoing;
    const recalled = execution.recall(path);
    if (recalled) {
      if (refusalOf(undoer, recalled)) failed.push(path);
      continue;
    }
    try {
      const around = await frameOf(execution, plan, parsePath(undoing.path));
      const item: Json = { nodeId: node.id, path: undoing.path, input, output, item: around.item ?? null };
      const frame: Frame = { ...around, item };
      const settled = await runStep(execution, undoer, frame, path, (nodes, inside) => flow(execution, nodes, inside), {
        path: undoing.path,
        input: { input, output },
      });
      // Refused; or nobody knows yet whether it was undone: a person will say, and the run does not wait for them.
      if (!settled || refusalOf(undoer, settled)) failed.push(path);
    } catch (error) {
      if (execution.lost !== null) throw execution.lost;
      if (execution.signal.aborted) throw error;
      failed.push(path);
    }
  }
  return failed;
}

function nodeAt(plan: Plan, { around, id }: PlacedPath): PlannedNode | undefined {
  let level: PlannedLevel | null | undefined = plan;
  for (const container of around) level = level?.order.find((node) => node.id === container.id)?.body;
  return level?.order.find((node) => node.id === id);
}

/** Where a finished step stood: what the steps of its round and of those around left, and what its round was for. */
async function frameOf(execution: Execution, plan: Plan, { around }: PlacedPath): Promise<Frame> {
  const { signal } = execution;
  let level: PlannedLevel = plan;
  let frame: Frame = { prefix: '', ...settledIn(execution, plan, ''), item: undefined, index: undefined, signal };
  for (const { id, round } of around) {
    const container = level.order.find((node) => node.id === id);
    if (!container?.body) throw new Error(`There is no container ${id}`);
    const path = frame.prefix + id;
    const prefix = `${path}#${round}/`;
    const inside = settledIn(execution, container.body, prefix);
    const counts = container.type.kind !== 'department';
    frame = {
      prefix,
      results: inside.results,
      steps: Object.assign(Object.create(null), frame.steps, inside.steps) as Frame['steps'],
      item: await itemOf(execution, container, container.body, frame, round),
      index: counts ? round : frame.index,
      signal,
    };
    level = container.body;
  }
  return frame;
}

function settledIn(execution: Execution, level: PlannedLevel, prefix: string): Pick<Frame, 'results' | 'steps'> {
  const results: Frame['results'] = new Map();
  const steps = Object.create(null) as Frame['steps'];
  for (const node of level.order) {
    const settled = execution.recall(prefix + node.id);
    if (!settled) continue;
    results.set(node.id, settled);
    if (settled.port !== null) steps[node.id] = settled.value;
  }
  return { results, steps };
}

/** What a round of a container was for; `undefined` around which there is none. */
async function itemOf(
  execution: Execution,
  container: PlannedNode,
  body: PlannedLevel,
  frame: Frame,
  round: number,
): Promise<Json | undefined> {
  switch (container.type.kind) {
    case 'forEach': {
      const { items } = (await configOf(execution, container, frame)) as { readonly items: readonly Json[] };
      return items[round] ?? null;
    }
    case 'loop':
      if (round === 0) return null;
      return valueOf(body, settledIn(execution, body, `${frame.prefix}${container.id}#${round - 1}/`).results);
    default:
      return frame.item;
  }
}
