import type * as Y from 'yjs';
import type { Json } from '#nodes/sdk/json.js';
import { referenceTo } from '../references.js';
import { putEdge } from './edges.js';
import type { Exit } from './exits.js';
import { returnedBy, setConfigOf, VALUES } from './namedValues.js';
import { addNode } from './nodes.js';
import { wayKey, type Way } from './outcomes.js';

interface Drawing {
  readonly exits: readonly Exit[];
  /** The sub-department. */
  readonly parentId: string;
  /** Where the last steps of its body stand. */
  readonly below: number;
  readonly wayOf: (way: Way) => string;
}

/** On the canvas and in the list of steps. */
const longestTitle = 40;

/**
 * Gives a sub-department its exits. At the end of each way out of the body stands a step that hands on what came: that it ran says that
 * the way was gone, whichever the step before it left by. Returns the ways out of those steps, and for each way (`wayKey`) its step.
 */
export function drawExits(
  doc: Y.Doc,
  { exits, parentId, below, wayOf }: Drawing,
): { readonly lasts: readonly Way[]; readonly marks: ReadonlyMap<string, string> } {
  const sets = exits.flatMap(({ when }) => when);
  /** Ways that are only ever gone alone and lead to the same end at one step. */
  const isAlone = (way: Way): boolean =>
    sets.every((ways) => ways.length === 1 || !ways.some((each) => wayKey(each) === wayKey(way)));
  const marks = new Map<string, string>();
  const lasts: Way[] = [];
  const mark = (ways: readonly Way[], title: string): void => {
    const config = { base: returnedBy(ways.map(({ node }) => node)) };
    const id = addNode(doc, { type: VALUES, config, position: { x: lasts.length * 232, y: below }, parentId, title });
    for (const way of ways) {
      putEdge(doc, way, { node: id, port: 'in' });
      marks.set(wayKey(way), id);
    }
    lasts.push({ node: id, port: 'out' });
  };
  for (const exit of exits) {
    const ways = unique(exit.when.flat());
    const alone = ways.filter(isAlone);
    if (alone.length > 0) mark(alone, titleOf(alone, wayOf));
    for (const way of ways) if (!isAlone(way) && !marks.has(wayKey(way))) mark([way], titleOf([way], wayOf));
  }
  const ran = (way: Way): string => `has(${referenceTo(marks.get(wayKey(way)) ?? '')})`;
  const names = new Set<string>();
  const drawn = exits.map(({ when, targets }) => {
    const title = titleOf(unique(when.flat()), wayOf);
    const name = nameFor(title, names);
    for (const to of targets) putEdge(doc, { node: parentId, port: name }, to);
    const holds = when.map((ways) => [...ways.map(ran), ...beyond(ways, sets).map((way) => `!${ran(way)}`)]);
    return { name, title, when: `{{ ${eitherOf([...new Set(holds.map(allOf))])} }}` } satisfies Record<string, Json>;
  });
  setConfigOf(doc, parentId, { exits: drawn });
  return { lasts, marks };
}

const allOf = (parts: readonly string[]): string => [...new Set(parts)].join(' && ');
const eitherOf = (parts: readonly string[]): string => parts.join(' || ');

/** Ways that tell another end from this one: it has all of these ways, and those besides. */
const beyond = (ways: readonly Way[], sets: readonly (readonly Way[])[]): readonly Way[] => {
  const keys = new Set(ways.map(wayKey));
  const bigger = sets.filter(
    (others) => others.length > ways.length && [...keys].every((key) => others.some((each) => wayKey(each) === key)),
  );
  return unique(bigger.flat()).filter((way) => !keys.has(wayKey(way)));
};

const unique = (ways: readonly Way[]): Way[] => [...new Map(ways.map((way) => [wayKey(way), way])).values()];

export const titleOf = (ways: readonly Way[], wayOf: (way: Way) => string): string =>
  [...new Set(ways.map(wayOf))].join(' / ').slice(0, longestTitle);

/** A name that a way out can have, after its title. */
function nameFor(title: string, taken: Set<string>): string {
  const plain = title.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const base = `to_${plain.replace(/[^a-z0-9]+/g, '_').replace(/^_|_$/g, '')}`.slice(0, 36);
  let name = base;
  for (let number = 2; taken.has(name); number += 1) name = `${base}_${number}`;
  taken.add(name);
  return name;
}
