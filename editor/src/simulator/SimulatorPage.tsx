import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import type { DepartmentView } from '../api/types.js';
import { explain } from '../api/explain.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { EmptyState } from '../ui/EmptyState.js';
import { Notice } from '../ui/Notice.js';
import { useTitle } from '../ui/Page.js';
import { Skeleton } from '../ui/Skeleton.js';
import { simulatorChannel } from './simulatorChannel.js';
import { SimulatorBar } from './SimulatorBar.js';
import { Stage } from './Stage.js';
import { newVisit, useVisit } from './visit.js';

/** Write to a department as a customer and watch it work. */
export function SimulatorPage() {
  const { t } = useTexts();
  const { departmentId } = useParams({ from: '/member/departments/$departmentId/simulator' });
  const [visit, visitAs] = useVisit(departmentId);
  const department = useQuery({ queryKey: keys.department(departmentId), queryFn: () => api.department(departmentId) });
  const nodeTypes = useQuery({ queryKey: keys.nodeTypes, queryFn: api.nodeTypes, staleTime: 'static' });
  const channel = useQuery({
    ...simulatorChannel(departmentId, 'live'),
    enabled: department.data?.published != null,
  });
  useTitle(`${t('simulator.title')}: ${department.data?.name ?? ''}`);
  const failure = department.error ?? nodeTypes.error ?? channel.error;

  return (
    <div className="flex h-full min-h-0 flex-col">
      <SimulatorBar
        department={department.data ?? null}
        onRestart={() => visitAs(({ persona }) => newVisit(persona))}
      />
      {failure ? (
        <div className="p-4">
          <Notice tone="danger">{explain(failure, t)}</Notice>
        </div>
      ) : !department.data || !nodeTypes.data ? (
        <div className="grid flex-1 gap-4 p-4 desk:grid-cols-[404px_1fr_320px]">
          <Skeleton className="h-full rounded-xl" />
          <Skeleton className="hidden h-full desk:block" />
          <Skeleton className="hidden h-full desk:block" />
        </div>
      ) : department.data.published ? (
        <Stage
          key={`${visit.persona}-${visit.round}`}
          department={department.data}
          definition={department.data.published.definition}
          nodeTypes={nodeTypes.data.items}
          visit={visit}
          onVisit={visitAs}
        />
      ) : (
        <NotLive department={department.data} />
      )}
    </div>
  );
}

function NotLive({ department }: { department: DepartmentView }) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const publish = useMutation({
    mutationFn: () => api.publish(department.id),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.departments }),
  });
  return (
    <EmptyState
      title={t('simulator.notPublished')}
      {...(publish.error && { text: explain(publish.error, t) })}
      action={
        <Button variant="you" loading={publish.isPending} onClick={() => publish.mutate()}>
          {t('simulator.publish')}
        </Button>
      }
    />
  );
}
