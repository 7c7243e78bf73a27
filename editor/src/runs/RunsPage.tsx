import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { MessagesSquare } from 'lucide-react';
import { api } from '../api/api.js';
import { ApiError } from '../api/apiError.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import { useTexts } from '../i18n/useTexts.js';
import { ButtonLink } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { Page } from '../ui/Page.js';
import { Segmented } from '../ui/Segmented.js';
import { SelectField } from '../ui/TextField.js';
import { TrafficStage } from '../traffic/TrafficStage.js';
import { DepartmentBar } from './DepartmentBar.js';
import { RunFilterBar } from './RunFilterBar.js';
import { periods, type RunFilters } from './runFilters.js';
import { RunsList } from './RunsList.js';

/** Steps are counted one by one, so no further back than a week. */
const trafficPeriods = ['hour', 'day', 'week'] as const;
const hoursOf = (period: RunFilters['period']): number =>
  periods[trafficPeriods.find((each) => each === period) ?? 'day'] / 3_600_000;

const route = '/member/departments/$departmentId/runs';

/** What one team has done. */
export function RunsPage() {
  const { t } = useTexts();
  const { departmentId } = useParams({ from: route });
  const filters = useSearch({ from: route });
  const navigate = useNavigate({ from: '/departments/$departmentId/runs' });
  const department = useQuery({ queryKey: keys.department(departmentId), queryFn: () => api.department(departmentId) });
  const versions = useQuery({
    queryKey: [...keys.department(departmentId), 'versions'],
    queryFn: () => api.departmentVersions(departmentId),
  });
  const nodeTypes = useQuery({ queryKey: keys.nodeTypes, queryFn: api.nodeTypes, staleTime: 'static' });
  const dismissed = department.error instanceof ApiError && department.error.status === 404;
  const published = department.data?.published ?? null;
  const narrow = (change: RunFilters): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false });
  const clear = (): void => void navigate({ search: {}, replace: true, resetScroll: false });
  const begin = (
    <ButtonLink
      to="/departments/$departmentId/simulator"
      params={{ departmentId }}
      variant="you"
      icon={<MessagesSquare size={17} aria-hidden="true" />}
    >
      {t('runs.rehearse')}
    </ButtonLink>
  );
  return (
    <div className="flex h-full min-h-0 flex-col">
      <DepartmentBar department={department.data ?? null} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Page
          title={t('runs.title')}
          lead={department.data && t('runs.lead', { team: department.data.name })}
          width="wide"
        >
          {department.error &&
            (dismissed ? (
              <div className="mb-4">
                <Notice>{t('runs.dismissed')}</Notice>
              </div>
            ) : (
              <Notice tone="danger">{explain(department.error, t)}</Notice>
            ))}
          {published && (
            <div className="mb-4 max-w-[340px]">
              <Segmented
                label={t('runs.show.label')}
                value={filters.view ?? 'list'}
                onChange={(view) => narrow({ view: view === 'traffic' ? 'traffic' : undefined })}
                options={(['list', 'traffic'] as const).map((value) => ({ value, label: t(`runs.show.${value}`) }))}
              />
            </div>
          )}
          {filters.view === 'traffic' && department.data && published && nodeTypes.data ? (
            <>
              <div className="mb-3 max-w-[220px]">
                <SelectField
                  label={t('runs.filter.period')}
                  value={filters.period ?? 'day'}
                  onChange={(value) => narrow({ period: trafficPeriods.find((each) => each === value) })}
                  options={trafficPeriods.map((value) => ({ value, label: t(`runs.filter.periods.${value}`) }))}
                />
              </div>
              <TrafficStage
                department={department.data}
                definition={published.definition}
                nodeTypes={nodeTypes.data.items}
                hours={hoursOf(filters.period)}
              />
            </>
          ) : (
            <>
              <RunFilterBar
                filters={filters}
                onChange={narrow}
                onClear={clear}
                versions={versions.data?.items.map(({ version }) => version) ?? []}
              />
              <RunsList
                filters={filters}
                onClear={clear}
                departmentId={departmentId}
                departments={department.data ? [department.data] : []}
                begin={dismissed ? null : begin}
              />
            </>
          )}
        </Page>
      </div>
    </div>
  );
}
