import { resolve, resolveConfig } from '#engine/graph/expressions/resolve.js';
import { portsOf, type PlannedNode } from '#engine/compile/plan.js';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import { engineErrors, toNodeError } from './errors.js';
import type { Execution } from './execution.js';
import type { Frame } from './frame.js';
import { issueDetail, valueAt } from '#nodes/sdk/issueDetail.js';

export type Config = Readonly<Record<string, unknown>>;

const NOTHING_LAZY: ReadonlySet<string> = new Set();

/** The scope of expressions in a frame, with what of the outside world the node reads. */
type World = Readonly<Record<string, Json>>;

const scopeOf = (execution: Execution, frame: Frame, world: World) => ({
  ...world,
  trigger: execution.run.input,
  steps: frame.steps,
  item: frame.item,
  index: frame.index,
});

/**
 * The node's config with its expressions resolved, parsed by its own schema. Answers at once unless an expression reads the contact,
 * the conversation or the organization. Throws an author's error.
 */
export function configOf(execution: Execution, node: PlannedNode, frame: Frame): Config | Promise<Config> {
  if (node.parsed) return parsed(node.parsed, node.config);
  const resolveWith = (world: World): Config => {
    const scope = scopeOf(execution, frame, world);
    // A for-each reads its list once; a loop looks at its condition after each round.
    const lazy = node.type.kind === 'forEach' ? NOTHING_LAZY : node.lazy;
    const resolved = resolveConfig(node.config, scope, lazy, { now: execution.now });
    const given = withoutLazy(resolved, lazy);
    return parsed(node.type.config.safeParse(given), given);
  };
  if (node.reads.size === 0) return resolveWith({});
  return execution.worldOf(node.reads).then(resolveWith);
}

/** A lazy field has no value yet: `false` stands in for a condition so that the rest of the config can be parsed. */
const withoutLazy = (config: JsonObject, lazy: ReadonlySet<string>): JsonObject =>
  lazy.size === 0 ? config : { ...config, ...Object.fromEntries([...lazy].map((name) => [name, false])) };

/** The value of a lazy field in this frame. */
export async function lazyValue(execution: Execution, node: PlannedNode, name: string, frame: Frame): Promise<Json> {
  const world = node.reads.size === 0 ? {} : await execution.worldOf(node.reads);
  return resolve(node.config[name] ?? null, scopeOf(execution, frame, world), { now: execution.now });
}

/** Names of the ports a node may leave by, with this config. */
export const portsWith = (node: PlannedNode, config: Config): ReadonlySet<string> =>
  node.parsed || !node.type.outputsFrom ? node.ports : portsOf(node.type, config, node.definition.onError);

function parsed(result: NonNullable<PlannedNode['parsed']>, given: JsonObject): Config {
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const why = issueDetail(issue, issue && valueAt(given, issue.path));
  throw toNodeError(engineErrors.badConfig(`config.${issue?.path.join('.') ?? ''}`, why));
}
