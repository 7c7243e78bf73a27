import { lazy, Suspense } from 'react';
import type { Definition, DepartmentView, PublicNode } from '../api/types.js';
import { explain } from '../api/explain.js';
import { formatNumber } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { Notice } from '../ui/Notice.js';
import { Skeleton } from '../ui/Skeleton.js';
import { useTraffic } from './useTraffic.js';

const DepartmentCanvas = lazy(async () => ({
  default: (await import('../canvas/DepartmentCanvas.js')).DepartmentCanvas,
}));
const TrafficOverlay = lazy(async () => ({ default: (await import('./TrafficOverlay.js')).TrafficOverlay }));

/** The live version as a drawing, with what its real runs did in the last hours on every step. */
export function TrafficStage({
  department,
  definition,
  nodeTypes,
  hours,
}: {
  department: DepartmentView;
  definition: Definition;
  nodeTypes: readonly PublicNode[];
  hours: number;
}) {
  const { t, locale } = useTexts();
  const traffic = useTraffic(department.id, { hours });
  return (
    <section aria-label={t('runs.traffic.label')}>
      {traffic.error && <Notice tone="danger">{explain(traffic.error, t)}</Notice>}
      {traffic.data && (
        <p className="num mb-2 text-ink-2" aria-live="polite">
          {t('runs.traffic.total', { count: traffic.data.runs, runs: formatNumber(locale, traffic.data.runs) })}
          {traffic.data.failedRuns > 0 && ` · ${t('runs.traffic.failed', { count: traffic.data.failedRuns })}`}
          {!traffic.data.complete && ` · ${t('runs.traffic.newest')}`}
        </p>
      )}
      <div className="h-[62dvh] min-h-[360px] overflow-hidden rounded-lg ring-1 ring-line">
        <Suspense fallback={<Skeleton className="h-full" />}>
          <DepartmentCanvas
            definition={definition}
            nodeTypes={nodeTypes}
            team={department.type}
            run={null}
            selected={null}
            onSelect={() => undefined}
          >
            {traffic.data && <TrafficOverlay traffic={traffic.data} />}
          </DepartmentCanvas>
        </Suspense>
      </div>
    </section>
  );
}
