import type { RunView } from '../api/types.js';

/** What set it off, in the words of whoever wrote; `null` when nobody did. */
export function askedIn({ input }: Pick<RunView, 'input'>): string | null {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return null;
  const { text } = input;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : null;
}

/** Who wrote; `null` when nobody did. */
export function writerOf({ input }: Pick<RunView, 'input'>): string | null {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return null;
  const { contact } = input;
  if (typeof contact !== 'object' || contact === null || Array.isArray(contact)) return null;
  return typeof contact['name'] === 'string' ? contact['name'] : null;
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
