import { useQuery, useQueryClient } from '@tanstack/react-query';
import { KeySquare, Plus } from 'lucide-react';
import { useState } from 'react';
import { explain } from '../../api/explain.js';
import { keys } from '../../api/keys.js';
import { peopleApi } from '../../api/peopleApi.js';
import type { ApiKeyView } from '../../api/types.js';
import { formatAgo } from '../../i18n/format.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { Notice } from '../../ui/Notice.js';
import { Page } from '../../ui/Page.js';
import { Row, RowList } from '../../ui/RowList.js';
import { Skeleton } from '../../ui/Skeleton.js';
import { toast } from '../../ui/Toast.js';
import { ConfirmSheet } from '../ConfirmSheet.js';
import { useGrantText } from './useGrantText.js';
import { NewKeySheet } from './NewKeySheet.js';

/** Programs that work in the organization's name. */
export function ApiKeysPage() {
  const { t, locale } = useTexts();
  const cache = useQueryClient();
  const list = useQuery({ queryKey: keys.apiKeys, queryFn: peopleApi.apiKeys, select: ({ items }) => items });
  const grantText = useGrantText();
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiKeyView | null>(null);
  const lineOf = ({ prefix, departments, lastUsedAt, expiresAt }: ApiKeyView): string =>
    [
      `${prefix}…`,
      grantText(departments),
      lastUsedAt ? t('people.keys.used', { when: formatAgo(locale, lastUsedAt) }) : t('people.keys.never'),
      expiresAt && t('people.keys.until', { when: new Date(expiresAt).toLocaleDateString(locale) }),
    ]
      .filter(Boolean)
      .join(' · ');
  const create = (
    <Button variant="you" icon={<Plus size={16} aria-hidden="true" />} onClick={() => setMaking(true)}>
      {t('people.keys.create')}
    </Button>
  );
  const some = (list.data?.length ?? 0) > 0;
  return (
    <Page title={t('people.keys.title')} lead={t('people.keys.lead')} back="/settings" action={some && create}>
      {list.isError && <Notice tone="danger">{explain(list.error, t)}</Notice>}
      {list.isPending && <Skeleton className="h-[120px]" />}
      {list.data && !some && (
        <EmptyState title={t('people.keys.none')} text={t('people.keys.noneText')} action={create} />
      )}
      {some && (
        <RowList label={t('people.keys.title')}>
          {list.data?.map((key) => (
            <Row
              key={key.id}
              lead={<KeySquare size={20} aria-hidden="true" className="text-ink-2" />}
              title={key.name}
              line={lineOf(key)}
              wrap
              action={
                <Button
                  size="sm"
                  variant="danger"
                  aria-label={`${t('people.keys.revoke')}: ${key.name}`}
                  onClick={() => setRevoking(key)}
                >
                  {t('people.keys.revoke')}
                </Button>
              }
            />
          ))}
        </RowList>
      )}
      <NewKeySheet open={making} onClose={() => setMaking(false)} />
      <ConfirmSheet
        open={revoking !== null}
        onClose={() => setRevoking(null)}
        title={t('people.keys.revokeTitle', { name: revoking?.name ?? '' })}
        text={t('people.keys.revokeText')}
        label={t('people.keys.revoke')}
        danger
        act={async () => {
          if (revoking) await peopleApi.revokeKey(revoking.id);
          toast(t('people.keys.revoked'));
          await cache.invalidateQueries({ queryKey: keys.apiKeys });
        }}
      />
    </Page>
  );
}
