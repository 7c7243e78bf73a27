import type { DepartmentView, RunView } from '../api/types.js';
import { formatAgo } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { askedIn, writerOf } from '../runs/runFacts.js';
import { runTitle } from '../runs/runTitle.js';
import { ButtonLink } from '../ui/Button.js';
import { Emblem } from '../ui/Emblem.js';
import { Row } from '../ui/RowList.js';
import { TurnCard } from '../ui/TurnCard.js';

interface RunTurnProps {
  readonly run: RunView;
  /** Absent once it was let go. */
  readonly department: DepartmentView | undefined;
}

/** What a run is about, and what somebody of the house is to say in it. */
function useRunTurn({ run, department }: RunTurnProps) {
  const { t } = useTexts();
  const node = department?.published?.definition.nodes.find(({ id }) => id === run.triggerNode);
  return {
    title: runTitle(run, node ? { type: node.type, title: node.title ?? department?.name ?? '' } : null, t),
    wanted: t(run.awaitsMember ? 'home.asksYou' : 'runs.uncertain'),
    go: t(run.awaitsMember ? 'home.answer' : 'home.check'),
    to: '/departments/$departmentId/runs/$runId' as const,
    params: { departmentId: run.departmentId, runId: run.id },
  };
}

/** A run in which somebody of the house must answer, or say whether something went out: as the one card. */
export function RunTurnCard(props: RunTurnProps) {
  const { locale } = useTexts();
  const { title, wanted, go, to, params } = useRunTurn(props);
  const { run, department } = props;
  return (
    <TurnCard
      who={
        <>
          <Emblem team={department?.type ?? run.departmentId} size={22} />
          <span className="truncate">{department?.name ?? wanted}</span>
        </>
      }
      age={formatAgo(locale, run.createdAt)}
      question={
        <>
          <span className="line-clamp-4 break-words">{title}</span>
          <span className="block font-sans text-sm font-medium tracking-normal">{wanted}</span>
        </>
      }
    >
      <ButtonLink to={to} params={params} variant="ink" className="flex-1">
        {go}
      </ButtonLink>
    </TurnCard>
  );
}

/** The same as one row among others. */
export function RunTurnRow(props: RunTurnProps) {
  const { title, wanted, go, to, params } = useRunTurn(props);
  const { run, department } = props;
  return (
    <Row
      lead={<Emblem team={department?.type ?? run.departmentId} size={36} state="you" />}
      // What was asked tells one from another; who asked may be the same.
      title={askedIn(run) ?? title}
      line={[writerOf(run), wanted].filter(Boolean).join(' · ')}
      action={
        <ButtonLink to={to} params={params} size="sm" aria-label={`${go}: ${title}`}>
          {go}
        </ButtonLink>
      }
    />
  );
}
