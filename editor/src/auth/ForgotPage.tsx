import { useMutation } from '@tanstack/react-query';
import { accountApi } from '../api/accountApi.js';
import { explain } from '../api/explain.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { TextField } from '../ui/TextField.js';
import { looksLikeEmail, useForm } from '../ui/useForm.js';
import { AuthFrame } from './AuthFrame.js';
import { BackToSignIn } from './BackToSignIn.js';

export function ForgotPage() {
  const { t } = useTexts();
  const form = useForm({
    initial: { email: '' },
    invalid: t('common.fields.invalid'),
    check: ({ email }) => ({ ...(!looksLikeEmail(email) && { email: t('common.fields.email') }) }),
  });
  const ask = useMutation({ mutationFn: () => accountApi.forgot(form.values.email.trim()), onError: form.refused });
  return (
    <AuthFrame title={t('account.door.forgotTitle')} lead={t('account.door.forgotLead')} foot={<BackToSignIn />}>
      {ask.isSuccess ? (
        <Notice>{t('account.door.forgotSent')}</Notice>
      ) : (
        <form noValidate className="grid gap-4" onSubmit={(event) => form.submit(event, () => ask.mutate())}>
          <TextField
            {...form.field('email')}
            label={t('auth.fields.email')}
            type="email"
            autoComplete="username"
            inputMode="email"
            autoFocus
          />
          {ask.isError && <Notice tone="danger">{explain(ask.error, t)}</Notice>}
          <Button type="submit" variant="you" size="lg" wide loading={ask.isPending}>
            {t('account.door.forgotSend')}
          </Button>
        </form>
      )}
    </AuthFrame>
  );
}
