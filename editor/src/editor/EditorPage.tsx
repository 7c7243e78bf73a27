import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { ReactFlowProvider } from '@xyflow/react';
import { api } from '../api/api.js';
import { ApiError } from '../api/apiError.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { ConnectionState } from '../document/connection.js';
import { useTexts } from '../i18n/useTexts.js';
import { EmptyState } from '../ui/EmptyState.js';
import { Notice } from '../ui/Notice.js';
import { useTitle } from '../ui/Page.js';
import { Skeleton } from '../ui/Skeleton.js';
import { ButtonLink } from '../ui/Button.js';
import './editor.css';
import { EditorSessionProvider } from './session.js';
import { useOpenSession } from './useOpenSession.js';
import { Workbench } from './Workbench.js';

/** Build a department, alone or with others. */
export function EditorPage() {
  const { t, locale } = useTexts();
  const { departmentId } = useParams({ from: '/member/departments/$departmentId/edit' });
  const department = useQuery({ queryKey: keys.department(departmentId), queryFn: () => api.department(departmentId) });
  const nodeTypes = useQuery({ queryKey: keys.nodeTypes, queryFn: api.nodeTypes, staleTime: 'static' });
  const { session, status } = useOpenSession(departmentId, department.data, nodeTypes.data?.items, locale);
  useTitle(`${t('editor.title')}: ${department.data?.name ?? ''}`);
  const failure = department.error ?? nodeTypes.error;
  const isGone = department.error instanceof ApiError && department.error.status === 404;
  const ended = isGone ? 'gone' : endOf(status.state);
  const home = <ButtonLink to="/home">{t('common.nav.home')}</ButtonLink>;
  if (ended)
    return (
      <EmptyState level="h1" title={t(`editor.ended.${ended}`)} text={t(`editor.ended.${ended}Text`)} action={home} />
    );
  // What was loaded once is worked on although it could not be asked for again.
  if (failure && (!department.data || !nodeTypes.data))
    return (
      <div className="space-y-3 p-4">
        <Notice tone="danger">{explain(failure, t)}</Notice>
        {home}
      </div>
    );
  // Offline, what this browser kept is there before the server is.
  const ready = session && (status.state !== 'connecting' || session.store.getNodeIds().length > 0);
  if (!ready) return <EditorSkeleton label={t('editor.opening')} />;
  return (
    <EditorSessionProvider value={session}>
      <ReactFlowProvider>
        <Workbench />
      </ReactFlowProvider>
    </EditorSessionProvider>
  );
}

const endings = ['forbidden', 'gone', 'refused', 'signedOut'] as const;
const endOf = (state: ConnectionState): (typeof endings)[number] | undefined => endings.find((each) => each === state);

function EditorSkeleton({ label }: { label: string }) {
  return (
    <div
      role="status"
      aria-label={label}
      className="grid h-full grid-rows-[52px_1fr] gap-3 p-3 desk:grid-cols-[216px_1fr_356px]"
    >
      <Skeleton className="h-full desk:col-span-3" />
      <Skeleton className="hidden h-full desk:block" />
      <Skeleton className="h-full" />
      <Skeleton className="hidden h-full desk:block" />
    </div>
  );
}
