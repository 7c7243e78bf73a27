import type { Locale } from '#nodes/sdk/text.js';
import { nameOfType } from '../report.js';
import { checkExpression, type CheckScope } from './check.js';
import { functionSignatures, methodSignatures, type Signature } from './signatures.js';
import { openQuote } from './spans.js';
import { isAssignable, partsOf, presentOf, type Type } from './types.js';

/** Something that can be written next. */
export interface Completion {
  readonly label: string;
  readonly kind: 'name' | 'step' | 'field' | 'function';
  /** Its type or how it is written, in the reader's words. */
  readonly detail: string;
  readonly info?: string;
  /** What to write when it is not the label. */
  readonly apply?: string;
}

const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * What can follow `before`, the part of an expression up to the cursor. `from` is where the word being written begins in it.
 * `titleOf` gives what a person calls a step.
 */
export function completionsAt(
  before: string,
  scope: CheckScope,
  titleOf: (stepId: string) => string,
  locale: Locale,
): { readonly from: number; readonly options: readonly Completion[] } {
  if (openQuote(before)) return { from: before.length, options: [] };
  const word = /[A-Za-z0-9_-]*$/.exec(before)?.[0] ?? '';
  const lead = before.slice(0, before.length - word.length);
  const selecting = /\.\??$/.exec(lead);
  if (!selecting) {
    const plain = /[A-Za-z0-9_]*$/.exec(before)?.[0] ?? '';
    return { from: before.length - plain.length, options: atTheStart(scope, locale) };
  }
  const owner = ownerBefore(lead.slice(0, -selecting[0].length));
  if (owner === 'steps') return { from: lead.length, options: steps(scope, titleOf, locale) };
  const { type } = checkExpression(owner, scope);
  return { from: lead.length, options: [...fieldsOf(type, locale), ...methodsOf(type, locale)] };
}

/** The path of names that ends with the word at a position: for `contact.na|me` all of `contact.name`. */
export function wordAt(
  source: string,
  position: number,
): { readonly from: number; readonly to: number; readonly path: string } | null {
  if (openQuote(source.slice(0, position))) return null;
  const tail = /^[A-Za-z0-9_]*/.exec(source.slice(position))?.[0] ?? '';
  const to = position + tail.length;
  const path = ownerBefore(source.slice(0, to));
  const word = /[A-Za-z0-9_]+$/.exec(path)?.[0];
  return word ? { from: to - word.length, to, path } : null;
}

function atTheStart(scope: CheckScope, locale: Locale): Completion[] {
  const roots = [...scope.roots].map(([label, type]): Completion => ({
    label,
    kind: 'name',
    detail: nameOfType(type, locale),
  }));
  const stepsName: Completion = {
    label: 'steps',
    kind: 'name',
    detail: locale === 'en' ? 'earlier steps' : 'passos de antes',
    apply: 'steps.',
  };
  return [...roots, stepsName, ...[...functionSignatures].map(([name, each]) => written(name, each, locale))];
}

function steps(scope: CheckScope, titleOf: (id: string) => string, locale: Locale): Completion[] {
  return [...scope.stepIds()].flatMap((id): Completion[] => {
    const step = scope.step(id);
    if (step === 'later' || step === 'unknown') return [];
    // An id that is no plain name needs brackets, and those stand for the point too; `?` gives a step that may not have run.
    const option: Completion = { label: id, kind: 'step', detail: titleOf(id), info: nameOfType(step.type, locale) };
    return [step.required || !plainName.test(id) ? option : { ...option, apply: `?${id}` }];
  });
}

function fieldsOf(type: Type, locale: Locale): Completion[] {
  const fields = new Map<string, Completion>();
  for (const outer of partsOf(type))
    for (const part of partsOf(outer.kind === 'optional' ? outer.of : outer))
      if (part.kind === 'map')
        for (const [label, field] of part.fields)
          fields.set(label, { label, kind: 'field', detail: nameOfType(field.type, locale) });
  return [...fields.values()];
}

function methodsOf(type: Type, locale: Locale): Completion[] {
  const receiver = presentOf(type);
  if (receiver.kind === 'any') return [];
  const optional = receiver.kind === 'optional';
  return [...methodSignatures].flatMap(([name, each]) => {
    const [taken] = each.takes;
    const fits = taken && taken.kind !== 'any' && (taken.kind === 'optional') === optional;
    return fits && isAssignable(receiver, taken) ? [written(name, each, locale)] : [];
  });
}

const written = (name: string, { form, summary }: Signature, locale: Locale): Completion => ({
  label: name,
  kind: 'function',
  detail: form,
  info: summary[locale],
  apply: `${name}(`,
});

/** The value that a selection after this text is taken of: names, points, and whatever stands in balanced brackets. */
function ownerBefore(text: string): string {
  let at = text.length;
  let depth = 0;
  while (at > 0) {
    const character = text[at - 1] ?? '';
    if (character === ')' || character === ']') depth += 1;
    else if (character === '(' || character === '[') {
      if (depth === 0) break;
      depth -= 1;
    } else if (depth === 0 && !/[A-Za-z0-9_.?]/.test(character)) break;
    at -= 1;
  }
  return text.slice(at);
}
