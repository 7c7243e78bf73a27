import type { TFunction } from 'i18next';
import type { Locale } from '#nodes/sdk/text.js';
import type { RunView } from '../api/types.js';
import { formatMoment } from '../i18n/format.js';

/** Why a run rests, told in one way each. */
type Told = 'paused' | 'begins' | 'goesOn' | 'gathers' | 'turn' | 'free' | 'conversation';

type Resting = Pick<RunView, 'status' | 'heldUp' | 'startedAt' | 'conversationId'>;

/** `null` when it does not rest: a live event may have said so since its record was read. */
function toldOf({ status, heldUp, startedAt, conversationId }: Resting): Told | null {
  if (!heldUp || status !== (heldUp.reason === 'conversation' ? 'waiting' : 'queued')) return null;
  switch (heldUp.reason) {
    case 'hour':
      if (startedAt) return 'goesOn';
      // What a customer wrote has no hour: it waits for what they may be writing still.
      return conversationId ? 'gathers' : 'begins';
    case 'turn':
      return heldUp.ahead > 0 ? 'turn' : 'free';
    case 'paused':
    case 'conversation':
      return heldUp.reason;
  }
}

/** Why a run rests that nobody has to answer: some words for a list, and a sentence with what to do. `null` when it does not. */
export function heldUpIn(
  run: Resting,
  team: string | null,
  { t, locale }: { readonly t: TFunction; readonly locale: Locale },
): { readonly line: string; readonly sentence: string } | null {
  const told = toldOf(run);
  if (!told) return null;
  const until = run.heldUp?.until;
  const values = {
    team: team ?? t('runs.heldUp.someTeam'),
    time: until ? formatMoment(locale, until) : '',
    count: run.heldUp?.ahead ?? 0,
  };
  return { line: t(`runs.heldUp.line.${told}`, values), sentence: t(`runs.heldUp.${told}`, values) };
}
