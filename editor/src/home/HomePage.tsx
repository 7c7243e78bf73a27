import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import { useDepartments } from '../app/useDepartments.js';
import { isYourTurn } from '../app/departmentState.js';
import { useConversations } from '../app/useConversations.js';
import { SandboxChip } from '../app/SandboxChip.js';
import { useOrganization } from '../app/useOrganization.js';
import { useTexts } from '../i18n/useTexts.js';
import { Face } from '../ui/Face.js';
import { useTitle } from '../ui/Page.js';
import { CostCard } from './CostCard.js';
import { NightCard } from './NightCard.js';
import { TeamStrip } from './TeamStrip.js';
import { YourTurn } from './YourTurn.js';

const greeting = (hour: number): 'morning' | 'afternoon' | 'evening' =>
  hour >= 5 && hour < 12 ? 'morning' : hour >= 12 && hour < 18 ? 'afternoon' : 'evening';

/** How the house is: what happened, what needs you, what it cost, who is at work. */
export function HomePage() {
  const { t } = useTexts();
  const { user, name, sandbox } = useOrganization();
  const departments = useDepartments();
  const conversations = useConversations();
  const runs = useQuery({
    queryKey: [...keys.runs, 'yours'],
    queryFn: () => api.runs({ needs: 'person', limit: 20 }),
  });
  const [hour] = useState(() => new Date().getHours());
  useTitle(t('common.nav.home'));
  const firstName = user?.name.trim().split(/\s+/)[0] ?? '';

  return (
    <div className="mx-auto w-full max-w-[480px] px-4 pt-4 pb-6 desk:max-w-[1080px] desk:px-8 desk:pt-9">
      <header className="flex items-start justify-between gap-3 px-0.5 pb-2.5 desk:pb-5">
        <div className="min-w-0">
          <h1 className="truncate text-2xl desk:text-[2.375rem] desk:leading-[2.6rem]">
            {t(`home.${greeting(hour)}`, { name: firstName })}
          </h1>
          <p className="mt-px text-ink-2 desk:text-base">{t('home.sub', { organization: name })}</p>
        </div>
        {user && (
          <Link to="/settings" className="rounded-full desk:hidden">
            <Face name={user.name} you size={44} />
            <span className="sr-only">{`${t('common.nav.settings')}: ${user.name}`}</span>
          </Link>
        )}
      </header>
      {sandbox && (
        <div className="mb-3 desk:hidden">
          <SandboxChip />
        </div>
      )}
      <div className="grid grid-cols-1 gap-2.5 desk:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] desk:items-start desk:gap-6">
        <div className="grid grid-cols-1 gap-2.5">
          <NightCard />
          <div className="hidden desk:block">
            <CostCard sandbox={sandbox} />
          </div>
        </div>
        <YourTurn
          waiting={conversations.data?.filter(isYourTurn)}
          runs={runs.data}
          departments={departments.data}
          error={conversations.error ?? runs.error}
        />
        <div className="desk:hidden">
          <CostCard sandbox={sandbox} />
        </div>
        <div className="desk:col-span-2">
          <TeamStrip departments={departments.data} conversations={conversations.data ?? []} />
        </div>
      </div>
    </div>
  );
}
