import { X } from 'lucide-react';
import { useState } from 'react';
import { explain } from '../api/explain.js';
import { useSessionOf } from '../editor/session.js';
import { formatNumber } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { TrafficOverlay } from './TrafficOverlay.js';
import { useTraffic } from './useTraffic.js';

/** In hours. */
const spans = { hour: 1, day: 24, week: 168 } as const;
type Span = keyof typeof spans;
const spanNames = Object.keys(spans) as Span[];

/** What customers set off lately, on the steps of the draft: steps that are not live have nothing to tell. Counted again while one looks. */
export function LiveTraffic() {
  const { t, locale } = useTexts();
  const { department, ui } = useSessionOf();
  const [span, setSpan] = useState<Span>('day');
  const { data, error } = useTraffic(department.id, { hours: spans[span] });
  return (
    <>
      {data && <TrafficOverlay traffic={data} />}
      <section aria-label={t('inPlace.traffic.label')} className="traffic-legend nopan">
        <select
          aria-label={t('inPlace.traffic.since')}
          className="traffic-since"
          value={span}
          onChange={({ target }) => setSpan(spanNames.find((each) => each === target.value) ?? 'day')}
        >
          {spanNames.map((each) => (
            <option key={each} value={each}>
              {t(`inPlace.traffic.spans.${each}`)}
            </option>
          ))}
        </select>
        <p className="num min-w-0" aria-live="polite">
          {error
            ? explain(error, t)
            : data &&
              [
                ...(data.version === null ? [] : [t('runs.traffic.version', { version: data.version })]),
                t('inPlace.traffic.total', { count: data.runs, shown: formatNumber(locale, data.runs) }),
                ...(data.failedRuns > 0 ? [t('runs.traffic.failed', { count: data.failedRuns })] : []),
                ...(data.complete ? [] : [t('runs.traffic.newest')]),
              ].join(' · ')}
        </p>
        <button
          type="button"
          aria-label={t('inPlace.traffic.hide')}
          title={t('inPlace.traffic.hide')}
          className="bar-action press"
          onClick={() => ui.setState({ traffic: false })}
        >
          <X size={15} aria-hidden="true" />
        </button>
      </section>
    </>
  );
}
