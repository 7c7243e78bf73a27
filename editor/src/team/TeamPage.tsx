import { useMutation, useQueryClient } from '@tanstack/react-query';
import { History, Pause, Play, Plus } from 'lucide-react';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { DepartmentView } from '../api/types.js';
import { departmentNow } from '../app/departmentState.js';
import { useConversations } from '../app/useConversations.js';
import { useDepartments } from '../app/useDepartments.js';
import { useManages } from '../app/useMayAct.js';
import { useOrganization } from '../app/useOrganization.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button, ButtonLink } from '../ui/Button.js';
import { Emblem } from '../ui/Emblem.js';
import { EmptyState } from '../ui/EmptyState.js';
import { Notice } from '../ui/Notice.js';
import { Page } from '../ui/Page.js';
import { SkeletonRows } from '../ui/Skeleton.js';
import { toast } from '../ui/Toast.js';

/** Everyone hired: whether they are at work, and a way to try each. */
export function TeamPage() {
  const { t } = useTexts();
  const { name } = useOrganization();
  const departments = useDepartments();
  const hireLink = (
    <ButtonLink to="/hire" icon={<Plus size={17} aria-hidden="true" />}>
      {t('team.hire')}
    </ButtonLink>
  );
  return (
    <Page
      title={t('team.title')}
      lead={t('team.lead', { organization: name })}
      action={departments.data?.length ? hireLink : null}
    >
      {departments.isPending && <SkeletonRows rows={3} label={t('common.loading')} />}
      {departments.isError && <Notice tone="danger">{explain(departments.error, t)}</Notice>}
      {departments.data?.length === 0 && (
        <EmptyState
          title={t('team.empty')}
          text={t('team.emptyText')}
          action={
            <ButtonLink to="/hire" variant="you">
              {t('team.hire')}
            </ButtonLink>
          }
        />
      )}
      <ul className="grid gap-2.5">
        {departments.data?.map((department) => (
          <Member key={department.id} department={department} />
        ))}
      </ul>
      {(departments.data?.length ?? 0) > 0 && (
        <ButtonLink to="/runs" variant="quiet" className="mt-3" icon={<History size={16} aria-hidden="true" />}>
          {t('runs.all')}
        </ButtonLink>
      )}
    </Page>
  );
}

function Member({ department }: { department: DepartmentView }) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const { data: conversations = [] } = useConversations();
  const { state, word, customers } = departmentNow(department, conversations);
  const manages = useManages();
  const { id, name, type, status, published } = department;

  const change = useMutation({
    mutationFn: (next: 'active' | 'paused') => api.patchDepartment(id, { status: next }),
    onSuccess: (changed) => {
      void cache.invalidateQueries({ queryKey: keys.departments });
      toast(t(changed.status === 'paused' ? 'team.pausedToast' : 'team.resumedToast', { name }));
    },
    onError: (error) => toast(explain(error, t), { tone: 'error' }),
  });

  return (
    <li className="hairline rounded-lg bg-surface p-3.5">
      <div className="flex items-center gap-3">
        <Emblem team={type} state={state} size={40} />
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-lg leading-6 tracking-[-.01em]">{name}</h2>
          <p className="text-sm text-ink-2">
            {word === 'withCustomers' ? t('home.withCustomers', { count: customers }) : t(`home.${word}`)}
            {' · '}
            {published ? t('team.version', { version: published.version }) : t('team.notPublished')}
          </p>
        </div>
      </div>
      <div className="mt-3 flex flex-wrap gap-2">
        <ButtonLink
          to="/departments/$departmentId/simulator"
          params={{ departmentId: id }}
          icon={<Play size={16} aria-hidden="true" />}
          className="flex-1 desk:flex-none"
        >
          {t('team.try')}
        </ButtonLink>
        {status !== 'draft' && (
          <ButtonLink
            to="/departments/$departmentId/runs"
            params={{ departmentId: id }}
            icon={<History size={16} aria-hidden="true" />}
            className="flex-1 desk:flex-none"
          >
            {t('runs.title')}
          </ButtonLink>
        )}
        {status !== 'draft' && manages && (
          <Button
            className="flex-1 desk:flex-none"
            icon={status === 'active' ? <Pause size={16} aria-hidden="true" /> : <Play size={16} aria-hidden="true" />}
            loading={change.isPending}
            onClick={() => change.mutate(status === 'active' ? 'paused' : 'active')}
          >
            {t(status === 'active' ? 'team.pause' : 'team.resume')}
          </Button>
        )}
      </div>
    </li>
  );
}
