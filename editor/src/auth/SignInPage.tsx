import { useMutation } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
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
import { looksLikeEmail, useForm } from '../ui/useForm.js';
import { toast } from '../ui/Toast.js';
import { AuthFrame } from './AuthFrame.js';
import { BackToSignIn } from './BackToSignIn.js';
import { FactorStep } from './FactorStep.js';
import { PasswordField } from './PasswordField.js';
import { SampleButton } from './SampleButton.js';

const route = getRouteApi('/visitor/entrar');

export function SignInPage() {
  const { t } = useTexts();
  const navigate = useNavigate();
  const { next = '/home' } = route.useSearch();
  const [challenge, setChallenge] = useState<Challenge | null>(null);
  const enter = (): void => void navigate({ href: next });
  const form = useForm({
    initial: { email: '', password: '' },
    invalid: t('common.fields.invalid'),
    check: ({ email, password }) => ({
      ...(!looksLikeEmail(email) && { email: t('common.fields.email') }),
      ...(!password && { password: t('common.fields.required') }),
    }),
  });
  const signIn = useMutation({
    mutationFn: () => api.login({ email: form.values.email.trim(), password: form.values.password }),
    onSuccess: (answer) => ('challenge' in answer ? setChallenge(answer) : enter()),
    onError: form.refused,
  });
  const passkey = useMutation({
    mutationFn: () => accountApi.signInWithPasskey(),
    onSuccess: enter,
    // A person who closed the browser's own question has said enough.
    onError: (error) => error instanceof ApiError && toast(explain(error, t), { tone: 'error' }),
  });
  if (challenge) {
    return (
      <AuthFrame title={t('account.door.factorTitle')} foot={<BackToSignIn />}>
        <FactorStep challenge={challenge} onDone={enter} />
      </AuthFrame>
    );
  }

  return (
    <AuthFrame
      title={t('auth.signIn.title')}
      foot={
        <>
          <p className="text-ink-2">
            {t('auth.signIn.noAccount')}{' '}
            <Link
              to="/criar-conta"
              className="-my-2 inline-flex min-h-11 items-center font-semibold text-ink underline underline-offset-4"
            >
              {t('auth.signIn.create')}
            </Link>
          </p>
          <SampleButton wide />
        </>
      }
    >
      <form noValidate className="grid gap-4" onSubmit={(event) => form.submit(event, () => signIn.mutate())}>
        <TextField
          {...form.field('email')}
          label={t('auth.fields.email')}
          type="email"
          autoComplete="username"
          inputMode="email"
          autoFocus
        />
        <PasswordField {...form.field('password')} autoComplete="current-password" />
        <Link
          to="/forgot"
          className="-my-3 inline-flex min-h-11 items-center justify-self-end text-sm font-semibold text-ink-2 underline underline-offset-4"
        >
          {t('account.door.forgot')}
        </Link>
        {signIn.isError && <Notice tone="danger">{explain(signIn.error, t)}</Notice>}
        <Button type="submit" variant="you" size="lg" wide loading={signIn.isPending}>
          {t('auth.signIn.submit')}
        </Button>
        {passkeysWork() && (
          <Button
            size="lg"
            wide
            icon={<KeyRound size={18} aria-hidden="true" />}
            loading={passkey.isPending}
            onClick={() => passkey.mutate()}
          >
            {t('account.door.keySignIn')}
          </Button>
        )}
      </form>
    </AuthFrame>
  );
}
