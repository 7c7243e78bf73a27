import { useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, LifeBuoy, Smartphone } from 'lucide-react';
import { useState } from 'react';
import { accountApi, passkeysWork } from '../../api/accountApi.js';
import { keys } from '../../api/keys.js';
import type { AccountView, PasskeyView } from '../../api/types.js';
import { formatAgo } from '../../i18n/format.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { Row, RowList } from '../../ui/RowList.js';
import { TextField } from '../../ui/TextField.js';
import { toast } from '../../ui/Toast.js';
import { ConfirmSheet } from '../ConfirmSheet.js';
import { CodesSheet } from './CodesSheet.js';
import { TotpSheet } from './TotpSheet.js';

type Asking = 'totp' | 'dropTotp' | 'codes' | 'passkey' | null;

/** What is asked for besides the password. */
export function Factors({ account }: { account: AccountView }) {
  const { t, locale } = useTexts();
  const cache = useQueryClient();
  const [asking, setAsking] = useState<Asking>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [dropping, setDropping] = useState<PasskeyView | null>(null);
  const [name, setName] = useState('');
  const passkeys = useQuery({ queryKey: keys.passkeys, queryFn: accountApi.passkeys, select: ({ items }) => items });
  const { factors } = account;
  const changed = () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: keys.account }),
      cache.invalidateQueries({ queryKey: keys.passkeys }),
    ]);
  const any = factors.totp || factors.passkeys > 0;

  return (
    <>
      <p className="mx-0.5 mb-2 text-sm text-ink-2">{t('account.factorsLead')}</p>
      <RowList label={t('account.factors')}>
        <Row
          wrap
          lead={<Smartphone size={20} aria-hidden="true" className="text-ink-2" />}
          title={t('account.totp')}
          line={t(factors.totp ? 'account.totpOn' : 'account.totpOff')}
          action={
            <Button size="sm" onClick={() => setAsking(factors.totp ? 'dropTotp' : 'totp')}>
              {t(factors.totp ? 'account.turnOff' : 'account.turnOn')}
            </Button>
          }
        />
        {passkeysWork() && (
          <Row
            wrap
            lead={<KeyRound size={20} aria-hidden="true" className="text-ink-2" />}
            title={t('account.passkeys')}
            line={t('account.passkeysNone')}
            action={
              <Button size="sm" onClick={() => setAsking('passkey')}>
                {t('account.passkeyAdd')}
              </Button>
            }
          />
        )}
        {(passkeys.data ?? []).map((passkey) => (
          <Row
            key={passkey.id}
            className="pl-11"
            title={passkey.name}
            line={t('account.passkeySince', { when: formatAgo(locale, passkey.createdAt) })}
            action={
              <Button size="sm" variant="danger" onClick={() => setDropping(passkey)}>
                {t('account.passkeyRemove')}
              </Button>
            }
          />
        ))}
        {any && (
          <Row
            wrap
            lead={<LifeBuoy size={20} aria-hidden="true" className="text-ink-2" />}
            title={t('account.codes')}
            line={t('account.codesLeft', { count: factors.recoveryCodesLeft })}
            action={
              <Button size="sm" onClick={() => setAsking('codes')}>
                {t('account.codesNew')}
              </Button>
            }
          />
        )}
      </RowList>

      <TotpSheet
        open={asking === 'totp'}
        onClose={() => setAsking(null)}
        onDone={(fresh) => {
          setCodes(fresh);
          toast(t('account.totpDone'));
          return changed();
        }}
      />
      <ConfirmSheet
        open={asking === 'dropTotp'}
        onClose={() => setAsking(null)}
        title={t('account.totp')}
        label={t('account.turnOff')}
        withPassword
        danger
        act={async (password) => {
          await accountApi.dropTotp(password);
          toast(t('account.totpGone'));
          await changed();
        }}
      />
      <ConfirmSheet
        open={asking === 'codes'}
        onClose={() => setAsking(null)}
        title={t('account.codes')}
        label={t('account.codesNew')}
        withPassword
        act={async (password) => {
          setCodes((await accountApi.recoveryCodes(password)).recoveryCodes);
          await changed();
        }}
      />
      <ConfirmSheet
        open={asking === 'passkey'}
        onClose={() => setAsking(null)}
        title={t('account.passkeyAdd')}
        text={t('account.passkeysNone')}
        label={t('account.passkeyAdd')}
        withPassword
        act={async (password) => {
          const made = await accountApi.addPasskey(name.trim() || t('account.passkeyNameExample'), password);
          setName('');
          toast(t('account.passkeyAdded'));
          if (made.recoveryCodes) setCodes(made.recoveryCodes);
          await changed();
        }}
      >
        <TextField
          name="name"
          label={t('account.passkeyName')}
          placeholder={t('account.passkeyNameExample')}
          value={name}
          maxLength={60}
          onChange={(event) => setName(event.target.value)}
        />
      </ConfirmSheet>
      <ConfirmSheet
        open={dropping !== null}
        onClose={() => setDropping(null)}
        title={t('account.passkeyRemoveTitle', { name: dropping?.name ?? '' })}
        label={t('account.passkeyRemove')}
        withPassword
        danger
        act={async (password) => {
          if (dropping) await accountApi.dropPasskey(dropping.id, password);
          toast(t('account.passkeyGone'));
          await changed();
        }}
      />
      <CodesSheet codes={codes} onClose={() => setCodes(null)} />
    </>
  );
}
