import type { Completions, FieldPlace, Hover, TextMark } from '#engine/graph/assist.js';
import type { Problem } from '#engine/graph/definition.js';
import type { Known } from '#engine/graph/rules/rule.js';
import type { Json } from '#nodes/sdk/json.js';
import type { Locale } from '#nodes/sdk/text.js';
import type { Definition, PublicNode } from '../api/types.js';

/** What a run, or the hand of an author, gives the names of an expression. */
export interface SampleValues {
  readonly trigger: Json;
  readonly steps: { readonly [nodeId: string]: Json };
  /** The way that each of them left by. */
  readonly ports?: { readonly [nodeId: string]: string };
  readonly contact?: Json;
  readonly conversation?: Json;
  readonly organization?: Json;
}

export type Preview = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly message: string };

/** What a department is checked against. */
export interface CheckerStart {
  readonly nodeTypes: readonly PublicNode[];
  readonly locale: Locale;
  /** What the organization has that steps may name. Nothing is said of what is not known. */
  readonly known: Known;
}

/** What can be asked of the worker about one field, and what it answers. */
export interface Questions {
  marks: { ask: { place: FieldPlace; text: string }; answer: readonly TextMark[] };
  complete: { ask: { place: FieldPlace; text: string; position: number }; answer: Completions | null };
  hover: { ask: { place: FieldPlace; text: string; position: number }; answer: Hover | null };
  takes: { ask: { place: FieldPlace }; answer: string | null };
  /** What is wrong with a definition that is not on the screen. */
  judge: { ask: { definition: Definition }; answer: readonly Problem[] };
  preview: { ask: { value: Json; sample: SampleValues }; answer: Preview };
}
export type QuestionName = keyof Questions;

/** To the worker. `revision` counts the definitions that it was given. */
export type ToWorker =
  | { readonly kind: 'start'; readonly with: CheckerStart }
  | { readonly kind: 'load'; readonly definition: Definition }
  | { readonly kind: 'check'; readonly revision: number }
  | { readonly kind: 'ask'; readonly id: number; readonly name: QuestionName; readonly with: unknown };

export type FromWorker =
  | { readonly kind: 'checked'; readonly revision: number; readonly problems: readonly Problem[] }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown };
