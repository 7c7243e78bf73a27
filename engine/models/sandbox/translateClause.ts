import type { Json, JsonObject } from '#nodes/sdk/json.js';
import { find, type Named } from './called.js';
import type { Clause } from './graphClause.js';
import { fieldOf, fieldsOf, textField, valueOf } from './graphFields.js';
import { Cannot, Names, type Neighbours, type Work } from './graphNames.js';
import type { NewStep } from './graphPlace.js';
import { endWays, wayMeant } from './graphWays.js';

/**
 * Adds what the first of the readings of a clause that can be done asks for to the changes; says why the likeliest of them cannot be when none can.
 */
export function translate(readings: readonly Clause[], work: Work): string | null {
  let problem: string | null = null;
  for (const clause of readings) {
    const tried = { ...work, steps: [...work.steps], changes: [...work.changes], told: [...work.told] };
    try {
      new Translator(tried).do(clause);
    } catch (error) {
      if (!(error instanceof Cannot)) throw error;
      problem ??= error.message;
      continue;
    }
    for (const part of ['steps', 'changes', 'told'] as const)
      work[part].push(...(tried[part].slice(work[part].length) as never[]));
    return null;
  }
  return problem;
}

const nowhere: Neighbours = { after: null, way: null, before: null };
/** Ways out that a list of them in an answer names. */
const MOST_WAYS = 20;

class Translator extends Names {
  readonly #work: Work;

  constructor(work: Work) {
    super(work);
    this.#work = work;
  }

