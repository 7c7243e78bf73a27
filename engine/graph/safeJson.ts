import { limits } from './definition.js';

/** The first reason why a value must not be looked at any further. */
export type Unsafe =
  | { readonly code: 'size.nodes' | 'size.edges'; readonly count: number; readonly limit: number }
  | { readonly code: 'size.bytes' | 'size.depth' | 'size.expressions'; readonly limit: number; readonly path: string }
  | { readonly code: 'material.forbidden_key'; readonly name: string; readonly path: string }
  | { readonly code: 'material.not_json' | 'material.broken_character' | 'material.not_finite'; readonly path: string };

/** Levels of a definition above a config: nodes, node, config. */
const depthOfConfig = 3;
/** Expressions in one definition, and their characters, braces to end: what the type checker gets through in time. */
export const expressionsInAll = { count: 2_000, characters: 300_000 } as const;

const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
/** Halves of a character and U+0000: JSON can write them, no store can keep them. */
const broken = /[\p{Surrogate}\0]/u;

/**
 * Walks a value once, stopping at the first thing that is too much or must not be there; `null` when it is plain JSON of a reasonable
 * size. Counts bytes as it goes, so that 10 MB cost no more than 2. Never throws, not even on getters, proxies or circles.
 */
export function findUnsafe(value: unknown): Unsafe | null {
  try {
    return tooMany(value, 'nodes') ?? tooMany(value, 'edges') ?? new Walk().visit(value, 0, []);
  } catch {
    return { code: 'material.not_json', path: '' };
  }
}

function tooMany(value: unknown, field: 'nodes' | 'edges'): Unsafe | null {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return null;
  const list: unknown = (value as Record<string, unknown>)[field];
  const count = Array.isArray(list) ? list.length : 0;
  return count > limits[field] ? { code: `size.${field}`, count, limit: limits[field] } : null;
}

class Walk {
  #bytes = 0;
  #expressions = 0;
  #expressionCharacters = 0;

  visit(value: unknown, depth: number, path: string[]): Unsafe | null {
    if (depth > limits.configDepth + depthOfConfig) {
      return { code: 'size.depth', limit: limits.configDepth, path: path.slice(0, 8).join('.') };
    }
    if (typeof value === 'string') return this.#text(value, path) ?? this.#expression(value, path);
    if (typeof value === 'number') {
      return Number.isFinite(value) ? this.#add(8, path) : { code: 'material.not_finite', path: path.join('.') };
    }
    if (value === null || typeof value === 'boolean') return this.#add(5, path);
    if (Array.isArray(value)) return this.#list(value, depth, path);
    if (typeof value === 'object' && isPlain(value)) return this.#object(value, depth, path);
    return { code: 'material.not_json', path: path.join('.') };
  }

  #list(value: readonly unknown[], depth: number, path: string[]): Unsafe | null {
    for (let index = 0; index < value.length; index += 1) {
      path.push(String(index));
      const found = this.#add(1, path) ?? this.visit(value[index], depth + 1, path);
      if (found) return found;
      path.pop();
    }
    return this.#add(2, path);
  }

  #object(value: object, depth: number, path: string[]): Unsafe | null {
    for (const key of Object.keys(value)) {
      if (forbiddenKeys.has(key)) return { code: 'material.forbidden_key', name: key, path: path.join('.') };
      const part: unknown = (value as Record<string, unknown>)[key];
      // A key without a value is one that JSON does not have.
      if (part === undefined) continue;
      path.push(key);
      const found = this.#text(key, path) ?? this.visit(part, depth + 1, path);
      if (found) return found;
      path.pop();
    }
    return this.#add(2, path);
  }

  #text(value: string, path: readonly string[]): Unsafe | null {
    const found = this.#add(value.length + 3, path);
    if (found) return found;
    return broken.test(value) ? { code: 'material.broken_character', path: path.join('.') } : null;
  }

  #expression(value: string, path: readonly string[]): Unsafe | null {
    const first = value.indexOf('{{');
    if (first === -1) return null;
    for (let at = first; at !== -1; at = value.indexOf('{{', at + 2)) this.#expressions += 1;
    this.#expressionCharacters += value.length - first;
    const { count, characters } = expressionsInAll;
    if (this.#expressions <= count && this.#expressionCharacters <= characters) return null;
    return { code: 'size.expressions', limit: count, path: path.join('.') };
  }

  #add(bytes: number, path: readonly string[]): Unsafe | null {
    this.#bytes += bytes;
    return this.#bytes > limits.bytes
      ? { code: 'size.bytes', limit: limits.bytes, path: path.slice(0, 8).join('.') }
      : null;
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
