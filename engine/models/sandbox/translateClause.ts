import type { GraphMaterial } from '#nodes/sdk/context.js';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import type { Locale } from '#nodes/sdk/text.js';
import { fold } from '../language/fold.js';
import { find, type Named } from './called.js';
import { fieldOf, fieldsOf, textField, valueOf } from './graphFields.js';
import type { Place } from './graphPlace.js';
import type { Clause } from './graphRequest.js';
import { endWays, wayMeant, wayOf } from './graphWays.js';
import { says } from './graphSays.js';

export interface Work {
  /** Grows with what is added, so that the next clause can name it. */
  readonly steps: Named[];
  readonly types: readonly Named[];
  readonly graph: GraphMaterial;
  readonly changes: JsonObject[];
  readonly told: string[];
  readonly locale: Locale;
}

/** Most steps that an answer names. */
const MOST_NAMED = 20;

const person = /^(?:(?:um[a]?|an?)\s+)?(?:pessoa|atendente|humano|algu[eé]m|person|human|someone|somebody|agent)$/iu;

/** Why a clause cannot be done, in the words of an answer. */
class Cannot extends Error {}

/** Adds what a clause asks for to the changes; says why when it cannot. */
export function translate(clause: Clause, work: Work): string | null {
  try {
    new Translator(work).do(clause);
    return null;
  } catch (error) {
    if (error instanceof Cannot) return error.message;
    throw error;
  }
}

class Translator {
  readonly #work: Work;
  readonly #say: (typeof says)[Locale];

  constructor(work: Work) {
    this.#work = work;
    this.#say = says[work.locale];
  }

