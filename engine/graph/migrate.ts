import type { Json, JsonObject } from '#nodes/sdk/json.js';

/** The format that this code writes and runs. */
export const currentFormat = 1;

/** Turns a definition of format `from` into one of `from + 1`. */
interface FormatMigration {
  readonly from: number;
  /** What changed, for whoever reads a stored definition years later. */
  readonly because: string;
  readonly up: (definition: JsonObject) => JsonObject;
}

/** In order. A new format adds one here and raises `currentFormat`; none is ever edited or removed. */
const formatMigrations: readonly FormatMigration[] = [];

/** What a node type does with the config of an older version of itself: `NodeType.migrate`. */
export interface MigratesConfig {
  readonly type: string;
  readonly version: number;
  readonly migrate?: ((config: Json, fromVersion: number) => Json) | undefined;
}

export class UnknownFormat extends Error {
  override readonly name = 'UnknownFormat';
}

/**
 * A stored definition as this code understands it: of the current format, each node at the version of its type that is given. Takes
 * and gives plain JSON, still to be validated. What it does not recognize is left as it is. Throws `UnknownFormat` for a definition
 * from a newer program.
 */
export function migrate(definition: Json, nodeTypes: readonly MigratesConfig[] = []): Json {
  if (!isObject(definition)) return definition;
  const format = definition['format'];
  if (typeof format === 'number' && format > currentFormat) {
    throw new UnknownFormat(`The definition has format ${format}; this program knows formats up to ${currentFormat}`);
  }
  let migrated = definition;
  for (const { from, up } of formatMigrations) if (migrated['format'] === from) migrated = up(migrated);
  const nodes = migrated['nodes'];
  if (!Array.isArray(nodes)) return migrated;
  const types = new Map(nodeTypes.map((type) => [type.type, type]));
  return { ...migrated, nodes: nodes.map((node) => migrateNode(node, types)) };
}

function migrateNode(node: Json, types: ReadonlyMap<string, MigratesConfig>): Json {
  if (!isObject(node)) return node;
  const { type: name, version, config } = node;
  const type = typeof name === 'string' ? types.get(name) : undefined;
  if (!type?.migrate || typeof version !== 'number' || version >= type.version || config === undefined) return node;
  return { ...node, version: type.version, config: type.migrate(config, version) };
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
