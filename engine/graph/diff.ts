import type { Json } from '#nodes/sdk/json.js';
import { canonicalJson } from './checksum.js';
import type { Definition, EdgeDefinition, NodeDefinition } from './definition.js';

/** One field that differs, by its path below the node: `config.buttons.0.title`. A side without the field has `undefined`. */
export interface FieldChange {
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

export interface NodeChange {
  readonly nodeId: string;
  readonly fields: readonly FieldChange[];
  /** True when only its place on the canvas changed: nothing that runs. */
  readonly onlyMoved: boolean;
}

export interface DefinitionDiff {
  readonly nodes: {
    readonly added: readonly NodeDefinition[];
    readonly removed: readonly NodeDefinition[];
    readonly changed: readonly NodeChange[];
  };
  /** Edges are the same when they join the same ports, whatever their ids. */
  readonly edges: { readonly added: readonly EdgeDefinition[]; readonly removed: readonly EdgeDefinition[] };
  readonly settings: readonly FieldChange[];
  /** Nothing differs but ids of edges, the order of lists of nodes and edges, places on the canvas, locks and notes. */
  readonly runsTheSame: boolean;
}

/** Fields of a node that nothing runs by. */
const forTheEye = /^(?:position\.|(?:note|locked)$)/;

/** What changed from one definition to another, field by field. Lists are compared item by item, by position. */
export function diff(before: Definition, after: Definition): DefinitionDiff {
  const old = new Map(before.nodes.map((node) => [node.id, node]));
  const current = new Map(after.nodes.map((node) => [node.id, node]));
  const nodes = {
    added: after.nodes.filter((node) => !old.has(node.id)),
    removed: before.nodes.filter((node) => !current.has(node.id)),
    changed: after.nodes.flatMap((node) => changeOf(old.get(node.id), node)),
  };
  const edges = edgeChanges(before.edges, after.edges);
  const settings = fieldChanges(before.settings, after.settings, []);
  const counts = [nodes.added, nodes.removed, edges.added, edges.removed];
  const runsTheSame =
    counts.every((list) => list.length === 0) &&
    nodes.changed.every(({ fields }) => fields.every(({ path }) => forTheEye.test(path))) &&
    settings.every(({ path }) => /^notes(?:\.|$)/.test(path));
  return { nodes, edges, settings, runsTheSame };
}

function changeOf(before: NodeDefinition | undefined, after: NodeDefinition): NodeChange[] {
  const fields = before ? fieldChanges(before, after, []) : [];
  if (fields.length === 0) return [];
  return [{ nodeId: after.id, fields, onlyMoved: fields.every(({ path }) => path.startsWith('position.')) }];
}

function edgeChanges(before: readonly EdgeDefinition[], after: readonly EdgeDefinition[]): DefinitionDiff['edges'] {
  const keyOf = ({ from, to }: EdgeDefinition): string => JSON.stringify([from.node, from.port, to.node, to.port]);
  const old = new Set(before.map(keyOf));
  const current = new Set(after.map(keyOf));
  return {
    added: after.filter((edge) => !old.has(keyOf(edge))),
    removed: before.filter((edge) => !current.has(keyOf(edge))),
  };
}

function fieldChanges(before: unknown, after: unknown, path: readonly string[]): FieldChange[] {
  const old = partsOf(before);
  const current = partsOf(after);
  if (!old || !current || Array.isArray(before) !== Array.isArray(after)) {
    if (before === after || canonicalJson(before) === canonicalJson(after)) return [];
    return [{ path: path.join('.'), before: before as Json | undefined, after: after as Json | undefined }];
  }
  const keys = new Set([...old.keys(), ...current.keys()]);
  return [...keys].flatMap((key) => fieldChanges(old.get(key), current.get(key), [...path, key]));
}

const partsOf = (value: unknown): Map<string, unknown> | null =>
  typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : null;
