import { useMutation } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { TextField } from '../ui/TextField.js';
import { looksLikeEmail, useForm } from '../ui/useForm.js';
import { AuthFrame } from './AuthFrame.js';
import { PasswordField } from './PasswordField.js';
import { SampleButton } from './SampleButton.js';

const route = getRouteApi('/visitor/entrar');

export function SignInPage() {
  const { t } = useTexts();
  const navigate = useNavigate();
  const { next = '/home' } = route.useSearch();
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
    onSuccess: () => navigate({ href: next }),
    onError: form.refused,
  });

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
        {signIn.isError && <Notice tone="danger">{explain(signIn.error, t)}</Notice>}
        <Button type="submit" variant="you" size="lg" wide loading={signIn.isPending}>
          {t('auth.signIn.submit')}
        </Button>
      </form>
    </AuthFrame>
  );
}
