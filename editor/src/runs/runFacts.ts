import type { RunView } from '../api/types.js';
import { isPoint, placeOf } from '../inbox/placeOf.js';

/** Marks that turn the writing of what stands beside them around: a name that begins with one would turn our own words. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const plain = (text: string): string => text.replace(turning, '').trim();

type Of = Pick<RunView, 'input'>;

const partsOf = ({ input }: Of) => (typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {});

/** What set it off, in the words of whoever wrote; `null` when nobody did, or only a place was sent. */
export function askedIn(run: Of): string | null {
  const { text, kind } = partsOf(run);
  if (typeof text !== 'string' || kind === 'location') return null;
  // A point that came along with words is none of them.
  const lines = text.split('\n');
  const words = lines.filter((line) => !isPoint(line)).join('\n');
  return plain(words) || plain(text) || null;
}

/** What the place is called that a customer sent; empty for a mere point, `null` when no place was what they sent. */
export function placeIn(run: Of): string | null {
  const { text, kind } = partsOf(run);
  if (typeof text !== 'string' || kind !== 'location') return null;
  const place = placeOf({ kind, text, changed: null });
  return place && plain(place.name);
}

/** Who wrote; `null` when nobody did. */
export function writerOf(run: Of): string | null {
  const { contact } = partsOf(run);
  if (typeof contact !== 'object' || contact === null || Array.isArray(contact)) return null;
  return typeof contact['name'] === 'string' ? plain(contact['name']) || null : null;
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
