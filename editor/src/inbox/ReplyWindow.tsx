import { formatDuration } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { useNow } from '../ui/useNow.js';
import { Window24h, windowMs } from '../ui/Window24h.js';

/** Milliseconds left of the customer service window that opened at `since`; 0 when it is over or never opened. */
export const windowLeft = (since: string | null, now: number): number =>
  since ? Math.max(0, Date.parse(since) + windowMs - now) : 0;

/** How long one may still answer freely, counted down by the minute. */
export function ReplyWindow({ since }: { since: string | null }) {
  const { t, locale } = useTexts();
  const now = useNow(30_000);
  const left = windowLeft(since, now);
  const minutes = Math.max(60_000, Math.floor(left / 60_000) * 60_000);
  return (
    <Window24h leftMs={left}>
      {left > 0 ? t('inbox.window.left', { time: formatDuration(locale, minutes) }) : t('inbox.window.closed')}
    </Window24h>
  );
}
