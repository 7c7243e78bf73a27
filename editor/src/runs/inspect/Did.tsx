import { Check, CheckCheck, CircleAlert, Hand, LoaderCircle } from 'lucide-react';
import type { EffectView } from '../../api/types.js';
import { useTexts } from '../../i18n/useTexts.js';
import { classes } from '../../ui/classes.js';
import { isConfirmed, toldOf } from './messageStatus.js';

/** What a step did outside, in two words: what needs a person first, else what happened last. */
export function Did({ effects, refused }: { effects: readonly EffectView[]; refused: boolean }) {
  const { t } = useTexts();
  const shown = effects.find(({ state }) => state === 'uncertain') ?? effects.at(-1);
  if (!shown) return null;
  const status = toldOf(shown.message?.status);
  const confirmed = isConfirmed(status);
  const no = shown.state === 'done' && refused;
  const Icon =
    shown.state === 'uncertain'
      ? Hand
      : shown.state === 'not_done' || status === 'failed' || no
        ? CircleAlert
        : shown.state === 'intended'
          ? LoaderCircle
          : confirmed
            ? CheckCheck
            : Check;
  const text =
    shown.state === 'uncertain'
      ? t('runs.outside.short.unknown')
      : shown.state === 'not_done'
        ? t('runs.outside.short.notDone')
        : shown.state === 'intended'
          ? t('runs.outside.short.doing')
          : status
            ? t(`runs.outside.status.${status}`)
            : t(no ? 'runs.outside.short.refused' : 'runs.outside.short.done');
  return (
    <span
      className={classes(
        'inline-flex max-w-full items-center gap-1 text-xs font-medium',
        shown.state === 'uncertain'
          ? 'text-sol-text'
          : shown.state === 'not_done' || status === 'failed' || no
            ? 'text-danger'
            : shown.state === 'intended'
              ? 'text-ink-2'
              : 'text-ok',
      )}
    >
      <Icon size={13} aria-hidden="true" />
      <span className="truncate">
        {effects.length > 1 ? t('runs.outside.short.more', { text, count: effects.length - 1 }) : text}
      </span>
    </span>
  );
}