  do(clause: Clause): void {
    switch (clause.do) {
      case 'add':
        return this.#add(clause);
      case 'move': {
        const id = this.#step(clause.what);
        const place = this.#place(clause.place, id);
        return this.#change({ do: 'move', step: id, ...place }, this.#say.moves(this.#title(id), this.#where(place)));
      }
      case 'swap': {
        const [a, b] = [this.#step(clause.what), this.#step(clause.with)];
        return this.#change({ do: 'swap', step: a, with: b }, this.#say.swaps(this.#title(a), this.#title(b)));
      }
      case 'duplicate':
        return this.#duplicate(clause);
      case 'replace': {
        const [id, type] = [this.#step(clause.what), this.#type(clause.by)];
        this.#new(type.id, { after: id, way: null, before: null }, [], null);
        return this.#change({ do: 'remove', step: id }, this.#say.replaces(this.#title(id), this.#typeTitle(type.id)));
      }
      case 'remove':
        return this.#remove(clause.what);
      case 'rename': {
        const id = this.#step(clause.what);
        return this.#change(
          { do: 'rename', step: id, title: clause.to },
          this.#say.renames(this.#title(id), clause.to),
        );
      }
      case 'say': {
        const id = this.#step(clause.what);
        const field = textField(this.#config(id));
        if (field === null) throw new Cannot(this.#say.noText(this.#title(id)));
        const settings = [{ field, value: JSON.stringify(clause.text) }];
        return this.#change({ do: 'set', step: id, settings }, this.#say.saysNow(this.#title(id), clause.text));
      }
      case 'set':
        return this.#set(clause);
      case 'fails': {
        const [from, to] = [this.#step(clause.what), this.#step(clause.to)];
        this.#routeErrors(from);
        return this.#change(
          { do: 'connect', from, way: 'error', to },
          this.#say.fails(this.#title(from), this.#title(to)),
        );
      }
      case 'when':
        return this.#when(clause);
      default:
        return this.#join(clause);
    }
  }

  #change(change: JsonObject, told?: string): void {
    this.#work.changes.push(change);
    if (told !== undefined) this.#work.told.push(told);
  }

  #title = (id: string | null): string => this.#work.steps.find((each) => each.id === id)?.names[0] ?? '';
  #typeTitle = (type: string): string => this.#kind(type)?.title[this.#work.locale] ?? type;
  #kind = (type: string | undefined): GraphMaterial['types'][number] | undefined =>
    this.#work.graph.types.find((each) => each.type === type);
  #config = (id: string): JsonObject =>
    this.#kind(this.#work.graph.steps.find((each) => each.id === id)?.type)?.config ?? {};

  #step(name: string): string {
    const { steps, graph } = this.#work;
    // "A person" is the step that hands over to one, whatever else has the word in its name.
    const hands = person.test(name) ? graph.steps.filter(({ type }) => type === 'human.handoff') : [];
    if (hands[0] && hands.length === 1) return hands[0].id;
    const found = find(name, steps, 0.5);
    const [only, ...others] = found;
    if (only && others.length === 0) return only.id;
    const all = (only ? found : steps)
      .slice(0, MOST_NAMED)
      .map(({ names }) => names[0])
      .join(', ');
    throw new Cannot(only ? this.#say.severalSteps(name, all) : this.#say.unknownStep(name, all));
  }

  #type(name: string): Named {
    const [type] = find(name, this.#work.types, 0.34);
    if (!type) throw new Cannot(this.#say.unknownType(name));
    return type;
  }

  /** Neighbours by their ids. `itself`: the step that is put there, which does not count as an end. */
  #place(place: Place, itself: string | null): { after: string | null; way: string | null; before: string | null } {
    const { graph } = this.#work;
    if (place.first) {
      const trigger = graph.steps.find(({ type }) => type.startsWith('trigger.'))?.id ?? null;
      return { after: trigger, way: null, before: null };
    }
    if (place.last) {
      const ends = endsOf(this.#work).filter((id) => id !== itself);
      if (ends.length > 1) throw new Cannot(this.#say.severalEnds(ends.map((id) => `"${this.#title(id)}"`).join(', ')));
      return { after: ends[0] ?? null, way: null, before: null };
    }
    const after = place.after === undefined ? null : this.#step(place.after);
    const before = place.before === undefined ? null : this.#step(place.before);
    return { after, way: after === null ? null : this.#way(after, place.way), before };
  }

  /** The name of a way out as it was called; what nobody knows stays as it was said, and is refused with the ways that there are. */
  #way(step: string, said: string | undefined): string | null {
    if (said === undefined) return null;
    return wayOf(this.#work.graph, step, said) ?? said;
  }

  #where = ({ after, before }: { after: string | null; before: string | null }): string =>
    this.#say.where(after && this.#title(after), before && this.#title(before));

  #add(clause: Extract<Clause, { do: 'add' }>): void {
    const { steps, types, graph } = this.#work;
    const there = clause.put ? this.#thereAlready(clause.what, clause.definite === true) : null;
    if (there) return this.do({ do: 'move', what: there.names[0] ?? there.id, place: clause });
    const waits =
      clause.amount === undefined ? [] : types.filter(({ id }) => hasFields(this.#kind(id)?.config, 'amount', 'unit'));
    const type = waits[0] ?? this.#type(clause.what);
    const isPlaced = [clause.after, clause.before, clause.first, clause.last].some((each) => each !== undefined);
    const place = isPlaced ? this.#place(clause, null) : { after: null, way: clause.way ?? null, before: null };
    const kind = graph.types.find((each) => each.type === type.id);
    const title = clause.called ?? kind?.title[this.#work.locale] ?? type.id;
    const id = this.#new(type.id, place, settingsFor(kind?.config ?? {}, clause), clause.called ?? null);
    steps.push({ id, names: [title] });
    this.#work.told.push(this.#say.adds(title, this.#where(place)));
  }

  /** A step that is meant by a name which is also one of a kind of step: it has a title of its own, or "the" is said. */
  #thereAlready(name: string, definite: boolean): Named | null {
    const wanted = fold(name);
    const { steps, types } = this.#work;
    const called = steps.filter(({ id, names, also = [] }) =>
      [id, ...names, ...(definite ? also : [])].some((each) => fold(each) === wanted),
    );
    const [only, ...others] = called;
    if (!only || others.length > 0) return null;
    const isKind = types.some(({ names }) => names.some((each) => fold(each) === wanted));
    return definite || !isKind || only.names.some((each) => fold(each) === wanted) ? only : null;
  }

  #new(type: string, place: JsonObject, settings: JsonObject[], title: string | null): string {
    const id = `new_${this.#work.changes.length + 1}`;
    this.#change({ do: 'add', id, type, title, ...place, inside: null, settings });
    return id;
  }

  #duplicate({ what, place }: Extract<Clause, { do: 'duplicate' }>): void {
    const step = this.#step(what);
    const id = `new_${this.#work.changes.length + 1}`;
    const at = place ? this.#place(place, null) : { after: null, way: null, before: null };
    const title = this.#say.copyOf(this.#title(step));
    this.#change({ do: 'duplicate', step, id, title, ...at }, this.#say.copies(this.#title(step), this.#where(at)));
    this.#work.steps.push({ id, names: [title], also: ['cópia', 'copy'] });
  }

  /** One step, or several with "and" between them. */
  #remove(what: string): void {
    const whole = find(what, this.#work.steps, 0.75);
    const parts = what.split(/\s*,\s*|\s+(?:e|and)\s+/iu).map((part) => part.replace(/^(?:o|a|os|as|the)\s+/iu, ''));
    const names = whole.length === 1 || parts.length === 1 ? [what] : parts;
    for (const id of names.map((name) => this.#step(name.replace(/^["“”'«]+|["“”'»]+$/gu, ''))))
      this.#change({ do: 'remove', step: id }, this.#say.removes(this.#title(id)));
  }

  #set({ what, field, value }: Extract<Clause, { do: 'set' }>): void {
    const id = this.#step(what);
    const config = this.#config(id);
    if (field === 'amount+unit') {
      const [amount = '', unit = ''] = value.split(' ');
      if (!hasFields(config, 'amount', 'unit'))
        throw new Cannot(this.#say.noField(this.#title(id), value, fieldsOf(config, this.#work.locale)));
      const settings = [
        { field: 'amount', value: amount },
        { field: 'unit', value: JSON.stringify(unit) },
      ];
      return this.#change({ do: 'set', step: id, settings }, this.#say.sets(this.#title(id), this.#say.howLong, value));
    }
    const known = fieldOf(config, field);
    if (!known) throw new Cannot(this.#say.noField(this.#title(id), field, fieldsOf(config, this.#work.locale)));
    const read = valueOf(known.schema, value);
    const title = known.title[this.#work.locale];
    if (read === undefined) throw new Cannot(this.#say.noValue(title, value));
    const settings = [{ field: known.key, value: JSON.stringify(read) }];
    this.#change({ do: 'set', step: id, settings }, this.#say.sets(this.#title(id), title, value));
  }

  #when({ said, to }: Extract<Clause, { do: 'when' }>): void {
    const { graph, steps } = this.#work;
    const target = this.#step(to);
    const meant = wayMeant(graph, steps, said);
    if (meant.length !== 1) {
      const all = (meant.length > 0 ? meant : endWays(graph))
        .slice(0, MOST_NAMED)
        .map(({ step, way }) => `${this.#title(step)}: ${way.title[this.#work.locale]}`)
        .join('; ');
      throw new Cannot(this.#say.noWay(said, all));
    }
    const [{ step, way }] = meant as [(typeof meant)[number]];
    this.#change(
      { do: 'connect', from: step, way: way.name, to: target },
      this.#say.connects(this.#title(step), this.#title(target), way.title[this.#work.locale]),
    );
  }

  #join(clause: Extract<Clause, { do: 'connect' | 'disconnect' }>): void {
    const [from, to] = [this.#step(clause.from), this.#step(clause.to)];
    const way = this.#way(from, clause.way);
    if (way === 'error' && clause.do === 'connect') this.#routeErrors(from);
    const [a, b] = [this.#title(from), this.#title(to)];
    const shown = this.#work.graph.steps.find(({ id }) => id === from)?.ways.find(({ name }) => name === way);
    const called = shown?.title[this.#work.locale] ?? way ?? undefined;
    this.#change(
      { do: clause.do, from, way, to },
      clause.do === 'connect' ? this.#say.connects(a, b, called) : this.#say.disconnects(a, b),
    );
  }

  /** A step has a way out for errors only when they are to take one. */
  #routeErrors(id: string): void {
    const step = this.#work.graph.steps.find((each) => each.id === id);
    if (!step?.ways.some(({ name }) => name === 'error')) this.#change({ do: 'errors', step: id, how: 'route' });
  }
}

const hasFields = (config: JsonObject | undefined, ...fields: string[]): boolean =>
  fields.every((field) => field in ((config?.['properties'] ?? {}) as object));

/** Steps that nothing follows, of those that are not inside another; one that was added by an earlier clause is behind what it was put after. */
function endsOf({ graph, changes }: Work): string[] {
  const added = changes.filter((change) => change['do'] === 'add' && change['before'] === null);
  const left = new Set([...graph.edges.map(({ from }) => from), ...added.map((change) => change['after'])]);
  const steps = [...graph.steps.filter(({ inside }) => inside === undefined), ...added];
  return steps.map((each) => String(each['id'])).filter((id) => !left.has(id));
}

/** How long it says to wait, and what to say or to ask, where the kind of step has a place for it. */
function settingsFor(config: JsonObject, { text, amount, unit }: Extract<Clause, { do: 'add' }>): JsonObject[] {
  const properties = (config['properties'] ?? {}) as Readonly<Record<string, Json>>;
  const settings: JsonObject[] = [];
  const field = textField(config);
  if (text !== undefined && field !== null) settings.push({ field, value: JSON.stringify(text) });
  if (amount !== undefined && unit !== undefined && 'amount' in properties && 'unit' in properties)
    settings.push({ field: 'amount', value: String(amount) }, { field: 'unit', value: JSON.stringify(unit) });
  return settings;
}
