import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { CheckCheck } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { ConversationView, DepartmentView } from '../api/types.js';
import { useMayAct } from '../app/useMayAct.js';
import { useDepartments } from '../app/useDepartments.js';
import { formatDay } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { EmptyState } from '../ui/EmptyState.js';
import { EventLine } from '../ui/EventLine.js';
import { Face } from '../ui/Face.js';
import { IconButton } from '../ui/IconButton.js';
import { Notice } from '../ui/Notice.js';
import { BackLink } from '../ui/Page.js';
import { SkeletonRows } from '../ui/Skeleton.js';
import { Composer } from './Composer.js';
import { lateEdits } from './lateEdits.js';
import { MessageBubble } from './MessageBubble.js';
import { ReplyWindow } from './ReplyWindow.js';
import { useThread } from './useThread.js';

/** One conversation: what was said, by whom, from which source; and your turn to speak. */
export function ThreadPage() {
  const { t } = useTexts();
  const { conversationId } = useParams({ from: '/member/conversations/$conversationId' });
  const departments = useDepartments();
  const { data: conversation, error } = useQuery({
    queryKey: keys.conversation(conversationId),
    queryFn: () => api.conversation(conversationId),
  });
  if (!conversation && error) return <EmptyState title={explain(error, t)} />;
  if (!conversation) {
    return (
      <div className="p-4">
        <SkeletonRows label={t('common.loading')} />
      </div>
    );
  }
  return (
    <Thread
      key={conversationId}
      conversation={conversation}
      department={departments.data?.find(({ id }) => id === conversation.departmentId)}
    />
  );
}

function Thread({
  conversation,
  department,
}: {
  conversation: ConversationView;
  department: DepartmentView | undefined;
}) {
  const { t, locale } = useTexts();
  const { messages, items, handler, close, answer } = useThread(conversation.id);
  const name = conversation.contact.name ?? t('inbox.noName');
  const end = useRef<HTMLDivElement>(null);
  const mayAct = useMayAct();
  const late = lateEdits(items ?? []);
  // Counts how often one wanted to write, so that the place to write is gone to each time.
  const [wanted, setWanted] = useState(0);
  const takeOver = (): void => {
    setWanted((times) => times + 1);
    if (conversation.handler === 'team') handler.mutate('person');
  };
  const newest = items?.at(-1)?.id;
  useEffect(() => {
    void end.current?.scrollIntoView({ block: 'end' });
  }, [newest, conversation.handler]);

  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex flex-none items-center gap-2.5 px-3 py-2 desk:border-b desk:border-line desk:bg-surface desk:px-5">
        <span className="desk:hidden">
          <BackLink to="/conversations" />
        </span>
        <Face name={name} id={conversation.contact.id} size={40} />
        <div className="min-w-0 flex-1">
          <h1 className="truncate text-lg leading-[1.3rem] tracking-[-.01em]">{name}</h1>
          <p className="truncate text-[13px] leading-[17px] text-ink-2">
            {t(`inbox.channel.${conversation.channel.kind}`)}
            {department && ` · ${department.name}`}
          </p>
        </div>
        {conversation.status === 'open' && (
          <IconButton label={t('inbox.close')} disabled={close.isPending} onClick={() => close.mutate()}>
            <CheckCheck size={20} />
          </IconButton>
        )}
      </header>
      {conversation.channel.kind === 'whatsapp' && conversation.status === 'open' && (
        <ReplyWindow since={conversation.lastInboundAt} />
      )}
      <div
        role="log"
        aria-label={t('inbox.thread')}
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto -outline-offset-2"
      >
        <div className="mx-auto flex min-h-full max-w-[760px] flex-col justify-end gap-1.5 px-3.5 py-2.5 desk:px-6 desk:text-[14px] desk:leading-[20px]">
          {messages.isPending && <SkeletonRows label={t('common.loading')} />}
          {messages.isError && <Notice tone="danger">{explain(messages.error, t)}</Notice>}
          {messages.hasNextPage && (
            <Button
              variant="quiet"
              size="sm"
              className="self-center"
              loading={messages.isFetchingNextPage}
              onClick={() => void messages.fetchNextPage()}
            >
              {t('inbox.older')}
            </Button>
          )}
          {items?.map((message, index) => {
            const day = formatDay(locale, message.createdAt);
            const before = items[index - 1];
            return (
              <div key={message.id} className="contents">
                {(!before || formatDay(locale, before.createdAt) !== day) && <EventLine>{day}</EventLine>}
                <MessageBubble
                  message={message}
                  department={department}
                  lateEdit={late.has(message.id)}
                  onAnswer={mayAct ? takeOver : undefined}
                />
              </div>
            );
          })}
          {conversation.status === 'closed' && <EventLine>{t('inbox.isClosed')}</EventLine>}
          <div ref={end} />
        </div>
      </div>
      <Composer
        conversation={conversation}
        department={department}
        wanted={wanted}
        changing={handler.isPending}
        onHandler={(who) => handler.mutate(who)}
        sending={answer.isPending}
        onSend={(text) => answer.mutateAsync(text)}
      />
    </div>
  );
}
