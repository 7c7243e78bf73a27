import { detail } from '#nodes/sdk/details.js';
import type { PlannedLevel, PlannedNode } from '#engine/compile/plan.js';
import type { Settled } from '#engine/graph/levels.js';
import type { Json } from '#nodes/sdk/json.js';
import type { NodeResult } from '#nodes/sdk/node.js';
import { configOf, lazyValue } from './config.js';
import { engineErrors, toNodeError, Waiting } from './errors.js';
import type { Execution } from './execution.js';
import type { Frame, RunLevel } from './frame.js';

/** A container and where it stands. */
export interface Container {
  readonly execution: Execution;
  readonly node: PlannedNode;
  readonly body: PlannedLevel;
  readonly frame: Frame;
  readonly path: string;
  readonly runLevel: RunLevel;
}

/** Runs the body of a container. Throws `Waiting` when a step inside waits; what is finished inside is on record. */
export async function runContainer(container: Container): Promise<NodeResult> {
  const { node, body } = container;
  switch (node.type.kind) {
    case 'loop':
      return loop(container);
    case 'forEach':
      return forEach(container);
    default: {
      // A sub-department is no loop: inside it `item` and `index` are those of the loop around it.
      const { index = 0, item = null } = container.frame;
      const inside = await round(container, 0, item, index);
      return { port: await exitOf(container, inside), value: valueOf(body, inside.results) };
    }
  }
}

/** The value of a level: that of the last of its terminal nodes, in the order of the level, that was not skipped. */
export function valueOf(level: PlannedLevel, results: ReadonlyMap<string, Settled>): Json {
  const last = level.terminals.findLast((node) => (results.get(node.id)?.port ?? null) !== null);
  return (last && results.get(last.id)?.value) ?? null;
}

/** The first exit of a sub-department that holds, now that its steps have run; `done` when none does. */
async function exitOf({ execution, node }: Container, inside: Frame): Promise<string> {
  if (node.config['exits'] === undefined) return 'done';
  // A published definition has its config checked: what is not known before is only what the conditions give.
  const exits = (await lazyValue(execution, node, 'exits', inside)) as unknown as readonly {
    name: string;
    when: Json;
  }[];
  for (const [at, { name, when }] of exits.entries()) {
    if (typeof when !== 'boolean')
      throw toNodeError(engineErrors.badConfig(`config.exits.${at}.when`, detail('field.not_boolean')));
    if (when) return name;
  }
  return 'done';
}

/** Rounds see the one before them as `item`, `null` at first. */
async function loop(container: Container): Promise<NodeResult> {
  const { execution, node, body, frame } = container;
  const limit = Number((await configOf(execution, node, frame))['limit']);
  let value: Json = null;
  for (let index = 0; index < limit; index += 1) {
    const inside = await round(container, index, value);
    value = valueOf(body, inside.results);
    const until = await lazyValue(execution, node, 'until', inside);
    if (typeof until !== 'boolean')
      throw toNodeError(engineErrors.badConfig('config.until', detail('field.not_boolean')));
    if (until) return { port: 'done', value };
  }
  return { port: 'limit', value };
}

async function forEach(container: Container): Promise<NodeResult> {
  const { execution, node, body, frame } = container;
  const config = await configOf(execution, node, frame);
  const items = config['items'] as readonly Json[];
  const limit = Number(config['limit']);
  if (items.length > limit) throw toNodeError(engineErrors.tooManyItems(items.length, limit));
  const values = items.map((): Json => null);
  const lanes = config['mode'] === 'parallel' ? Math.min(items.length, Number(config['concurrency'])) : 1;
  let next = 0;
  let waits = false;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (next < items.length && !failed) {
      // Done one after the other, the next item must not begin before an open question of this one is answered.
      if (waits && lanes === 1) return;
      const index = next;
      next += 1;
      try {
        values[index] = valueOf(body, (await round(container, index, items[index] ?? null)).results);
      } catch (error) {
        if (!(error instanceof Waiting)) {
          failed = true;
          throw error;
        }
        waits = true;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  if (waits) throw new Waiting(container.path);
  return { port: 'done', value: { items: values } };
}

/** @param index what expressions see as `index`, where that is not the number of the round */
async function round(
  { body, frame, path, runLevel }: Container,
  number: number,
  item: Json,
  index = number,
): Promise<Frame> {
  const inside: Frame = {
    prefix: `${path}#${number}/`,
    results: new Map(),
    steps: { ...frame.steps },
    item,
    index,
    signal: frame.signal,
  };
  await runLevel(body.order, inside);
  if (inside.results.size < body.order.length) throw new Waiting(path);
  return inside;
}
