import type { Text } from '#nodes/sdk/text.js';
import type { Type } from './types.js';

/** What the type checker finds. `code` is the last part of a problem code `expression.<code>`. */
export interface Finding {
  readonly code: string;
  /** What the message speaks of: names as they are, reasons in both languages, types to be named in the reader's. */
  readonly params: Readonly<Record<string, string | Text | Type>>;
  /** Text of the expression to be replaced, and by what, when it is obvious. */
  readonly mend?: { readonly start: number; readonly end: number; readonly text: string };
  /** The part of the expression that is wrong, in characters from its start; absent when it does not compile. */
  readonly at?: { readonly start: number; readonly end: number };
}

/** Where findings go. `find` gives the type of what could not be understood, so that checking goes on. */
export interface FindingSink {
  find(code: string, params: Finding['params']): Type;
}
