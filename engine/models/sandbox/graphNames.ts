import type { GraphMaterial } from '#nodes/sdk/context.js';
import type { JsonObject } from '#nodes/sdk/json.js';
import type { Locale } from '#nodes/sdk/text.js';
import { fold } from '../language/fold.js';
import { find, foldedOf, stemsOf, tellingWords, type Named } from './called.js';
import type { Place } from './graphPlace.js';
import { atPosition, beginnings, endsOf } from './graphPositions.js';
import { says } from './graphSays.js';
import { wayOf } from './graphWays.js';

export interface Work {
  /** Grows with what is added, so that the next clause can name it. */
  readonly steps: Named[];
  readonly types: readonly Named[];
  readonly graph: GraphMaterial;
  readonly changes: JsonObject[];
  readonly told: string[];
  readonly locale: Locale;
}

/** Why a clause cannot be done, in the words of an answer. */
export class Cannot extends Error {}

/** Neighbours by their ids. */
export interface Neighbours {
  readonly after: string | null;
  readonly way: string | null;
  readonly before: string | null;
}

/** Whether a kind of step is asked for by more than one word out of a long name: "gente" is not "Vê se é caso de gente". */
const isCalled = (name: string, { names, also = [] }: Named): boolean => {
  const [stem, ...more] = stemsOf(name);
  if (stem === undefined || more.length > 0) return true;
  return (
    also.some((each) => stemsOf(each).includes(stem)) ||
    names.map(stemsOf).some((stems) => stems.length <= 2 && stems.includes(stem))
  );
};

/** Most steps that an answer names. */
const MOST_NAMED = 20;
const person =
  /^(?:(?:uma?|o|a|an?|the)\s+)?(?:pessoa|atendente|humano|algu[eé]m|gente|person|human|someone|somebody|agent)$/iu;
const start =
  /^(?:(?:o|the)\s+)?(?:come[cç]o|in[ií]cio|gatilho|start|beginning|trigger|(?:a )?mensagem (?:chegar?|cheg(?:ou|ue))|chegar? a mensagem|(?:the )?message (?:arrives|comes in))$/iu;

/** What the names in a clause mean. Whatever may mean several things, or has a word in it that fits nothing, cannot be done. */
export class Names {
  readonly #work: Work;
  readonly say: (typeof says)[Locale];

  constructor(work: Work) {
    this.#work = work;
    this.say = says[work.locale];
  }

