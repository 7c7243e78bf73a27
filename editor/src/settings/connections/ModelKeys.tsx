import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { BrainCircuit } from 'lucide-react';
import { useState } from 'react';
import { connectionsApi } from '../../api/connectionsApi.js';
import { explain } from '../../api/explain.js';
import { keys } from '../../api/keys.js';
import type { ConnectionView } from '../../api/types.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { Notice } from '../../ui/Notice.js';
import { SectionTitle } from '../../ui/Page.js';
import { Row } from '../../ui/RowList.js';
import { Segmented } from '../../ui/Segmented.js';
import { Skeleton } from '../../ui/Skeleton.js';
import { toast } from '../../ui/Toast.js';
import { ModelKeySheet } from './ModelKeySheet.js';

interface ModelKeysProps {
  readonly manages: boolean;
  readonly connections: readonly ConnectionView[];
  readonly onOpen: (id: string) => void;
}

/** Whose key pays for what the agents think. Only providers that they can think with are shown. */
export function ModelKeys({ manages, connections, onOpen }: ModelKeysProps) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const state = useQuery({ queryKey: keys.modelKeys, queryFn: connectionsApi.modelKeys });
  const [adding, setAdding] = useState(false);
  const refresh = async (): Promise<void> => {
    await Promise.all([keys.connections, keys.organization].map((queryKey) => cache.invalidateQueries({ queryKey })));
  };
  const choose = useMutation({
    mutationFn: connectionsApi.chooseKeys,
    onSuccess: async () => {
      toast(t('connections.models.changed'));
      await refresh();
    },
  });
  if (state.isPending) return <Skeleton className="h-[150px]" />;
  if (state.isError) return <Notice tone="danger">{explain(state.error, t)}</Notice>;
  const { keys: whose, platformHasKeys, providers } = state.data;
  const wired = providers.filter((provider) => provider.wired);
  const missing = whose === 'own' && wired.every(({ connectionId }) => connectionId === null);
  return (
    <section>
      <SectionTitle>{t('connections.models.title')}</SectionTitle>
      <div className="hairline grid gap-3 rounded-lg bg-surface p-3.5">
        <Segmented
          label={t('connections.models.whose')}
          value={whose}
          disabled={!manages || choose.isPending}
          onChange={(value) => choose.mutate(value)}
          options={(['platform', 'own'] as const).map((value) => ({ value, label: t(`connections.models.${value}`) }))}
        />
        <p className="text-sm text-ink-2">
          {whose === 'own'
            ? t('connections.models.ownText')
            : t(platformHasKeys ? 'connections.models.platformText' : 'connections.models.sandboxText')}
        </p>
        {missing && <Notice tone="danger">{t('connections.models.missing')}</Notice>}
        {choose.isError && <Notice tone="danger">{explain(choose.error, t)}</Notice>}
        <ul aria-label={t('connections.models.title')} className="-mx-3 border-t border-line pt-1">
          {wired.map(({ provider, connectionId }) => {
            const known = connections.find(({ id }) => id === connectionId);
            const name = t(`connections.kinds.${provider}`);
            return (
              <Row
                key={provider}
                lead={<BrainCircuit size={20} aria-hidden="true" className="text-ink-2" />}
                title={name}
                line={known?.hosts.join(', ')}
                action={
                  known ? (
                    <Button size="sm" aria-label={`${t('connections.open')}: ${name}`} onClick={() => onOpen(known.id)}>
                      {t('connections.open')}
                    </Button>
                  ) : (
                    manages && (
                      <Button
                        size="sm"
                        variant={missing ? 'you' : 'default'}
                        aria-label={`${t('connections.models.add')}: ${name}`}
                        onClick={() => setAdding(true)}
                      >
                        {t('connections.models.add')}
                      </Button>
                    )
                  )
                }
              />
            );
          })}
        </ul>
      </div>
      <ModelKeySheet open={adding} onClose={() => setAdding(false)} onMade={refresh} />
    </section>
  );
}
