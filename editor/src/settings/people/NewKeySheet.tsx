import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { explain } from '../../api/explain.js';
import { keys } from '../../api/keys.js';
import { peopleApi } from '../../api/peopleApi.js';
import type { ApiKeyCreate } from '../../api/types.js';
import { useOrganization } from '../../app/useOrganization.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { Notice } from '../../ui/Notice.js';
import { Sheet } from '../../ui/Sheet.js';
import { SelectField, TextField } from '../../ui/TextField.js';
import { copyText } from '../../ui/copyText.js';
import { DepartmentChoice, isUnsaid, type Grant } from './DepartmentChoice.js';
import { ScopeTable } from './ScopeTable.js';

const DAY_MS = 24 * 3600 * 1000;
const lifetimes = ['30', '90', '365', ''] as const;

/** What the key is for, what it may do, until when; then the key itself, once. */
export function NewKeySheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const { organization } = useOrganization();
  const [name, setName] = useState('');
  const [days, setDays] = useState<string>('90');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [grant, setGrant] = useState<Grant>(null);
  const roles = useQuery({ queryKey: keys.roles, queryFn: peopleApi.roles, enabled: open });
  const mine = roles.data?.items.find(({ role }) => role === organization?.role)?.permissions ?? [];
  const make = useMutation({
    mutationFn: () =>
      peopleApi.makeKey({
        name: name.trim(),
        // Out of the list that the server gave.
        permissions: [...chosen] as ApiKeyCreate['permissions'],
        departments: grant,
        ...(days && { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }),
      }),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.apiKeys }),
  });
  const close = (): void => {
    setName('');
    setChosen(new Set());
    setGrant(null);
    make.reset();
    onClose();
  };
  const key = make.data?.key;
  return (
    <Sheet
      open={open}
      onOpenChange={(next) => !next && close()}
      title={t('people.keys.create')}
      {...(key && { description: t('people.keys.shown') })}
      actions={
        key ? (
          <>
            <Button
              className="flex-1"
              icon={<Copy size={16} aria-hidden="true" />}
              onClick={() => void copyText(key, t('people.keys.copied'), t)}
            >
              {t('people.keys.copy')}
            </Button>
            <Button className="flex-1" variant="you" onClick={close}>
              {t('people.keys.done')}
            </Button>
          </>
        ) : (
          <>
            <Button className="flex-1" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button
              className="flex-1"
              variant="you"
              loading={make.isPending}
              disabled={!name.trim() || chosen.size === 0 || isUnsaid(grant)}
              onClick={() => make.mutate()}
            >
              {t('people.keys.create')}
            </Button>
          </>
        )
      }
    >
      {key ? (
        <code className="block rounded-md bg-wall p-3 font-mono text-sm break-all">{key}</code>
      ) : (
        <div className="grid gap-4 pt-1">
          <TextField
            name="name"
            label={t('people.keys.name')}
            placeholder={t('people.keys.nameExample')}
            value={name}
            maxLength={120}
            onChange={(event) => setName(event.target.value)}
          />
          <SelectField
            label={t('people.keys.expires')}
            value={days}
            onChange={setDays}
            options={lifetimes.map((value) => ({
              value,
              label: value ? t('people.keys.days', { count: Number(value) }) : t('people.keys.forever'),
            }))}
          />
          <DepartmentChoice
            label={t('people.grants.keyTitle')}
            help={t('people.grants.keyHelp')}
            value={grant}
            onChange={setGrant}
          />
          <ScopeTable permissions={mine} chosen={chosen} onChange={setChosen} />
          {make.isError && <Notice tone="danger">{explain(make.error, t)}</Notice>}
        </div>
      )}
    </Sheet>
  );
}
