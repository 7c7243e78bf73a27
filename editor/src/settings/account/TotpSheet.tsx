import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { renderSVG } from 'uqr';
import { accountApi } from '../../api/accountApi.js';
import { explain } from '../../api/explain.js';
import { PasswordField } from '../../auth/PasswordField.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { Notice } from '../../ui/Notice.js';
import { Sheet } from '../../ui/Sheet.js';
import { TextField } from '../../ui/TextField.js';

interface TotpSheetProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onDone: (recoveryCodes: readonly string[]) => Promise<unknown>;
}

/** The password, then the picture for the app, then a code that proves that the app has read it. */
export function TotpSheet({ open, onClose, onDone }: TotpSheetProps) {
  const { t } = useTexts();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const begin = useMutation({ mutationFn: () => accountApi.beginTotp(password) });
  const confirm = useMutation({
    mutationFn: () => accountApi.confirmTotp(code.trim()),
    onSuccess: async ({ recoveryCodes }) => {
      close();
      await onDone(recoveryCodes);
    },
  });
  function close(): void {
    setPassword('');
    setCode('');
    begin.reset();
    confirm.reset();
    onClose();
  }
  const picture = useMemo(
    () => (begin.data ? `data:image/svg+xml,${encodeURIComponent(renderSVG(begin.data.uri, { border: 2 }))}` : null),
    [begin.data],
  );
  const error = begin.error ?? confirm.error;
  const go = (): void => (picture ? confirm.mutate() : begin.mutate());
  return (
    <Sheet
      open={open}
      onOpenChange={(next) => !next && close()}
      title={t('account.totp')}
      actions={
        <>
          <Button className="flex-1" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button
            className="flex-1"
            variant="you"
            loading={begin.isPending || confirm.isPending}
            disabled={picture ? code.trim().length < 6 : password === ''}
            onClick={go}
          >
            {t(picture ? 'account.turnOn' : 'account.continue')}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-4 pt-1"
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        {picture && begin.data ? (
          <>
            <p className="text-sm text-ink-2">{t('account.totpScan')}</p>
            <img src={picture} alt={t('account.totpQr')} className="mx-auto size-52 rounded-md bg-white" />
            <p className="text-sm">
              {t('account.totpKey')}: <code className="font-mono break-all">{begin.data.secret}</code>
            </p>
            <TextField
              name="code"
              label={t('account.totpCode')}
              value={code}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={6}
              onChange={(event) => setCode(event.target.value)}
            />
          </>
        ) : (
          <PasswordField
            name="password"
            label={t('account.confirm')}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            autoComplete="current-password"
            maxLength={200}
          />
        )}
        {error && <Notice tone="danger">{explain(error, t)}</Notice>}
      </form>
    </Sheet>
  );
}
