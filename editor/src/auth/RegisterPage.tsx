import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api } from '../api/api.js';
import { ApiError } from '../api/apiError.js';
import { explain } from '../api/explain.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { TextField } from '../ui/TextField.js';
import { looksLikeEmail, useForm } from '../ui/useForm.js';
import { AuthFrame } from './AuthFrame.js';
import { PasswordField } from './PasswordField.js';
import { SampleButton } from './SampleButton.js';

export function RegisterPage() {
  const { t, locale } = useTexts();
  const navigate = useNavigate();
  const required = t('common.fields.required');
  const form = useForm({
    initial: { name: '', organizationName: '', email: '', password: '' },
    invalid: t('common.fields.invalid'),
    refusals: { guessable_password: t('common.fields.guessable') },
    check: ({ name, organizationName, email, password }) => ({
      ...(!name.trim() && { name: required }),
      ...(!organizationName.trim() && { organizationName: required }),
      ...(!looksLikeEmail(email) && { email: t('common.fields.email') }),
      ...(password.length < 8 && { password: t('common.fields.password') }),
    }),
  });
  const register = useMutation({
    mutationFn: () => {
      const { name, organizationName, email, password } = form.values;
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      return api.register({ name, organizationName, email: email.trim(), password, locale, timezone: timeZone });
    },
    onSuccess: () => navigate({ to: '/hire' }),
    onError: form.refused,
  });
  const taken = register.error instanceof ApiError && register.error.code === 'email_taken';

  return (
    <AuthFrame
      title={t('auth.register.title')}
      lead={t('auth.register.lead')}
      foot={
        <>
          <p className="text-ink-2">
            {t('auth.register.haveAccount')}{' '}
            <Link
              to="/entrar"
              className="-my-2 inline-flex min-h-11 items-center font-semibold text-ink underline underline-offset-4"
            >
              {t('auth.landing.signIn')}
            </Link>
          </p>
          <SampleButton wide />
        </>
      }
    >
      <form noValidate className="grid gap-4" onSubmit={(event) => form.submit(event, () => register.mutate())}>
        <TextField
          {...form.field('name')}
          label={t('auth.fields.name')}
          autoComplete="name"
          maxLength={120}
          autoFocus
        />
        <TextField
          {...form.field('organizationName')}
          label={t('auth.fields.organizationName')}
          placeholder={t('auth.fields.organizationNameExample')}
          autoComplete="organization"
          maxLength={255}
        />
        <TextField
          {...form.field('email')}
          label={t('auth.fields.email')}
          error={form.faults.email ?? (taken ? t('common.errors.email_taken') : undefined)}
          type="email"
          autoComplete="username"
          inputMode="email"
        />
        <PasswordField
          {...form.field('password')}
          help={t('auth.fields.passwordHelp')}
          autoComplete="new-password"
          maxLength={200}
        />
        {register.isError && !taken && <Notice tone="danger">{explain(register.error, t)}</Notice>}
        <Button type="submit" variant="you" size="lg" wide loading={register.isPending}>
          {t('auth.register.submit')}
        </Button>
      </form>
    </AuthFrame>
  );
}
