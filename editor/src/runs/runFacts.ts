import type { RunView } from '../api/types.js';

/** Marks that turn the writing of what stands beside them around: a name that begins with one would turn our own words. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const plain = (text: string): string => text.replace(turning, '').trim();

/** What set it off, in the words of whoever wrote; `null` when nobody did. */
export function askedIn({ input }: Pick<RunView, 'input'>): string | null {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return null;
  const { text } = input;
  return typeof text === 'string' && plain(text) !== '' ? plain(text) : null;
}

/** Who wrote; `null` when nobody did. */
export function writerOf({ input }: Pick<RunView, 'input'>): string | null {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return null;
  const { contact } = input;
  if (typeof contact !== 'object' || contact === null || Array.isArray(contact)) return null;
  return typeof contact['name'] === 'string' && plain(contact['name']) !== '' ? plain(contact['name']) : null;
}

/** Milliseconds from its first step to its end, waits included; `null` until it ends. */
export const lastedMs = ({ startedAt, finishedAt }: Pick<RunView, 'startedAt' | 'finishedAt'>): number | null =>
  startedAt && finishedAt ? Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)) : null;

/** Whether it was made from another run: `fork` from a step of it, `replay` from its start. */
export const madeFrom = ({
  forkedFrom,
  replayOf,
}: Pick<RunView, 'forkedFrom' | 'replayOf'>): 'fork' | 'replay' | null =>
  forkedFrom ? 'fork' : replayOf ? 'replay' : null;
