import type { PublicNode } from '#nodes/sdk/publicNode.js';
import type { Locale } from '#nodes/sdk/text.js';
import type { Definition, NodeDefinition } from './definition.js';
import { checkExpression, findingOf, type CheckScope } from './expressions/check.js';
import { closestWithin } from './expressions/closest.js';
import { compileExpression } from './expressions/compile.js';
import { completionsAt, wordAt, type Completion } from './expressions/complete.js';
import type { Finding } from './expressions/finding.js';
import { typeOfSchema } from './expressions/schemaTypes.js';
import { expressionSpans, type ExpressionSpan } from './expressions/spans.js';
import { isAssignable, stringType, type Type } from './expressions/types.js';
import { Flow } from './flow.js';
import { isAfterBody, NodeScopes } from './nodeScope.js';
import { problemCodes, type ProblemCodeName } from './problemCodes.js';
import { fill, nameOfType } from './report.js';
import { schemaAt } from './schemaAt.js';

/** Something wrong with a part of a text field. `from` and `to` are characters of the text. */
export interface TextMark {
  readonly from: number;
  readonly to: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Put this in the place of `from`..`to` of `fix` to mend it. */
  readonly fix?: { readonly from: number; readonly to: number; readonly text: string };
}

export interface Completions {
  /** Where the word that is completed begins. */
  readonly from: number;
  readonly options: readonly Completion[];
}

export interface Hover {
  readonly from: number;
  readonly to: number;
  /** The type, in the reader's words. */
  readonly type: string;
}

/** A field of a node, for whoever writes in it. */
export interface FieldPlace {
  readonly nodeId: string;
  /** Below `config`. */
  readonly path: readonly string[];
}

/** Helps to write the expressions of one definition: what is wrong where, what can come next, what a name is. Never throws. */
export class Assistant {
  readonly #nodes: ReadonlyMap<string, NodeDefinition>;
  readonly #typeOf: (node: NodeDefinition) => PublicNode | undefined;
  readonly #scopes: NodeScopes;
  readonly #locale: Locale;

  constructor(definition: Definition, nodeTypes: readonly PublicNode[], locale: Locale) {
    const types = new Map(nodeTypes.map((type) => [`${type.type}@${type.version}`, type]));
    this.#typeOf = (node) => types.get(`${node.type}@${node.version}`);
    const flow = new Flow(definition, this.#typeOf);
    this.#nodes = flow.nodes;
    this.#scopes = new NodeScopes(flow, this.#typeOf, closestWithin(50));
    this.#locale = locale;
  }

  /** What is wrong with each expression of the text, under its exact place. */
  marks(place: FieldPlace, text: string): readonly TextMark[] {
    const scope = this.#scopeAt(place);
    if (!scope) return [];
    const spans = expressionSpans(text);
    const alone = spans.length === 1 && isAlone(text, spans[0]);
    return spans.flatMap((span) => {
      if (!span.closed) return [this.#mark({ code: 'unclosed', params: {} }, span.start - 2, text.length, 0)];
      const { source, offset } = trimmed(text, span);
      let checked: { readonly type: Type; readonly findings: readonly Finding[] };
      try {
        compileExpression(source);
        checked = checkExpression(source, scope);
      } catch (error) {
        const finding = findingOf(error, scope);
        const name = finding.params['name'];
        const index = typeof name === 'string' ? source.indexOf(name) : -1;
        const named = index >= 0 && name ? { start: index, end: index + String(name).length } : undefined;
        const { start, end } = finding.at ?? named ?? { start: 0, end: source.length };
        return [this.#mark(finding, offset + start, offset + end, offset)];
      }
      const found = checked.findings.map((finding) => {
        const { start, end } = finding.at ?? { start: 0, end: source.length };
        return this.#mark(finding, offset + start, offset + end, offset);
      });
      if (found.length > 0) return found;
      return this.#misfit(place, alone ? checked.type : stringType, offset, source);
    });
  }

  /** What can be written at a position of the text; `null` outside expressions. */
  complete(place: FieldPlace, text: string, position: number): Completions | null {
    const scope = this.#scopeAt(place);
    const span = expressionSpans(text).find(({ start, end }) => position >= start && position <= end);
    if (!scope || !span) return null;
    const { from, options } = completionsAt(text.slice(span.start, position), scope, this.#titles(), this.#locale);
    return { from: span.start + from, options };
  }

  /** The type of what stands at a position of the text. */
  hover(place: FieldPlace, text: string, position: number): Hover | null {
    const scope = this.#scopeAt(place);
    const span = expressionSpans(text).find(({ start, end }) => position >= start && position <= end);
    const word = span && wordAt(text.slice(span.start, span.end), position - span.start);
    if (!scope || !span || !word) return null;
    const { type, findings } = checkExpression(word.path, scope);
    if (findings.some(({ code }) => code === 'syntax' || code === 'unknown_name')) return null;
    return { from: span.start + word.from, to: span.start + word.to, type: nameOfType(type, this.#locale) };
  }

  /** What a field takes, in the reader's words; `null` where anything goes. */
  takes(place: FieldPlace): string | null {
    const type = this.#wanted(place);
    return !type || type.kind === 'any' ? null : nameOfType(type, this.#locale);
  }

  #titles(): (id: string) => string {
    return (id) => {
      const node = this.#nodes.get(id);
      return node?.title || (node && this.#typeOf(node)?.title[this.#locale]) || id;
    };
  }

  #scopeAt({ nodeId, path }: FieldPlace): CheckScope | null {
    const node = this.#nodes.get(nodeId);
    const type = node && this.#typeOf(node);
    if (!node || !type) return null;
    return this.#scopes.at(node, isAfterBody(type, path[0]));
  }

  #wanted({ nodeId, path }: FieldPlace): Type | null {
    const node = this.#nodes.get(nodeId);
    const root = node && this.#typeOf(node)?.config;
    const schema = root && schemaAt(root, path);
    return root && schema ? typeOfSchema(schema, root) : null;
  }

  #misfit(place: FieldPlace, type: Type, offset: number, source: string): TextMark[] {
    const expected = this.#wanted(place);
    if (!expected || isAssignable(type, expected)) return [];
    const asText = expected.kind === 'string' && !expected.values;
    const mend = asText ? { start: 0, end: source.length, text: `string(${source})` } : undefined;
    const finding = { code: 'wrong_type', params: { expected, found: type }, ...(mend && { mend }) };
    return [this.#mark(finding, offset, offset + source.length, offset)];
  }

  #mark(finding: Finding, from: number, to: number, offset: number): TextMark {
    const code = `expression.${finding.code}`;
    const known = isCode(code) ? code : 'expression.syntax';
    const { mend } = finding;
    return {
      from,
      to: Math.max(to, from + 1),
      severity: problemCodes[known].severity,
      message: fill(problemCodes[known].text[this.#locale], finding.params, this.#locale),
      ...(mend && { fix: { from: offset + mend.start, to: offset + mend.end, text: mend.text } }),
    };
  }
}

const isCode = (code: string): code is ProblemCodeName => Object.hasOwn(problemCodes, code);

const isAlone = (text: string, span: ExpressionSpan | undefined): boolean =>
  span !== undefined && text.slice(0, span.start - 2) === '' && text.slice(span.end + 2) === '';

function trimmed(text: string, { start, end }: ExpressionSpan): { source: string; offset: number } {
  const inside = text.slice(start, end);
  const source = inside.trim();
  return { source, offset: start + (source === '' ? 0 : inside.indexOf(source)) };
}
