import type { Definition, DepartmentSettings, EdgeDefinition, NodeDefinition } from '#engine/graph/definition.js';
import { levelOf, type Level } from '#engine/graph/levels.js';
import { outputsOf } from '#engine/graph/ports.js';
import { flowOfRun, undoerIds } from '#engine/graph/undoers.js';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import type { NodeType } from '#nodes/sdk/node.js';

/** The definition cannot be compiled at all. Publishing refuses such definitions, so a run meets one only when a node type was removed. */
export class CannotCompile extends Error {
  override readonly name = 'CannotCompile';
}

/** A node with everything a run asks about it, worked out once per version. */
export interface PlannedNode {
  readonly id: string;
  readonly definition: NodeDefinition;
  readonly type: NodeType;
  /** Config as the author wrote it, brought to the node type's version. */
  readonly config: JsonObject;
  /** The config parsed, when nothing in it is an expression. Shared by every run: nodes do not write to it. */
  readonly parsed: ReturnType<NodeType['config']['safeParse']> | null;
  /** Fields whose expressions the engine evaluates itself, once a round. */
  readonly lazy: ReadonlySet<string>;
  /** Names of `contact`, `conversation` and `organization` that its expressions may read. */
  readonly reads: ReadonlySet<string>;
  /** Names of the output ports when they do not depend on the values of expressions. */
  readonly ports: ReadonlySet<string>;
  readonly incoming: readonly EdgeDefinition[];
  readonly body: PlannedLevel | null;
}

export interface PlannedLevel {
  /** Every node after all nodes above it. */
  readonly order: readonly PlannedNode[];
  readonly terminals: readonly PlannedNode[];
}

export interface Plan extends PlannedLevel {
  /** The nodes that undo others when a run fails, by id. */
  readonly undoers: ReadonlyMap<string, PlannedNode>;
  readonly settings: DepartmentSettings;
}

export function planOf(definition: Definition, nodeTypes: ReadonlyMap<string, NodeType>): Plan {
  const level = planLevel(levelOf(flowOfRun(definition)), nodeTypes);
  const undoing = undoerIds(definition);
  const undoers = definition.nodes.filter((node) => undoing.has(node.id));
  return {
    ...level,
    undoers: new Map(undoers.map((node) => [node.id, planNode(node, emptyLevel, nodeTypes)])),
    settings: definition.settings,
  };
}

function planLevel(level: Level, nodeTypes: ReadonlyMap<string, NodeType>): PlannedLevel {
  const byId = new Map<string, PlannedNode>();
  for (const node of level.order) byId.set(node.id, planNode(node, level, nodeTypes));
  const terminals = level.terminals.flatMap((node) => byId.get(node.id) ?? []);
  return { order: [...byId.values()], terminals };
}

function planNode(node: NodeDefinition, level: Level, nodeTypes: ReadonlyMap<string, NodeType>): PlannedNode {
  const type = nodeTypes.get(node.type);
  if (!type) throw new CannotCompile(`Node ${node.id} is of the unknown type ${node.type}`);
  const config = currentConfig(node, type);
  const body = level.children.get(node.id);
  const texts = expressionsIn(config);
  const parsed = texts.length === 0 ? type.config.safeParse(config) : null;
  const reads = ['contact', 'conversation', 'organization'].filter((name) =>
    texts.some((text) => new RegExp(`\\b${name}\\b`).test(text)),
  );
  return {
    id: node.id,
    definition: node,
    type,
    config,
    parsed,
    lazy: lazyFieldsOf(type),
    reads: new Set(reads),
    ports: portsOf(type, parsed?.success ? parsed.data : config, node.onError),
    incoming: level.incoming.get(node.id) ?? [],
    body: isContainer(type) ? planLevel(body ?? emptyLevel, nodeTypes) : null,
  };
}

const emptyLevel: Level = { order: [], incoming: new Map(), outgoing: new Map(), terminals: [], children: new Map() };

export const isContainer = ({ kind }: NodeType): boolean =>
  kind === 'loop' || kind === 'forEach' || kind === 'department';

/** Names of the ways out of a node with this config. */
export const portsOf = (type: NodeType, config: unknown, onError: NodeDefinition['onError']): ReadonlySet<string> =>
  new Set(outputsOf(type, config, onError).map((port) => port.name));

function currentConfig(node: NodeDefinition, type: NodeType): JsonObject {
  // A parsed definition holds JSON: zod's type for it is the same thing under another name.
  const config = node.config as JsonObject;
  if (node.version === type.version) return config;
  if (node.version > type.version || !type.migrate) {
    throw new CannotCompile(
      `Node ${node.id} is of version ${node.version} of ${node.type}; this is version ${type.version}`,
    );
  }
  const migrated = type.migrate(config, node.version);
  if (typeof migrated !== 'object' || migrated === null || Array.isArray(migrated)) {
    throw new CannotCompile(`The config of node ${node.id} could not be brought to version ${type.version}`);
  }
  return migrated;
}

/** Every string below `value` that holds an expression. */
function expressionsIn(value: Json): string[] {
  if (typeof value === 'string') return value.includes('{{') ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(expressionsIn);
}

const lazyFields = new WeakMap<NodeType, ReadonlySet<string>>();

/** Fields marked `ui.lazy` in their meta. */
function lazyFieldsOf(type: NodeType): ReadonlySet<string> {
  const known = lazyFields.get(type);
  if (known) return known;
  const names = Object.entries(type.config.shape).filter(([, schema]) => {
    const meta = (schema as { meta?: () => { ui?: { lazy?: boolean } } | undefined }).meta?.();
    return meta?.ui?.lazy === true;
  });
  const lazy = new Set(names.map(([name]) => name));
  lazyFields.set(type, lazy);
  return lazy;
}
