import type { Json } from '#nodes/sdk/json.js';

/** What is sealed is stored as text, four letters for three bytes. */
const STORED = 4 / 3;

/** Most bytes, as they are stored, of what a run was given or came to where it is one thing among others: as much as a step's record shows. */
export const SHOWN_BYTES = Math.round(262_144 * STORED);
/** The same where it is what one asked for, and of all that its steps were given and made. */
export const WHOLE_BYTES = 16_000_000;

/** Stands for a value that is too big to be shown here. */
export const leftOut = (stored: number): Json => ({ truncated: { bytes: Math.round(stored / STORED), preview: '' } });

/** A column of `r` unless it is bigger than that; then how big it is. Nothing of it is read to find out. */
export const upTo = (column: 'input' | 'output', most: number): string =>
  `case when pg_column_size(r.${column}) > ${most} then null else r.${column} end as ${column},
   case when pg_column_size(r.${column}) > ${most} then pg_column_size(r.${column}) end as "${column}LeftOut"`;
