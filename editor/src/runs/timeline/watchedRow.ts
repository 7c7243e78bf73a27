import type { TimelineRow } from './rows.js';

/** The row worth looking at: where somebody must act, what failed, what works, else the last. */
export function watchedRow(rows: readonly TimelineRow[]): TimelineRow | null {
  const steps = rows.filter(({ kind }) => kind === 'step');
  return (
    steps.find(isYourTurn) ??
    steps.find(({ status, tries }) => status === 'failed' && tries.at(-1)?.port === null) ??
    steps.findLast(({ status }) => status === 'running') ??
    steps.findLast(({ status }) => status === 'waiting') ??
    steps.at(-1) ??
    null
  );
}

/** Somebody of the house must answer, or say what became of something. */
export const isYourTurn = ({ status, pause, effects }: TimelineRow): boolean =>
  (status === 'waiting' && pause?.kind === 'member' && pause.answeredAt === null) ||
  effects.some(({ needsPerson }) => needsPerson);
