import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { accountApi } from '../api/accountApi.js';
import { explain } from '../api/explain.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { toast } from '../ui/Toast.js';
import { useForm } from '../ui/useForm.js';
import { AuthFrame } from './AuthFrame.js';
import { BackToSignIn } from './BackToSignIn.js';
import { hashToken } from './hashToken.js';
import { PasswordField } from './PasswordField.js';

/** Where the mail about a forgotten password leads. */
export function ResetPage() {
  const { t } = useTexts();
  const navigate = useNavigate();
  const [token] = useState(hashToken);
  const form = useForm({
    initial: { password: '' },
    invalid: t('common.fields.invalid'),
    refusals: { guessable_password: t('common.fields.guessable') },
    check: ({ password }) => ({ ...(password.length < 8 && { password: t('common.fields.password') }) }),
  });
  const reset = useMutation({
    mutationFn: () => accountApi.reset({ token, password: form.values.password }),
    onSuccess: () => {
      toast(t('account.door.resetDone'));
      return navigate({ to: '/entrar' });
    },
  });
  return (
    <AuthFrame title={t('account.door.resetTitle')} foot={<BackToSignIn />}>
      {token === '' ? (
        <Notice tone="danger">{t('account.door.badLink')}</Notice>
      ) : (
        <form noValidate className="grid gap-4" onSubmit={(event) => form.submit(event, () => reset.mutate())}>
          <PasswordField
            {...form.field('password')}
            label={t('account.passwordNew')}
            help={t('auth.fields.passwordHelp')}
            autoComplete="new-password"
            maxLength={200}
            autoFocus
          />
          {reset.isError && <Notice tone="danger">{explain(reset.error, t)}</Notice>}
          <Button type="submit" variant="you" size="lg" wide loading={reset.isPending}>
            {t('common.save')}
          </Button>
        </form>
      )}
    </AuthFrame>
  );
}
