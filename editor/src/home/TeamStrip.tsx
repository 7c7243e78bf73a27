import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { departmentNow } from '../app/departmentState.js';
import type { ConversationView, DepartmentView } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import { ButtonLink } from '../ui/Button.js';
import { EmptyState } from '../ui/EmptyState.js';
import { SectionTitle } from '../ui/Page.js';
import { Skeleton } from '../ui/Skeleton.js';
import { TeamCard } from '../ui/TeamCard.js';

/** Who is on the team and what each is doing; each opens its rehearsal. */
export function TeamStrip({
  departments,
  conversations,
}: {
  departments: readonly DepartmentView[] | undefined;
  conversations: readonly ConversationView[];
}) {
  const { t } = useTexts();
  if (!departments) return <Skeleton className="h-[96px]" />;
  if (departments.length === 0) {
    return (
      <EmptyState
        title={t('home.teamEmpty')}
        text={t('home.teamEmptyText')}
        action={
          <ButtonLink to="/hire" variant="you">
            {t('home.hire')}
          </ButtonLink>
        }
      />
    );
  }
  return (
    <section>
      <SectionTitle>{t('home.teamNow')}</SectionTitle>
      <div className="grid grid-cols-2 gap-2 min-[380px]:grid-cols-3 desk:grid-cols-5 desk:gap-3">
        {departments.map((department) => {
          const { state, word, customers } = departmentNow(department, conversations);
          return (
            <TeamCard
              key={department.id}
              team={department.type}
              state={state}
              name={
                <Link
                  to="/departments/$departmentId/simulator"
                  params={{ departmentId: department.id }}
                  className="after:absolute after:inset-0 after:rounded-lg"
                >
                  {department.name}
                </Link>
              }
              status={word === 'withCustomers' ? t('home.withCustomers', { count: customers }) : t(`home.${word}`)}
            />
          );
        })}
        <Link
          to="/hire"
          className="press flex min-h-[96px] flex-col items-start justify-between rounded-lg border border-dashed border-line-strong px-[11px] pt-[11px] pb-[9px] text-sm leading-[1.1rem] font-semibold text-ink-2 hover:bg-surface hover:text-ink"
        >
          <Plus size={20} aria-hidden="true" />
          {t('home.hireMore')}
        </Link>
      </div>
    </section>
  );
}
