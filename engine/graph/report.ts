import type { Locale, Text } from '#nodes/sdk/text.js';
import type { Problem, ProblemFix } from './definition.js';
import { partsOf, type Type } from './expressions/types.js';
import { problemCodes, type ProblemCodeName } from './problemCodes.js';

/** Most problems reported of one definition. Nobody reads more, and a hostile one has millions. */
export const mostProblems = 1_000;

export interface Place {
  readonly nodeId?: string | undefined;
  readonly edgeId?: string | undefined;
  readonly path?: string | undefined;
  readonly fix?: ProblemFix | undefined;
}
export type Params = Readonly<Record<string, string | number | Text | Type | undefined>>;

/** Collects problems in one language. */
export class Report {
  readonly problems: Problem[] = [];
  readonly locale: Locale;

  constructor(locale: Locale) {
    this.locale = locale;
  }

  get isFull(): boolean {
    return this.problems.length >= mostProblems;
  }

  add(code: ProblemCodeName, place: Place = {}, params: Params = {}): void {
    if (this.isFull) return;
    const { severity, text } = problemCodes[code];
    this.problems.push({
      code,
      severity,
      ...(place.nodeId !== undefined && { nodeId: place.nodeId }),
      ...(place.edgeId !== undefined && { edgeId: place.edgeId }),
      ...(place.path !== undefined && { path: place.path }),
      message: fill(text[this.locale], params, this.locale),
      ...(place.fix && { fix: place.fix }),
    });
  }
}

/** Puts parameters into a message. `[ … {x} … ]` is left out when `x` is not given. */
export function fill(text: string, params: Params, locale: Locale): string {
  const value = (name: string): string | undefined => {
    const param = Object.hasOwn(params, name) ? params[name] : undefined;
    if (param === undefined || param === '') return undefined;
    if (typeof param === 'string') return param.length > 200 ? `${param.slice(0, 197)}…` : param;
    if (typeof param === 'number') return String(param);
    return 'kind' in param ? nameOfType(param, locale) : param[locale];
  };
  return text
    .replace(/\[([^[\]]*\{(\w+)\}[^[\]]*)\]/g, (_, part: string, name: string) =>
      value(name) === undefined ? '' : part,
    )
    .replace(/\{(\w+)\}/g, (_, name: string) => value(name) ?? '');
}

const typeNames: Record<Exclude<Type['kind'], 'union' | 'optional'>, Text> = {
  any: { 'pt-BR': 'qualquer coisa', en: 'anything' },
  null: { 'pt-BR': 'vazio', en: 'nothing' },
  bool: { 'pt-BR': 'verdadeiro ou falso', en: 'true or false' },
  number: { 'pt-BR': 'número', en: 'a number' },
  string: { 'pt-BR': 'texto', en: 'text' },
  list: { 'pt-BR': 'lista', en: 'a list' },
  map: { 'pt-BR': 'um conjunto de campos', en: 'a set of fields' },
};

const or: Text = { 'pt-BR': ' ou ', en: ' or ' };

/** A type in a reader's words. */
export function nameOfType(type: Type, locale: Locale): string {
  const names = partsOf(type).flatMap((part): string[] => {
    if (part.kind === 'union') return [];
    if (part.kind === 'optional') return [nameOfType(part.of, locale), typeNames.null[locale]];
    if (part.kind === 'string' && part.values && part.values.length <= 6)
      return [part.values.map((value) => `"${value}"`).join(', ')];
    return [typeNames[part.kind][locale]];
  });
  return [...new Set(names)].join(or[locale]);
}

/** A JSON Schema type name in a reader's words. */
export const schemaTypeName = (name: string): Text => schemaTypeNames[name] ?? { 'pt-BR': name, en: name };

const schemaTypeNames: Readonly<Record<string, Text>> = {
  string: typeNames.string,
  number: typeNames.number,
  integer: { 'pt-BR': 'número inteiro', en: 'a whole number' },
  boolean: typeNames.bool,
  array: typeNames.list,
  object: typeNames.map,
  null: typeNames.null,
};
