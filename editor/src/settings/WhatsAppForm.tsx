import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { DepartmentView } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { SelectField, TextField } from '../ui/TextField.js';
import { toast } from '../ui/Toast.js';
import { useForm } from '../ui/useForm.js';

const digits = /^\d{5,32}$/;

/** What Meta gave you, and who answers on the number. */
export function WhatsAppForm({ departments }: { departments: readonly DepartmentView[] }) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const [departmentId, setDepartmentId] = useState(departments[0]?.id ?? '');
  const empty = { phoneNumberId: '', accessToken: '', businessAccountId: '' };
  const form = useForm({
    initial: empty,
    invalid: t('common.fields.invalid'),
    check: ({ phoneNumberId, accessToken, businessAccountId }) => ({
      ...(!digits.test(phoneNumberId.trim()) && { phoneNumberId: t('common.fields.digits') }),
      ...(!accessToken.trim() && { accessToken: t('common.fields.required') }),
      ...(businessAccountId.trim() &&
        !digits.test(businessAccountId.trim()) && { businessAccountId: t('common.fields.digits') }),
    }),
  });
  const connect = useMutation({
    mutationFn: () => {
      const { phoneNumberId, accessToken, businessAccountId } = form.values;
      const account = businessAccountId.trim();
      return api.connectWhatsApp({
        phoneNumberId: phoneNumberId.trim(),
        accessToken: accessToken.trim(),
        departmentId,
        ...(account && { businessAccountId: account }),
      });
    },
    onSuccess: async () => {
      toast(t('settings.wa.done'));
      form.setAll(empty);
      await cache.invalidateQueries({ queryKey: keys.channels });
    },
    onError: form.refused,
  });

  return (
    <form
      noValidate
      className="hairline grid gap-4 rounded-lg bg-surface p-3.5"
      onSubmit={(event) => form.submit(event, () => connect.mutate())}
    >
      <TextField
        {...form.field('phoneNumberId')}
        label={t('settings.wa.phoneNumberId')}
        help={t('settings.wa.phoneNumberIdHelp')}
        inputMode="numeric"
        autoComplete="off"
      />
      <TextField
        {...form.field('accessToken')}
        label={t('settings.wa.accessToken')}
        type="password"
        autoComplete="off"
      />
      <TextField
        {...form.field('businessAccountId')}
        label={t('settings.wa.businessAccountId')}
        note={t('settings.wa.optional')}
        inputMode="numeric"
        autoComplete="off"
      />
      <SelectField
        label={t('settings.wa.department')}
        value={departmentId}
        onChange={setDepartmentId}
        options={departments.map(({ id, name }) => ({ value: id, label: name }))}
      />
      {connect.isError && <Notice tone="danger">{explain(connect.error, t)}</Notice>}
      <div>
        <Button type="submit" variant="you" loading={connect.isPending}>
          {t('settings.wa.submit')}
        </Button>
      </div>
    </form>
  );
}
