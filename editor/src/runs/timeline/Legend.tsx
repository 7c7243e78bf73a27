import { useTexts } from '../../i18n/useTexts.js';
import type { TimelineRow } from './rows.js';
import './timeline.css';

/** What the bars of this run mean; only those that are there. */
export function Legend({ rows }: { rows: readonly TimelineRow[] }) {
  const { t } = useTexts();
  const found = new Set(rows.flatMap((row) => row.bars.map(({ kind }) => kind)));
  const kinds = (['work', 'failed', 'pause', 'you'] as const).filter((kind) => found.has(kind));
  return (
    <ul className="wf-legend flex flex-none flex-wrap gap-x-[18px] gap-y-1 border-t border-line bg-wall px-6 py-3 text-xs text-ink-2">
      {kinds.map((kind) => (
        <li key={kind} className="kind-agent flex items-center gap-[7px]">
          <i
            className={`wf-bar ${kind}`}
            style={kind === 'work' ? { background: 'var(--color-kind-agent)' } : undefined}
          />
          {t(`runs.timeline.legend.${kind}`)}
        </li>
      ))}
    </ul>
  );
}
