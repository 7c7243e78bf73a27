import { Outlet, useMatchRoute, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLiveCache } from '../api/useLiveCache.js';
import { useLiveLost } from '../api/useLiveEvents.js';
import { queryClient } from '../api/queryClient.js';
import { useSession } from '../api/session.js';
import { Notice } from '../ui/Notice.js';
import { TabBar } from './TabBar.js';
import { TopBar } from './TopBar.js';
import { isYourTurn } from './departmentState.js';
import { useConversations } from './useConversations.js';

/** What stands around every page inside: top bar on a desktop, tab bar on a phone, live events. */
export function Shell() {
  const { t } = useTranslation();
  const organizationId = useSession((state) => state.session?.organization.id);
  // Nothing of one organization may be shown in another.
  useEffect(() => () => queryClient.clear(), [organizationId]);
  useLiveCache();
  const lost = useLiveLost();
  const waiting = (useConversations().data ?? []).filter(isYourTurn).length;
  const matches = useMatchRoute();
  const path = useRouterState({ select: (state) => state.location.pathname });
  // A thread and the simulator use the whole height of a phone; their own bar is at the bottom.
  const immersive = Boolean(
    matches({ to: '/conversations/$conversationId' }) ||
    matches({ to: '/departments/$departmentId/simulator' }) ||
    matches({ to: '/departments/$departmentId/edit' }),
  );
  // The pages of a department have a bar of their own.
  const department = path.startsWith('/departments/');

  return (
    <div className="flex h-dvh flex-col">
      <a
        href="#content"
        className="sr-only z-(--z-toast) rounded-md bg-surface px-4 py-3 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('common.skip')}
      </a>
      {!department && <TopBar waiting={waiting} />}
      {lost && (
        <div className="flex-none px-3 py-2">
          <Notice>{t('common.offline')}</Notice>
        </div>
      )}
      <main
        id="content"
        tabIndex={-1}
        key={immersive ? 'immersive' : path.split('/')[1]}
        className="min-h-0 flex-1 overflow-y-auto outline-none"
      >
        <Outlet />
      </main>
      {!immersive && <TabBar waiting={waiting} />}
      <p role="status" className="sr-only">
        {waiting > 0 ? t('common.waitingCount', { count: waiting }) : ''}
      </p>
    </div>
  );
}
