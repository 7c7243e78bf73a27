import { Outlet, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { explain } from '../api/explain.js';
import type { ConversationView } from '../api/types.js';
import { isYourTurn } from '../app/departmentState.js';
import { useConversations } from '../app/useConversations.js';
import { useDepartments } from '../app/useDepartments.js';
import { useTexts } from '../i18n/useTexts.js';
import { ButtonLink } from '../ui/Button.js';
import { classes } from '../ui/classes.js';
import { EmptyState } from '../ui/EmptyState.js';
import { Notice } from '../ui/Notice.js';
import { useTitle } from '../ui/Page.js';
import { Segmented } from '../ui/Segmented.js';
import { SkeletonRows } from '../ui/Skeleton.js';
import { ConversationRow } from './ConversationRow.js';

const filters = ['all', 'you', 'team', 'closed'] as const;
type Filter = (typeof filters)[number];

const passes: Record<Filter, (conversation: ConversationView) => boolean> = {
  all: () => true,
  you: isYourTurn,
  team: ({ handler, status }) => handler === 'team' && status === 'open',
  closed: ({ status }) => status === 'closed',
};

/** Who wrote, whose turn it is; beside it on a desktop, the conversation. */
export function InboxPage() {
  const { t } = useTexts();
  const { conversationId } = useParams({ strict: false });
  const [filter, setFilter] = useState<Filter>('all');
  const conversations = useConversations();
  useTitle(t('inbox.title'));
  const shown = conversations.data?.filter(passes[filter]);
  const reading = conversationId !== undefined;

  return (
    <div className="flex h-full">
      <section
        aria-label={t('inbox.title')}
        className={classes(
          'min-w-0 flex-1 flex-col desk:flex desk:w-[372px] desk:flex-none desk:border-r desk:border-line',
          reading ? 'hidden' : 'flex',
        )}
      >
        <header className="flex-none px-4 pt-4 pb-3 desk:pt-5">
          <h1 className="mb-3 text-2xl desk:text-xl">{t('inbox.title')}</h1>
          <Segmented
            label={t('inbox.filter')}
            value={filter}
            onChange={setFilter}
            options={filters.map((value) => ({ value, label: t(`inbox.filters.${value}`) }))}
          />
        </header>
        <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-6 desk:px-2">
          {conversations.isPending && <SkeletonRows rows={6} label={t('common.loading')} />}
          {conversations.isError && <Notice tone="danger">{explain(conversations.error, t)}</Notice>}
          {shown && shown.length > 0 && (
            <ul className="hairline divide-y divide-line overflow-hidden rounded-lg bg-surface desk:divide-y-0 desk:rounded-none desk:bg-transparent desk:shadow-none">
              {shown.map((conversation) => (
                <ConversationRow key={conversation.id} conversation={conversation} />
              ))}
            </ul>
          )}
          {shown?.length === 0 && <NoConversations filter={filter} />}
        </div>
      </section>
      <section className={classes('min-w-0 flex-1 flex-col', reading ? 'flex' : 'hidden desk:flex')}>
        {reading ? (
          <Outlet />
        ) : (
          <div className="grid flex-1 place-items-center">
            {shown && shown.length > 0 && <EmptyState title={t('inbox.pick')} />}
          </div>
        )}
      </section>
    </div>
  );
}

function NoConversations({ filter }: { filter: Filter }) {
  const { t } = useTexts();
  const first = useDepartments().data?.[0];
  if (filter === 'you') return <EmptyState title={t('inbox.emptyYou')} />;
  if (filter === 'team') return <EmptyState title={t('inbox.emptyTeam')} />;
  if (filter === 'closed') return <EmptyState title={t('inbox.emptyClosed')} />;
  return (
    <EmptyState
      title={t('inbox.empty')}
      text={t('inbox.emptyText')}
      action={
        first ? (
          <ButtonLink to="/departments/$departmentId/simulator" params={{ departmentId: first.id }}>
            {t('inbox.test')}
          </ButtonLink>
        ) : (
          <ButtonLink to="/hire">{t('home.hire')}</ButtonLink>
        )
      }
    />
  );
}
