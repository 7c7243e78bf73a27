import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { connectionsApi } from '../../api/connectionsApi.js';
import { explain } from '../../api/explain.js';
import { keys } from '../../api/keys.js';
import type { ConnectionView } from '../../api/types.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { Chip } from '../../ui/Chip.js';
import { Notice } from '../../ui/Notice.js';
import { Row, RowList } from '../../ui/RowList.js';
import { Sheet } from '../../ui/Sheet.js';
import { TextField } from '../../ui/TextField.js';
import { toast } from '../../ui/Toast.js';
import { useForm } from '../../ui/useForm.js';
import { hostsIn } from './hostsIn.js';

interface ConnectionSheetProps {
  readonly connection: ConnectionView | null;
  readonly manages: boolean;
  readonly onClose: () => void;
  readonly onRemove: () => void;
}

/** One connection: where it goes, who needs it, whether it still works, and another key for it. */
export function ConnectionSheet({ connection, manages, onClose, onRemove }: ConnectionSheetProps) {
  const { t } = useTexts();
  return (
    <Sheet
      open={connection !== null}
      onOpenChange={(next) => !next && onClose()}
      title={connection?.name ?? ''}
      {...(connection && { description: t(`connections.kinds.${connection.kind}`) })}
      {...(manages && {
        actions: (
          <Button variant="danger" icon={<Trash2 size={16} aria-hidden="true" />} onClick={onRemove}>
            {t('connections.remove')}
          </Button>
        ),
      })}
    >
      {connection && (
        <div className="grid gap-5 pt-1">
          <section>
            <h3 className="mb-1.5 text-sm font-semibold desk:text-xs">{t('connections.hosts')}</h3>
            <ul className="flex flex-wrap gap-1.5">
              {connection.hosts.map((host) => (
                <li key={host} className="max-w-full rounded-[6px] bg-sunken px-2 py-1 font-mono text-xs break-all">
                  {host}
                </li>
              ))}
            </ul>
          </section>
          {connection.usedBy.length > 0 && <UsedBy usedBy={connection.usedBy} />}
          {manages && <TestForm connection={connection} />}
          {manages && <ReplaceForm key={connection.id} connection={connection} />}
        </div>
      )}
    </Sheet>
  );
}

function UsedBy({ usedBy }: Pick<ConnectionView, 'usedBy'>) {
  const { t } = useTexts();
  return (
    <section>
      <h3 className="mb-1.5 text-sm font-semibold desk:text-xs">{t('connections.where')}</h3>
      <RowList label={t('connections.where')}>
        {usedBy.map(({ departmentId, name, live }) => (
          <Row
            key={departmentId}
            title={name}
            action={<Chip tone={live ? 'ok' : 'idle'}>{t(live ? 'connections.working' : 'connections.draft')}</Chip>}
          />
        ))}
      </RowList>
    </section>
  );
}

function TestForm({ connection }: { connection: ConnectionView }) {
  const { t } = useTexts();
  const [url, setUrl] = useState('');
  const test = useMutation({ mutationFn: () => connectionsApi.test(connection.id, url.trim()) });
  const told = test.data;
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        test.mutate();
      }}
    >
      <TextField
        name="url"
        label={t('connections.testUrl')}
        help={t('connections.testUrlHelp')}
        inputMode="url"
        autoComplete="off"
        value={url}
        maxLength={2000}
        onChange={(event) => setUrl(event.target.value)}
      />
      <div>
        <Button type="submit" loading={test.isPending}>
          {t('connections.test')}
        </Button>
      </div>
      <div aria-live="polite">
        {told?.ok && (
          <p className="flex items-start gap-1.5 text-sm text-ok">
            <CircleCheck size={16} aria-hidden="true" className="mt-px" />
            {t('connections.outcomes.accepted')} {told.status && t('connections.answered', { status: told.status })}
          </p>
        )}
      </div>
      {told && !told.ok && (
        <Notice tone="danger">
          {t(`connections.outcomes.${told.outcome}`)}{' '}
          {told.status && t('connections.answered', { status: told.status })}
        </Notice>
      )}
      {test.isError && <Notice tone="danger">{explain(test.error, t)}</Notice>}
    </form>
  );
}

/** Whose hosts follow from the provider's address. */
const isModel = ({ kind }: ConnectionView): boolean => kind === 'openai' || kind === 'anthropic' || kind === 'gemini';

function ReplaceForm({ connection }: { connection: ConnectionView }) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const unreadable = (hosts: string): boolean => !isModel(connection) && !hostsIn(hosts)?.length;
  const form = useForm({
    initial: { secret: '', hosts: connection.hosts.join(', ') },
    invalid: t('common.fields.invalid'),
    check: ({ secret, hosts }) => ({
      ...(!secret && { secret: t('common.fields.required') }),
      ...(unreadable(hosts) && { hosts: t('connections.hostsBad') }),
    }),
  });
  const replace = useMutation({
    mutationFn: () => {
      const { secret } = form.values;
      const hosts = hostsIn(form.values.hosts);
      const moves = hosts !== null && hosts.join() !== connection.hosts.join();
      return connectionsApi.change(connection.id, { secret, ...(moves && { hosts: [...hosts] }) });
    },
    onError: form.refused,
    onSuccess: async () => {
      form.set('secret', '');
      toast(t('connections.replaced'));
      await cache.invalidateQueries({ queryKey: keys.connections });
    },
  });
  return (
    <form className="grid gap-3" noValidate onSubmit={(event) => form.submit(event, () => replace.mutate())}>
      <TextField
        {...form.field('secret')}
        type="password"
        autoComplete="off"
        label={t('connections.replace')}
        help={t('connections.replaceHelp')}
        maxLength={8192}
      />
      {!isModel(connection) && (
        <TextField
          {...form.field('hosts')}
          {...(unreadable(form.values.hosts) && { error: t('connections.hostsBad') })}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          label={t('connections.newHosts')}
          help={t('connections.newHostsHelp')}
        />
      )}
      {replace.isError && <Notice tone="danger">{explain(replace.error, t)}</Notice>}
      <div>
        <Button type="submit" loading={replace.isPending}>
          {t('connections.replace')}
        </Button>
      </div>
    </form>
  );
}
