import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { OrganizationView } from '../api/types.js';
import { isLocale } from '../i18n/i18n.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { SelectField, TextArea, TextField } from '../ui/TextField.js';
import { toast } from '../ui/Toast.js';
import { useForm } from '../ui/useForm.js';

/** The business in its owner's words: every agent reads it before answering. */
export function BusinessForm({ organization }: { organization: OrganizationView }) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const [language, setLanguage] = useState<string>(organization.locale);
  const form = useForm({
    initial: { name: organization.name, profile: organization.profile },
    invalid: t('common.fields.invalid'),
    check: ({ name, profile }) => ({
      ...(!name.trim() && { name: t('common.fields.required') }),
      ...(profile.length > 20_000 && { profile: t('common.fields.tooLong') }),
    }),
  });
  const save = useMutation({
    mutationFn: () =>
      api.patchOrganization({
        ...form.values,
        name: form.values.name.trim(),
        ...(isLocale(language) && { locale: language }),
      }),
    onSuccess: (saved) => {
      cache.setQueryData(keys.organization, saved);
      toast(t('common.saved'));
    },
    onError: form.refused,
  });
  const changed =
    form.values.name !== organization.name ||
    form.values.profile !== organization.profile ||
    language !== organization.locale;

  return (
    <form
      noValidate
      className="hairline grid gap-4 rounded-lg bg-surface p-3.5"
      onSubmit={(event) => form.submit(event, () => save.mutate())}
    >
      <TextField
        {...form.field('name')}
        label={t('settings.businessName')}
        maxLength={255}
        autoComplete="organization"
      />
      <TextArea
        {...form.field('profile')}
        label={t('settings.profile')}
        help={t('settings.profileHelp')}
        placeholder={t('settings.profileExample')}
        rows={5}
      />
      <SelectField
        label={t('settings.organizationLanguage')}
        value={language}
        onChange={setLanguage}
        options={[
          { value: 'pt-BR', label: t('common.languages.pt-BR') },
          { value: 'en', label: t('common.languages.en') },
        ]}
      />
      {save.isError && <Notice tone="danger">{explain(save.error, t)}</Notice>}
      <div>
        <Button type="submit" variant={changed ? 'you' : 'default'} disabled={!changed} loading={save.isPending}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}
