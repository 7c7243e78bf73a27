import type { SealedEntry } from './journalEntries.js';
import { plainArray } from './packing.js';

/** How the rows of one table are written by a flush. */
export interface Table<Row> {
  /** The data-modifying part of the flush; `p(i)` names its i-th parameter, `lease` is empty once the worker was declared dead. */
  readonly sql: (p: (index: number) => string) => string;
  /** More parts of the statement, before that one. */
  readonly before?: (p: (index: number) => string) => string;
  /** What the statement answers, beside whether the lease is held. */
  readonly answer?: string;
  readonly parameters: (rows: readonly Row[]) => readonly unknown[];
}

/** The runs of these rows, as one parameter. */
export const runs = (rows: readonly SealedEntry[]): string => plainArray(rows.map((row) => row.run));
export const organizations = (rows: readonly SealedEntry[]): string => plainArray(rows.map((row) => row.organization));
export const numbers = (values: readonly (number | null)[]): string =>
  plainArray(values.map((value) => value ?? 'NULL'));
