import { useQuery } from '@tanstack/react-query';
import { Plug, Plus } from 'lucide-react';
import { useState } from 'react';
import { connectionsApi } from '../../api/connectionsApi.js';
import { explain } from '../../api/explain.js';
import { keys } from '../../api/keys.js';
import type { ConnectionView } from '../../api/types.js';
import { useManages } from '../../app/useMayAct.js';
import { formatAgo } from '../../i18n/format.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { Notice } from '../../ui/Notice.js';
import { Page, SectionTitle } from '../../ui/Page.js';
import { Row, RowList } from '../../ui/RowList.js';
import { Skeleton } from '../../ui/Skeleton.js';
import { ConnectionSheet } from './ConnectionSheet.js';
import { ModelKeys } from './ModelKeys.js';
import { NewConnectionSheet } from './NewConnectionSheet.js';
import { RemoveConnection } from './RemoveConnection.js';

/** Keys for other systems: what each is, where it may go, who needs it. */
export function ConnectionsPage() {
  const { t, locale } = useTexts();
  const list = useQuery({
    queryKey: keys.connections,
    queryFn: connectionsApi.list,
    select: ({ items }) => items,
  });
  const [making, setMaking] = useState(false);
  const [openId, setOpenId] = useState<string | null>(null);
  const [removing, setRemoving] = useState<ConnectionView | null>(null);
  const manages = useManages();
  const others = list.data?.filter(({ kind }) => kind !== 'openai') ?? [];
  const lineOf = ({ kind, hosts, usedBy, lastUsedAt }: ConnectionView): string =>
    [
      t(`connections.kinds.${kind}`),
      hosts.join(', '),
      usedBy.length > 0 ? t('connections.usedIn', { count: usedBy.length }) : t('connections.unused'),
      lastUsedAt ? t('connections.lastUsed', { when: formatAgo(locale, lastUsedAt) }) : t('connections.neverUsed'),
    ].join(' · ');
  const add = manages && (
    <Button variant="you" icon={<Plus size={16} aria-hidden="true" />} onClick={() => setMaking(true)}>
      {t('connections.add')}
    </Button>
  );
  const opened = list.data?.find(({ id }) => id === openId) ?? null;
  return (
    <Page
      title={t('connections.title')}
      lead={t('connections.lead')}
      back="/settings"
      action={others.length > 0 && add}
    >
      {list.isError && <Notice tone="danger">{explain(list.error, t)}</Notice>}
      <ModelKeys manages={manages} connections={list.data ?? []} onOpen={setOpenId} />
      <SectionTitle>{t('connections.others')}</SectionTitle>
      {list.isPending && <Skeleton className="h-[120px]" />}
      {list.data && others.length === 0 && (
        <EmptyState title={t('connections.none')} text={t('connections.noneText')} action={add} />
      )}
      {others.length > 0 && (
        <RowList label={t('connections.others')}>
          {others.map((connection) => (
            <Row
              key={connection.id}
              lead={<Plug size={20} aria-hidden="true" className="text-ink-2" />}
              title={connection.name}
              line={lineOf(connection)}
              wrap
              action={
                <Button
                  size="sm"
                  aria-label={`${t('connections.open')}: ${connection.name}`}
                  onClick={() => setOpenId(connection.id)}
                >
                  {t('connections.open')}
                </Button>
              }
            />
          ))}
        </RowList>
      )}
      <NewConnectionSheet open={making} onClose={() => setMaking(false)} />
      <ConnectionSheet
        key={openId}
        connection={opened}
        manages={manages}
        onClose={() => setOpenId(null)}
        onRemove={() => {
          setOpenId(null);
          setRemoving(opened);
        }}
      />
      <RemoveConnection connection={removing} onClose={() => setRemoving(null)} />
    </Page>
  );
}
