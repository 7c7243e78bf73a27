import type { Json } from '../../api/types.js';

export interface Range {
  readonly from: number;
  readonly to: number;
}
export type JsonText =
  | {
      readonly value: Json;
      readonly fault: null;
      /** Where the value at a path stands in the text; of a path that is not there, where what should hold it does. */
      readonly at: (path: readonly string[]) => Range;
    }
  | { readonly fault: Range };

/** Deepest that a text may be nested: beyond it nobody reads, and the reader of this would run out of stack. */
const DEEPEST = 200;

/** Reads JSON as a person types it, knowing where everything stands. A fault says where reading stopped. */
export function readJson(text: string): JsonText {
  const places = new Map<string, Range>();
  try {
    const reader = new Reader(text, places);
    const value = reader.document();
    return {
      value,
      fault: null,
      at(path) {
        for (let length = path.length; length > 0; length -= 1) {
          const found = places.get(keyOf(path.slice(0, length)));
          if (found) return found;
        }
        return places.get(keyOf([])) ?? { from: 0, to: text.length };
      },
    };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const from = Math.min(error.at, Math.max(0, text.length - 1));
    return { fault: { from, to: Math.min(text.length, from + 1) } };
  }
}

const keyOf = (path: readonly string[]): string => JSON.stringify(path);

class Fault extends Error {
  constructor(readonly at: number) {
    super('not JSON');
  }
}

class Reader {
  readonly #text: string;
  readonly #places: Map<string, Range>;
  #at = 0;

  constructor(text: string, places: Map<string, Range>) {
    this.#text = text;
    this.#places = places;
  }

  document(): Json {
    const value = this.#value([]);
    this.#space();
    if (this.#at < this.#text.length) throw new Fault(this.#at);
    return value;
  }

  #value(path: readonly string[]): Json {
    this.#space();
    if (path.length > DEEPEST) throw new Fault(this.#at);
    const from = this.#at;
    const value = this.#read(path);
    this.#places.set(keyOf(path), { from, to: this.#at });
    return value;
  }

  #read(path: readonly string[]): Json {
    const next = this.#text[this.#at];
    if (next === '{') return this.#object(path);
    if (next === '[') return this.#list(path);
    if (next === '"') return this.#string();
    const [word] =
      /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/.exec(
        this.#text.slice(this.#at, this.#at + 400),
      ) ?? [];
    if (word === undefined) throw new Fault(this.#at);
    const value = JSON.parse(word) as Json;
    // Larger than any number: it would be sent as nothing.
    if (value === Infinity || value === -Infinity) throw new Fault(this.#at);
    this.#at += word.length;
    return value;
  }

  #object(path: readonly string[]): Json {
    const fields: [string, Json][] = [];
    this.#at += 1;
    if (this.#took('}')) return {};
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') throw new Fault(this.#at);
      const name = this.#string();
      if (!this.#took(':')) throw new Fault(this.#at);
      fields.push([name, this.#value([...path, name])]);
    } while (this.#took(','));
    if (!this.#took('}')) throw new Fault(this.#at);
    // Not by assignment: a field may be called `__proto__`.
    return Object.fromEntries(fields);
  }

  #list(path: readonly string[]): Json {
    const items: Json[] = [];
    this.#at += 1;
    if (this.#took(']')) return items;
    do items.push(this.#value([...path, String(items.length)]));
    while (this.#took(','));
    if (!this.#took(']')) throw new Fault(this.#at);
    return items;
  }

  #string(): string {
    const from = this.#at;
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const letter = this.#text[this.#at];
      if (letter === '\\') this.#at += 1;
      else if (letter === '\n') throw new Fault(from);
      else if (letter === '"') {
        this.#at += 1;
        try {
          return JSON.parse(this.#text.slice(from, this.#at)) as string;
        } catch {
          throw new Fault(from);
        }
      }
    }
    throw new Fault(from);
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  #took(mark: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== mark) return false;
    this.#at += 1;
    return true;
  }
}
