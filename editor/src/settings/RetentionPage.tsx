import { useQuery } from '@tanstack/react-query';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import { peopleApi } from '../api/peopleApi.js';
import { useManages } from '../app/useMayAct.js';
import { useOrganization } from '../app/useOrganization.js';
import { useTexts } from '../i18n/useTexts.js';
import { Notice } from '../ui/Notice.js';
import { Page } from '../ui/Page.js';
import { Skeleton } from '../ui/Skeleton.js';
import { RetentionForm } from './RetentionForm.js';

/** How long runs and what they worked on are kept, and what is lost then. */
export function RetentionPage() {
  const { t } = useTexts();
  const { organization } = useOrganization();
  const retention = useQuery({ queryKey: keys.retention, queryFn: peopleApi.retention });
  const manages = useManages();
  return (
    <Page title={t('settings.retention.title')} lead={t('settings.retention.lead')} back="/settings">
      {retention.isError && <Notice tone="danger">{explain(retention.error, t)}</Notice>}
      {!retention.isError && !(retention.data && organization) && <Skeleton className="h-[420px]" />}
      {retention.data && organization && <RetentionForm retention={retention.data} mayChange={manages} />}
    </Page>
  );
}