  title = (id: string | null): string => this.#work.steps.find((each) => each.id === id)?.names[0] ?? '';
  kind = (type: string | undefined): GraphMaterial['types'][number] | undefined =>
    this.#work.graph.types.find((each) => each.type === type);
  typeTitle = (type: string): string => this.kind(type)?.title[this.#work.locale] ?? type;
  config = (id: string): JsonObject =>
    this.kind(this.#work.graph.steps.find((each) => each.id === id)?.type)?.config ?? {};
  /** Titles for an answer. */
  list = (ids: readonly string[]): string => ids.slice(0, MOST_NAMED).map(this.title).join(', ');

  step = (name: string): string => {
    const { steps, graph } = this.#work;
    if (name.trim() === '') throw new Cannot(this.say.unknownStep(name, this.list(steps.map(({ id }) => id))));
    const wanted = fold(name).trim();
    const exactly = steps.filter((each) => foldedOf(each).names.includes(wanted));
    const found =
      exactly.length > 0
        ? exactly.map(({ id }) => id)
        : // "A person" is the step that hands over to one, whatever else has the word in its name.
          person.test(name)
          ? graph.steps.filter(({ type }) => type === 'human.handoff').map(({ id }) => id)
          : start.test(name)
            ? beginnings(graph)
            : (atPosition(name, this.#work, this.step) ?? this.#called(name));
    const [only, ...others] = found;
    if (only !== undefined && others.length === 0) return only;
    const all = this.list(only === undefined ? steps.map(({ id }) => id) : found);
    throw new Cannot(only === undefined ? this.say.unknownStep(name, all) : this.say.severalSteps(name, all));
  };

  /** One word that several steps go by tells none of them, unless it is what one of them does and none of the others is called. */
  #called(name: string): string[] {
    const { steps } = this.#work;
    const found = find(name, steps);
    const [stem, ...more] = stemsOf(name);
    if (stem === undefined || more.length > 0 || found.length !== 1) return found.map(({ id }) => id);
    const [one] = found;
    const does = one !== undefined && foldedOf(one).also.includes(fold(name).trim());
    // Short words stand in many titles and mean nothing there: "if".
    const isTold = does && (stem.length < 4 || one.names.flatMap(stemsOf).includes(stem));
    const rivals = steps.filter(
      ({ names, also = [] }) => !isTold && [...names, ...(does ? [] : also)].flatMap(stemsOf).includes(stem),
    );
    return [...new Set([...found, ...(rivals.length > 1 || does ? rivals : [])])].map(({ id }) => id);
  }

  /** A step that is meant by a name which is also one of a kind of step: it has a title of its own, or "the" is said. */
  thereAlready(name: string, definite: boolean): Named | null {
    const wanted = fold(name);
    const { steps, types } = this.#work;
    const called = steps.filter(({ id, names, also = [] }) =>
      [id, ...names, ...(definite ? also : [])].some((each) => fold(each) === wanted),
    );
    const isKind = types.some(({ names }) => names.some((each) => fold(each) === wanted));
    if (called.length === 0 && !isKind && find(name, types).length === 0) {
      const meant = this.step(name);
      return steps.find(({ id }) => id === meant) ?? null;
    }
    const [only, ...others] = called;
    if (!only || others.length > 0) return null;
    return definite || !isKind || only.names.some((each) => fold(each) === wanted) ? only : null;
  }

  /** A step to take away. Its id alone, where others are called so or do that, does not tell it: "the message". */
  gone(name: string): string {
    const id = this.step(name);
    const wanted = fold(name).trim();
    if (wanted !== fold(id)) return id;
    const itself = this.#work.steps.find((each) => each.id === id);
    const does = itself !== undefined && foldedOf(itself).also.includes(wanted);
    const others = this.#work.steps.filter(
      (each) =>
        each.id !== id &&
        ((!does && foldedOf(each).also.includes(wanted)) || tellingWords(each.names[0] ?? '').includes(wanted)),
    );
    if (others.length === 0) return id;
    throw new Cannot(this.say.severalSteps(name, this.list([id, ...others.map((each) => each.id)])));
  }

  /** `placed`: it stands behind or before another, which what starts the work never does. */
  type(name: string, placed = true): Named {
    const found = find(name, this.#work.types)
      .filter(({ id }) => !placed || !id.startsWith('trigger.'))
      .filter((type) => isCalled(name, type));
    const [only, ...others] = found;
    if (!only) throw new Cannot(this.say.unknownType(name));
    if (others.length > 0)
      throw new Cannot(this.say.severalTypes(name, found.map(({ id }) => this.typeTitle(id)).join(', ')));
    return only;
  }

  /** `itself`: the step that is put there, which does not count as an end. */
  place(place: Place, itself: string | null): Neighbours {
    const { graph } = this.#work;
    if (place.first) return { after: beginnings(graph)[0] ?? null, way: null, before: null };
    if (place.last) {
      const ends = endsOf(this.#work).filter((id) => id !== itself);
      if (ends.length > 1) throw new Cannot(this.say.severalEnds(ends.map((id) => `"${this.title(id)}"`).join(', ')));
      return { after: ends[0] ?? null, way: null, before: null };
    }
    const after = place.after === undefined ? null : this.step(place.after);
    const before = place.before === undefined ? null : this.step(place.before);
    return { after, way: after === null ? null : this.way(after, place.way), before };
  }

  /** The name of a way out as it was called; what nobody knows stays as it was said, and is refused with the ways that there are. */
  way(step: string, said: string | undefined): string | null {
    if (said === undefined) return null;
    return wayOf(this.#work.graph, step, said) ?? said;
  }

  where = ({ after, before }: Neighbours): string =>
    this.say.where(after && this.title(after), before && this.title(before));
}
