import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import type { ConversationView, DepartmentView, RunsPage } from '../api/types.js';
import { formatAgo } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { wordsOf } from '../inbox/wordsOf.js';
import { Button, ButtonLink, buttonClass } from '../ui/Button.js';
import { Emblem } from '../ui/Emblem.js';
import { Notice } from '../ui/Notice.js';
import { SectionTitle } from '../ui/Page.js';
import { Row, RowList } from '../ui/RowList.js';
import { Skeleton } from '../ui/Skeleton.js';
import { toast } from '../ui/Toast.js';
import { TurnCard } from '../ui/TurnCard.js';
import { RunTurnCard, RunTurnRow } from './RunTurn.js';

interface YourTurnProps {
  readonly waiting: readonly ConversationView[] | undefined;
  /** In which somebody of the house must act. */
  readonly runs: RunsPage | undefined;
  readonly departments: readonly DepartmentView[] | undefined;
  readonly error: Error | null;
}

/** Rows shown of each kind before the rest is a list of its own. */
const SHOWN = 4;

/** Conversations and runs that only a person can answer: the newest as a card, the others as rows. A calm house has no yellow. */
export function YourTurn({ waiting, runs, departments, error }: YourTurnProps) {
  const { t, locale } = useTexts();
  const navigate = useNavigate();
  const reply = useMutation({
    mutationFn: (id: string) => api.assign(id),
    onSuccess: ({ id }) => navigate({ to: '/conversations/$conversationId', params: { conversationId: id } }),
    onError: (failure) => toast(explain(failure, t), { tone: 'error' }),
  });
  if (error) return <Notice tone="danger">{explain(error, t)}</Notice>;
  if (!waiting || !runs) return <Skeleton className="h-[168px] rounded-xl" />;

  const [first, ...others] = waiting;
  const [firstRun] = runs.items;
  if (!first && !firstRun) {
    return (
      <section className="hairline rounded-lg bg-surface px-4 py-3.5">
        <h2 className="text-[1.0625rem] leading-[1.3rem] tracking-[-.01em]">{t('home.calm')}</h2>
        <p className="text-sm text-ink-2">{t('home.calmText')}</p>
      </section>
    );
  }

  const department = (id: string): DepartmentView | undefined => departments?.find((candidate) => candidate.id === id);
  const otherRuns = first ? runs.items : runs.items.slice(1);
  const name = ({ contact }: ConversationView): string => contact.name ?? t('inbox.noName');
  const question = (conversation: ConversationView): string =>
    conversation.handoffSummary ??
    ((conversation.lastMessage && wordsOf(conversation.lastMessage, t)) ||
      t('home.noReason', { name: name(conversation) }));

  return (
    <section className="desk:[&>div:first-child]:mt-0">
      <SectionTitle
        after={
          <span className="num grid h-[21px] min-w-[21px] place-items-center rounded-[7px] bg-sol px-[5px] text-xs font-bold text-sol-ink">
            {waiting.length + runs.items.length}
            {runs.nextCursor && '+'}
          </span>
        }
      >
        {t('home.yourTurn')}
      </SectionTitle>
      {first ? (
        <TurnCard
          who={
            <>
              <Emblem team={department(first.departmentId)?.type ?? first.departmentId} size={22} />
              <span className="truncate">{department(first.departmentId)?.name}</span>
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
      ) : (
        firstRun && <RunTurnCard run={firstRun} department={department(firstRun.departmentId)} />
      )}
      {(others.length > 0 || otherRuns.length > 0) && (
        <RowList className="mt-2">
          {others.slice(0, SHOWN).map((conversation) => (
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
          {otherRuns.slice(0, SHOWN).map((run) => (
            <RunTurnRow key={run.id} run={run} department={department(run.departmentId)} />
          ))}
        </RowList>
      )}
      {otherRuns.length > SHOWN && (
        <Link
          to="/runs"
          search={{ yours: true }}
          className="mt-1 inline-flex min-h-11 items-center px-1 font-semibold text-ink-2 underline"
        >
          {t('home.allYours')}
        </Link>
      )}
    </section>
  );
}
