import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { connectionsApi } from '../../api/connectionsApi.js';
import { explain } from '../../api/explain.js';
import { keys } from '../../api/keys.js';
import type { ConnectionCreate } from '../../api/types.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { Notice } from '../../ui/Notice.js';
import { Sheet } from '../../ui/Sheet.js';
import { SelectField, TextField } from '../../ui/TextField.js';
import { toast } from '../../ui/Toast.js';
import { useForm } from '../../ui/useForm.js';
import { hostsIn } from './hostsIn.js';

const kinds = ['bearer', 'header', 'basic', 'oauth2'] as const;
type Kind = (typeof kinds)[number];
/** Where the client's id and secret stand when it asks for a token (RFC 6749, 2.3.1). */
const clientAuths = ['header', 'body'] as const;
type ClientAuth = (typeof clientAuths)[number];

const fields = ['name', 'hosts', 'header', 'username', 'clientId', 'tokenUrl', 'scope', 'secret'] as const;
type Field = (typeof fields)[number];
type Values = Readonly<Record<Field, string>>;
/** What each kind asks for besides name, hosts and secret. */
const asks: Readonly<Record<Kind, readonly Field[]>> = {
  bearer: [],
  header: ['header'],
  basic: ['username'],
  oauth2: ['clientId', 'tokenUrl', 'scope'],
};
const empty = Object.fromEntries(fields.map((field) => [field, ''])) as Record<Field, string>;

/** What the other system gave you, and to which hosts it may go. */
export function NewConnectionSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const formId = useId();
  const [kind, setKind] = useState<Kind>('bearer');
  const [clientAuth, setClientAuth] = useState<ClientAuth>('header');
  const form = useForm<Field>({
    initial: empty,
    invalid: t('common.fields.invalid'),
    check: (values) => {
      const needed: Field[] = ['name', 'hosts', ...asks[kind].filter((field) => field !== 'scope'), 'secret'];
      const missing = needed.filter((field) => !values[field].trim());
      return {
        ...(hostsIn(values.hosts) === null && { hosts: t('connections.hostsBad') }),
        ...Object.fromEntries(missing.map((field) => [field, t('common.fields.required')])),
      };
    },
  });
  const make = useMutation({
    mutationFn: () => connectionsApi.make(bodyOf(kind, form.values, clientAuth)),
    onSuccess: async () => {
      toast(t('connections.made'));
      close();
      await cache.invalidateQueries({ queryKey: keys.connections });
    },
    onError: form.refused,
  });
  function close(): void {
    form.setAll(empty);
    setClientAuth('header');
    make.reset();
    onClose();
  }
  const secretLabel = { bearer: 'secret', header: 'secret', basic: 'password', oauth2: 'clientSecret' } as const;
  return (
    <Sheet
      open={open}
      onOpenChange={(next) => !next && close()}
      title={t('connections.add')}
      actions={
        <>
          <Button className="flex-1" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button className="flex-1" variant="you" type="submit" form={formId} loading={make.isPending}>
            {t('connections.create')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="grid gap-4 pt-1"
        onSubmit={(event) => form.submit(event, () => make.mutate())}
      >
        <SelectField
          label={t('connections.kind')}
          value={kind}
          onChange={(value) => setKind(kinds.find((each) => each === value) ?? 'bearer')}
          options={kinds.map((value) => ({ value, label: t(`connections.kinds.${value}`) }))}
        />
        <TextField
          {...form.field('name')}
          label={t('connections.name')}
          placeholder={t('connections.nameExample')}
          maxLength={120}
        />
        <TextField
          {...form.field('hosts')}
          label={t('connections.hosts')}
          help={t('connections.hostsHelp')}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
        />
        {asks[kind].map((field) => (
          <TextField
            key={field}
            {...form.field(field)}
            label={t(`connections.${field as 'header' | 'username' | 'clientId' | 'tokenUrl' | 'scope'}`)}
            {...(field === 'scope' && { note: t('connections.optional') })}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
          />
        ))}
        {kind === 'oauth2' && (
          <SelectField
            label={t('connections.clientAuth')}
            value={clientAuth}
            onChange={(value) => setClientAuth(value === 'body' ? 'body' : 'header')}
            options={clientAuths.map((value) => ({ value, label: t(`connections.clientAuths.${value}`) }))}
          />
        )}
        <TextField
          {...form.field('secret')}
          type="password"
          autoComplete="off"
          label={t(`connections.${secretLabel[kind]}`)}
          help={t('connections.sealed')}
        />
        {make.isError && <Notice tone="danger">{explain(make.error, t)}</Notice>}
      </form>
    </Sheet>
  );
}

function bodyOf(kind: Kind, values: Values, clientAuth: ClientAuth): ConnectionCreate {
  const common = { name: values.name.trim(), hosts: hostsIn(values.hosts) ?? [], secret: values.secret };
  const text = (field: Field): string => values[field].trim();
  switch (kind) {
    case 'bearer':
      return { kind, ...common };
    case 'header':
      return { kind, ...common, header: text('header') };
    case 'basic':
      return { kind, ...common, username: text('username') };
    case 'oauth2':
      return {
        kind,
        ...common,
        clientId: text('clientId'),
        tokenUrl: text('tokenUrl'),
        clientAuth,
        ...(text('scope') && { scope: text('scope') }),
      };
  }
}
