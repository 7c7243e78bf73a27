import { formatMicros } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { useToday } from './useOverview.js';

/** What the day cost, and what that is for each answer. */
export function CostCard({ sandbox }: { sandbox: boolean }) {
  const { t, locale } = useTexts();
  const { data } = useToday();
  if (!data) return null;
  const { costMicros, messagesAnswered } = data;
  const beside =
    costMicros > 0 && messagesAnswered > 0
      ? t('home.answeredCost', { cost: formatMicros(locale, costMicros / messagesAnswered) })
      : t(sandbox ? 'home.costSandbox' : 'home.costFree');
  return (
    <section className="hairline flex items-center justify-between gap-4 rounded-lg bg-surface px-4 pt-[9px] pb-2.5">
      <div>
        <h2 className="font-sans text-sm leading-4 font-normal tracking-normal text-ink-2">{t('home.cost')}</h2>
        <p className="num font-display text-[1.3125rem] leading-6 font-semibold tracking-[-.02em]">
          {formatMicros(locale, costMicros)}
        </p>
      </div>
      <p className="num text-right text-sm leading-4 text-ink-2">{beside}</p>
    </section>
  );
}