  do(clause: Clause): void {
    switch (clause.do) {
      case 'add':
        return this.#add(clause);
      case 'move': {
        const id = this.step(clause.what);
        const place = this.place(clause.place, id);
        return this.#change({ do: 'move', step: id, ...place }, this.say.moves(this.title(id), this.where(place)));
      }
      case 'swap': {
        const [a, b] = [this.step(clause.what), this.step(clause.with)];
        return this.#change({ do: 'swap', step: a, with: b }, this.say.swaps(this.title(a), this.title(b)));
      }
      case 'duplicate':
        return this.#duplicate(clause);
      case 'replace': {
        const id = this.step(clause.what);
        const type = this.#kindFor(clause.by);
        this.#new(type.id, { ...nowhere, after: id }, clause.by);
        return this.#change({ do: 'remove', step: id }, this.say.replaces(this.title(id), this.typeTitle(type.id)));
      }
      case 'remove':
        return this.#remove(clause.what);
      case 'rename':
        return this.#rename(clause);
      case 'say': {
        const id = this.step(clause.what);
        const field = textField(this.config(id));
        if (field === null) throw new Cannot(this.say.noText(this.title(id)));
        return this.#settings(id, { [field]: clause.text }, this.say.saysNow(this.title(id), clause.text));
      }
      case 'set':
        return this.#set(clause);
      case 'fails': {
        const [from, to] = [this.step(clause.what), this.step(clause.to)];
        this.#routeErrors(from);
        return this.#change(
          { do: 'connect', from, way: 'error', to },
          this.say.fails(this.title(from), this.title(to)),
        );
      }
      case 'when':
        return this.#when(clause);
      case 'cut': {
        const [one, other] = [this.step(clause.one), this.step(clause.other)];
        const isBack = this.#work.graph.edges.some(({ from, to }) => from === other && to === one);
        const [from, to] = isBack ? [other, one] : [one, other];
        return this.#change(
          { do: 'disconnect', from, way: null, to },
          this.say.disconnects(this.title(from), this.title(to)),
        );
      }
      default:
        return this.#join(clause);
    }
  }

  #change(change: JsonObject, told?: string): void {
    this.#work.changes.push(change);
    if (told !== undefined) this.#work.told.push(told);
  }

  #settings(step: string, values: Readonly<Record<string, Json>>, told: string): void {
    const settings = Object.entries(values).map(([field, value]) => ({ field, value: JSON.stringify(value) }));
    this.#change({ do: 'set', step, settings }, told);
  }

  #add(clause: Extract<Clause, { do: 'add' }>): void {
    const there = clause.put ? this.thereAlready(clause.what, clause.definite === true) : null;
    if (there) return this.do({ do: 'move', what: there.names[0] ?? there.id, place: clause });
    const isPlaced = [clause.after, clause.before, clause.first, clause.last].some((each) => each !== undefined);
    const type = this.#kindFor(clause, isPlaced);
    const place = isPlaced ? this.place(clause, null) : { ...nowhere, way: clause.way ?? null };
    const title = clause.called ?? this.typeTitle(type.id);
    const id = this.#new(type.id, place, clause);
    this.#work.steps.push({ id, names: [title] });
    this.#work.told.push(this.say.adds(title, this.where(place)));
  }

  /** The kind of step that is asked for: with a time it is one that waits. */
  #kindFor({ what, amount }: NewStep, placed = true): Named {
    const waits =
      amount === undefined
        ? []
        : this.#work.types.filter(({ id }) => hasFields(this.kind(id)?.config, 'amount', 'unit'));
    const [only] = waits;
    // "A wait of 10 minutes", "wait 10 minutes": what is said beside the time is nothing else.
    return only && find(what, waits).length === 1 ? only : this.type(what, placed);
  }

  #new(type: string, place: Neighbours, step: NewStep): string {
    const id = `new_${this.#work.changes.length + 1}`;
    const settings = settingsFor(this.kind(type)?.config ?? {}, step);
    this.#change({ do: 'add', id, type, title: step.called ?? null, ...place, inside: null, settings });
    return id;
  }

  #duplicate({ what, place }: Extract<Clause, { do: 'duplicate' }>): void {
    const step = this.step(what);
    const id = `new_${this.#work.changes.length + 1}`;
    const at = place ? this.place(place, null) : nowhere;
    const title = this.say.copyOf(this.title(step));
    this.#change({ do: 'duplicate', step, id, title, ...at }, this.say.copies(this.title(step), this.where(at)));
    this.#work.steps.push({ id, names: [title], also: ['cópia', 'copy'] });
  }

  /** One step, or several with "and" between them. */
  #remove(what: string): void {
    const parts = what
      .split(/\s*,\s*|\s+(?:e|and)\s+/iu)
      .map((part) => part.replace(/^(?:(?:e|and)\s+)?(?:o|a|os|as|the)\s+/iu, ''));
    const names = parts.length === 1 || find(what, this.#work.steps).length === 1 ? [what] : parts;
    for (const id of names.map((name) => this.gone(name.replace(/^["“”'«]+|["“”'»]+$/gu, ''))))
      this.#change({ do: 'remove', step: id }, this.say.removes(this.title(id)));
  }

  #rename({ what, to }: Extract<Clause, { do: 'rename' }>): void {
    const id = this.step(what);
    if (to === '') throw new Cannot(this.say.noName(this.title(id)));
    this.#change({ do: 'rename', step: id, title: to }, this.say.renames(this.title(id), to));
  }

  #set({ what, field, value }: Extract<Clause, { do: 'set' }>): void {
    const id = this.step(what);
    const config = this.config(id);
    const [title, locale] = [this.title(id), this.#work.locale];
    if (field === 'amount+unit') {
      const [amount = '', unit = ''] = value.split(' ');
      if (!hasFields(config, 'amount', 'unit'))
        throw new Cannot(this.say.noField(title, value, fieldsOf(config, locale)));
      return this.#settings(id, { amount: Number(amount), unit }, this.say.sets(title, this.say.howLong, value));
    }
    const known = fieldOf(config, field);
    if (!known) throw new Cannot(this.say.noField(title, field, fieldsOf(config, locale)));
    const read = valueOf(known.schema, value);
    if (read === undefined) throw new Cannot(this.say.noValue(known.title[locale], value));
    this.#settings(id, { [known.key]: read }, this.say.sets(title, known.title[locale], value));
  }

  #when({ said, to }: Extract<Clause, { do: 'when' }>): void {
    const { graph, steps, locale } = this.#work;
    const target = this.step(to);
    const meant = wayMeant(graph, steps, said);
    const [only, ...others] = meant;
    if (!only || others.length > 0) {
      const all = (only ? meant : endWays(graph))
        .slice(0, MOST_WAYS)
        .map(({ step, way }) => `${this.title(step)}: ${way.title[locale]}`)
        .join('; ');
      throw new Cannot(this.say.noWay(said, all));
    }
    const { step, way } = only;
    this.#change(
      { do: 'connect', from: step, way: way.name, to: target },
      this.say.connects(this.title(step), this.title(target), way.title[locale]),
    );
  }

  #join(clause: Extract<Clause, { do: 'connect' | 'disconnect' }>): void {
    const [from, to] = [this.step(clause.from), this.step(clause.to)];
    const way = this.way(from, clause.way);
    if (way === 'error' && clause.do === 'connect') this.#routeErrors(from);
    const [a, b] = [this.title(from), this.title(to)];
    const shown = this.#work.graph.steps.find(({ id }) => id === from)?.ways.find(({ name }) => name === way);
    const called = shown?.title[this.#work.locale] ?? way ?? undefined;
    this.#change(
      { do: clause.do, from, way, to },
      clause.do === 'connect' ? this.say.connects(a, b, called) : this.say.disconnects(a, b),
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

/** How long it says to wait, and what to say or to ask, where the kind of step has a place for it. */
function settingsFor(config: JsonObject, { text, amount, unit }: NewStep): JsonObject[] {
  const settings: JsonObject[] = [];
  const field = textField(config);
  if (text !== undefined && field !== null) settings.push({ field, value: JSON.stringify(text) });
  if (amount !== undefined && unit !== undefined && hasFields(config, 'amount', 'unit'))
    settings.push({ field: 'amount', value: String(amount) }, { field: 'unit', value: JSON.stringify(unit) });
  return settings;
}
