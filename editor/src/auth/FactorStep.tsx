import { useMutation } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { accountApi, passkeysWork } from '../api/accountApi.js';
import { api } from '../api/api.js';
import { ApiError } from '../api/apiError.js';
import { explain } from '../api/explain.js';
import type { Challenge } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { TextField } from '../ui/TextField.js';

/** The password was right: a code or a passkey besides it. */
export function FactorStep({ challenge, onDone }: { challenge: Challenge; onDone: () => void }) {
  const { t } = useTexts();
  const [code, setCode] = useState('');
  const answer = useMutation({
    mutationFn: () => api.answerChallenge({ challenge: challenge.challenge, code: code.trim() }),
    onSuccess: onDone,
  });
  const passkey = useMutation({
    mutationFn: () => accountApi.signInWithPasskey(challenge.challenge),
    onSuccess: onDone,
  });
  const { error } = answer.isError ? answer : passkey;
  const hasPasskey = challenge.factors.includes('passkey') && passkeysWork();
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        passkey.reset();
        answer.mutate();
      }}
    >
      <TextField
        name="code"
        label={t('account.door.factorCode')}
        help={t(challenge.factors.includes('totp') ? 'account.door.factorLead' : 'account.door.factorKeyOnly')}
        autoComplete="one-time-code"
        maxLength={40}
        value={code}
        autoFocus
        onChange={(event) => setCode(event.target.value)}
      />
      {error && (
        <Notice tone="danger">{error instanceof ApiError ? explain(error, t) : t('account.door.keyFailed')}</Notice>
      )}
      <Button type="submit" variant="you" size="lg" wide loading={answer.isPending} disabled={code.trim() === ''}>
        {t('auth.signIn.submit')}
      </Button>
      {hasPasskey && (
        <Button
          size="lg"
          wide
          icon={<KeyRound size={18} aria-hidden="true" />}
          loading={passkey.isPending}
          onClick={() => {
            answer.reset();
            passkey.mutate();
          }}
        >
          {t('account.door.factorKey')}
        </Button>
      )}
    </form>
  );
}
