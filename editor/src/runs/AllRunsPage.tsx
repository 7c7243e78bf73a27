import { useNavigate, useSearch } from '@tanstack/react-router';
import { useDepartments } from '../app/useDepartments.js';
import { useTexts } from '../i18n/useTexts.js';
import { ButtonLink } from '../ui/Button.js';
import { Page } from '../ui/Page.js';
import { RunFilterBar } from './RunFilterBar.js';
import type { RunFilters } from './runFilters.js';
import { RunsList } from './RunsList.js';

/** What all teams have done. */
export function AllRunsPage() {
  const { t } = useTexts();
  const filters = useSearch({ from: '/member/runs' });
  const navigate = useNavigate({ from: '/runs' });
  const departments = useDepartments().data ?? [];
  const narrow = (change: RunFilters): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false });
  const clear = (): void => void navigate({ search: {}, replace: true, resetScroll: false });
  return (
    <Page title={t('runs.all')} lead={t('runs.allLead')} back="/team" width="wide">
      <RunFilterBar filters={filters} onChange={narrow} onClear={clear} departments={departments} />
      <RunsList
        filters={filters}
        onClear={clear}
        departments={departments}
        begin={
          <ButtonLink to="/team" variant="you">
            {t('common.nav.team')}
          </ButtonLink>
        }
      />
    </Page>
  );
}
