import type { NodeKind } from '#nodes/sdk/node.js';
import { canonicalJson } from './checksum.js';
import type { Definition, NodeDefinition } from './definition.js';
import { groupBy } from './group.js';
import { levelOf, type Level } from './levels.js';
import type { StepStatus } from './statuses.js';
import { flowOfRun } from './undoers.js';

/** What a run left at one path: its latest try. */
export interface RecordedStep {
  readonly path: string;
  readonly nodeId: string;
  readonly status: StepStatus;
  readonly port: string | null;
}

export interface Fork {
  /** Of the run that is forked, and of the run that the fork becomes; the same unless another version was asked for. */
  readonly before: Definition;
  readonly after: Definition;
  readonly kindOf: (node: NodeDefinition) => NodeKind | undefined;
  readonly steps: readonly RecordedStep[];
  /** Path of the step that is executed again, or whose outcome is replaced. */
  readonly from: string;
  /** The outcome of `from` is given: it is not executed, what follows from it is. */
  readonly replaced: boolean;
  /** Paths of steps that were undone: whoever builds on them must do them again. */
  readonly undone: ReadonlySet<string>;
  /** Paths of steps that did something outside. */
  readonly acted: ReadonlySet<string>;
}

/** Why a step is no longer what it was: whoever forks asked for another outcome, or it is only done again because something before it was undone. */
type Cone = 'changed' | 'redone';
const wider = (one: Cone | undefined, other: Cone | undefined): Cone | undefined =>
  one === 'changed' || other === 'changed' ? 'changed' : (one ?? other);

/** Whether a step has an outcome that others may build on. */
export const isSettled = ({ status, port }: Pick<RecordedStep, 'status' | 'port'>): boolean =>
  port !== null || status === 'skipped';

/**
 * Paths of the steps that a fork recalls: all that are settled and outside the changed cone. In the cone are the step forked from, those
 * that were undone, those whose node differs between the versions, and whatever follows from one of them: below it in its level, in later
 * rounds of the loops around it, and the containers around it. Rounds of a for-each know nothing of each other.
 */
export function recalledBy(fork: Fork): ReadonlySet<string> {
  const { after, kindOf, from, replaced, undone, acted } = fork;
  const settled = new Set(fork.steps.filter(isSettled).map((step) => step.path));
  const rounds = roundsOf(fork.steps);
  const { nodes: changed, bodies } = changesOf(fork.before, after);
  const recalled = new Set<string>();

  /** Returns whether what the level comes to may be another. `around`: what the level stands in may be. */
  const visit = (level: Level, prefix: string, around?: Cone): Cone | undefined => {
    const cones = new Map<string, Cone>();
    for (const node of level.order) {
      const path = prefix + node.id;
      if (path === from && replaced) {
        for (const inside of settled) if (inside.startsWith(`${path}#`)) recalled.add(inside);
        cones.set(node.id, 'changed');
        continue;
      }
      const before = level.incoming.get(node.id)?.map((edge) => cones.get(edge.from.node)) ?? [];
      const asked = path === from || changed.has(node.id) ? 'changed' : undone.has(path) ? 'redone' : undefined;
      let cone = before.reduce(wider, wider(around, asked));
      // Of what was undone as a whole nothing inside stands.
      if (cone !== 'changed' && !undone.has(path)) {
        cone = wider(cone, changesInside(node, level.children.get(node.id), path, cone));
        if (settled.has(path) && (!cone || (cone === 'redone' && acted.has(path)))) recalled.add(path);
      }
      if (cone) cones.set(node.id, cone);
    }
    return [...cones.values()].reduce(wider, undefined);
  };
  const changesInside = (node: NodeDefinition, body: Level | undefined, path: string, around?: Cone) => {
    if (!body) return undefined;
    let changes: Cone | undefined = bodies.has(node.id) ? 'changed' : undefined;
    for (const round of rounds.get(path) ?? []) {
      // A loop hands each round the value of the one before.
      const handed = kindOf(node) === 'loop' ? changes : undefined;
      if (handed === 'changed') break;
      changes = wider(changes, visit(body, `${path}#${round}/`, wider(around, handed)));
    }
    return changes;
  };

  visit(levelOf(flowOfRun(after)), '');
  return recalled;
}

/** The node that a path names in a definition; `null` when there is none there. */
export function nodeAt(definition: Definition, path: string): NodeDefinition | null {
  const byId = new Map(definition.nodes.map((node) => [node.id, node]));
  let parent: string | undefined;
  const ids = path.split('/').map((part) => part.split('#', 1)[0] ?? '');
  for (const id of ids) {
    const node = byId.get(id);
    if (!node || node.parentId !== parent) return null;
    parent = id;
  }
  return parent === undefined ? null : (byId.get(parent) ?? null);
}

/** Rounds on record of each container, by its path, in order. */
function roundsOf(steps: readonly RecordedStep[]): ReadonlyMap<string, readonly number[]> {
  const rounds = new Map<string, Set<number>>();
  for (const { path } of steps) {
    for (const { index, 1: number } of path.matchAll(/#(\d+)\//g)) {
      const container = path.slice(0, index);
      const known = rounds.get(container) ?? new Set();
      known.add(Number(number));
      rounds.set(container, known);
    }
  }
  return new Map([...rounds].map(([path, numbers]) => [path, [...numbers].sort((a, b) => a - b)]));
}

interface Changes {
  /** Nodes that do something else now, or are reached by another way. */
  readonly nodes: ReadonlySet<string>;
  /** Containers that lost a node of their body. */
  readonly bodies: ReadonlySet<string>;
}

function changesOf(before: Definition, after: Definition): Changes {
  if (before === after) return { nodes: new Set(), bodies: new Set() };
  const [old, current] = [facesOf(before), facesOf(after)];
  const nodes = [...current].filter(([id, face]) => old.get(id) !== face).map(([id]) => id);
  const lost = before.nodes.filter((node) => !current.has(node.id));
  return { nodes: new Set(nodes), bodies: new Set(lost.flatMap((node) => node.parentId ?? [])) };
}

/** What of each node decides its outcome, as one text. */
function facesOf(definition: Definition): ReadonlyMap<string, string> {
  const edges = groupBy(definition.edges, (edge) => edge.to.node);
  return new Map(
    definition.nodes.map(({ id, type, version, config, parentId = '', onError = 'stop' }) => {
      const ways = (edges.get(id) ?? []).map(({ from, to }) => `${from.node}.${from.port}>${to.port}`).sort();
      return [id, canonicalJson({ type, version, config, parentId, onError, ways })];
    }),
  );
}
