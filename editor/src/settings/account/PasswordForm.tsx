import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { accountApi } from '../../api/accountApi.js';
import { explain } from '../../api/explain.js';
import { keys } from '../../api/keys.js';
import { PasswordField } from '../../auth/PasswordField.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { Card } from '../../ui/Card.js';
import { Notice } from '../../ui/Notice.js';
import { Tick } from '../../ui/Tick.js';
import { toast } from '../../ui/Toast.js';
import { useForm } from '../../ui/useForm.js';

/** A new password: this device stays, the others leave, and so do the keys of programs unless they are to stay. */
export function PasswordForm() {
  const { t } = useTexts();
  const cache = useQueryClient();
  const empty = { currentPassword: '', newPassword: '' };
  const [keepApiKeys, setKeepApiKeys] = useState(false);
  const form = useForm({
    initial: empty,
    invalid: t('common.fields.invalid'),
    refusals: { guessable_password: t('common.fields.guessable') },
    check: ({ currentPassword, newPassword }) => ({
      ...(!currentPassword && { currentPassword: t('common.fields.required') }),
      ...(newPassword.length < 8 && { newPassword: t('common.fields.password') }),
    }),
  });
  const save = useMutation({
    mutationFn: () => accountApi.changePassword({ ...form.values, keepApiKeys }),
    onSuccess: () => {
      form.setAll(empty);
      setKeepApiKeys(false);
      toast(t('account.passwordSaved'));
      return cache.invalidateQueries({ queryKey: keys.sessions });
    },
    onError: form.refused,
  });
  return (
    <form noValidate onSubmit={(event) => form.submit(event, () => save.mutate())}>
      <Card>
        <p className="text-sm text-ink-2">{t('account.passwordLead')}</p>
        <PasswordField
          {...form.field('currentPassword')}
          label={t('account.passwordNow')}
          autoComplete="current-password"
          maxLength={200}
        />
        <PasswordField
          {...form.field('newPassword')}
          label={t('account.passwordNew')}
          help={t('auth.fields.passwordHelp')}
          autoComplete="new-password"
          maxLength={200}
        />
        <button
          type="button"
          role="checkbox"
          aria-checked={keepApiKeys}
          onClick={() => setKeepApiKeys(!keepApiKeys)}
          className="press flex min-h-11 items-center gap-3 text-left text-sm"
        >
          <Tick on={keepApiKeys} />
          <span>
            <span className="block font-semibold">{t('account.keepKeys')}</span>
            <span className="block text-ink-2">{t('account.keepKeysHelp')}</span>
          </span>
        </button>
        {save.isError && <Notice tone="danger">{explain(save.error, t)}</Notice>}
        <Button type="submit" loading={save.isPending}>
          {t('account.passwordSave')}
        </Button>
      </Card>
    </form>
  );
}
