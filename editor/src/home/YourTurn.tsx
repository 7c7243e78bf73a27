import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import type { ConversationView, DepartmentView } from '../api/types.js';
import { formatAgo } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button, ButtonLink, buttonClass } from '../ui/Button.js';
import { Emblem } from '../ui/Emblem.js';
import { Notice } from '../ui/Notice.js';
import { SectionTitle } from '../ui/Page.js';
import { Row, RowList } from '../ui/RowList.js';
import { Skeleton } from '../ui/Skeleton.js';
import { toast } from '../ui/Toast.js';
import { TurnCard } from '../ui/TurnCard.js';

interface YourTurnProps {
  readonly waiting: readonly ConversationView[] | undefined;
  readonly departments: readonly DepartmentView[] | undefined;
  readonly error: Error | null;
}

/** Conversations that only a person can answer: the newest as a card, the others as rows. A calm house has no yellow. */
export function YourTurn({ waiting, departments, error }: YourTurnProps) {
  const { t, locale } = useTexts();
  const navigate = useNavigate();
  const reply = useMutation({
    mutationFn: (id: string) => api.assign(id),
    onSuccess: ({ id }) => navigate({ to: '/conversations/$conversationId', params: { conversationId: id } }),
    onError: (failure) => toast(explain(failure, t), { tone: 'error' }),
  });
  if (error) return <Notice tone="danger">{explain(error, t)}</Notice>;
  if (!waiting) return <Skeleton className="h-[168px] rounded-xl" />;

  const [first, ...others] = waiting;
  if (!first) {
    return (
      <section className="hairline rounded-lg bg-surface px-4 py-3.5">
        <h2 className="text-[1.0625rem] leading-[1.3rem] tracking-[-.01em]">{t('home.calm')}</h2>
        <p className="text-sm text-ink-2">{t('home.calmText')}</p>
      </section>
    );
  }

  const department = (id: string): DepartmentView | undefined => departments?.find((candidate) => candidate.id === id);
  const name = ({ contact }: ConversationView): string => contact.name ?? t('inbox.noName');
  const question = (conversation: ConversationView): string =>
    conversation.handoffSummary ?? (conversation.lastMessage?.text || t('home.noReason', { name: name(conversation) }));
  const owner = department(first.departmentId);

  return (
    <section className="desk:[&>div:first-child]:mt-0">
      <SectionTitle
        after={
          <span className="num grid h-[21px] min-w-[21px] place-items-center rounded-[7px] bg-sol px-[5px] text-xs font-bold text-sol-ink">
            {waiting.length}
          </span>
        }
      >
        {t('home.yourTurn')}
      </SectionTitle>
      <TurnCard
        who={
          <>
            <Emblem team={owner?.type ?? first.departmentId} size={22} />
            <span className="truncate">{owner?.name}</span>
          </>
        }
        {...(first.lastMessageAt && { age: formatAgo(locale, first.lastMessageAt) })}
        question={<span className="line-clamp-4">{question(first)}</span>}
      >
        <Button variant="ink" className="flex-1" loading={reply.isPending} onClick={() => reply.mutate(first.id)}>
          {t('home.reply')}
        </Button>
        <Link
          to="/conversations/$conversationId"
          params={{ conversationId: first.id }}
          className={buttonClass({ variant: 'ghost' })}
        >
          {t('home.see')}
        </Link>
      </TurnCard>
      {others.length > 0 && (
        <RowList className="mt-2">
          {others.slice(0, 4).map((conversation) => (
            <Row
              key={conversation.id}
              lead={
                <Emblem
                  team={department(conversation.departmentId)?.type ?? conversation.departmentId}
                  size={36}
                  state="you"
                />
              }
              title={name(conversation)}
              line={question(conversation)}
              action={
                <ButtonLink
                  to="/conversations/$conversationId"
                  params={{ conversationId: conversation.id }}
                  size="sm"
                  aria-label={`${t('home.look')}: ${name(conversation)}`}
                >
                  {t('home.look')}
                </ButtonLink>
              }
            />
          ))}
        </RowList>
      )}
    </section>
  );
}
