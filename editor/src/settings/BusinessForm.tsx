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
export function BusinessForm({
  organization,
  mayChange,
}: {
  organization: OrganizationView;
  /** Everybody else reads it: it is what the team knows of the house. */
  mayChange: boolean;
}) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const [language, setLanguage] = useState<string>(organization.locale);
  const form = useForm({
    initial: {
      name: organization.name,
      profile: organization.profile,
      dailyBudget: reaisOf(organization.dailyBudgetCents),
      repliesPerMinute: String(organization.repliesPerMinute),
    },
    invalid: t('common.fields.invalid'),
    check: ({ name, profile, dailyBudget, repliesPerMinute }) => ({
      ...(!name.trim() && { name: t('common.fields.required') }),
      ...(profile.length > 20_000 && { profile: t('common.fields.tooLong') }),
      ...(centsOf(dailyBudget) === undefined && { dailyBudget: t('settings.dailyBudgetBad') }),
      ...(!isReplies(repliesPerMinute) && { repliesPerMinute: t('settings.repliesPerMinuteBad') }),
    }),
  });
  const save = useMutation({
    mutationFn: () =>
      api.patchOrganization({
        name: form.values.name.trim(),
        profile: form.values.profile,
        dailyBudgetCents: centsOf(form.values.dailyBudget) ?? null,
        repliesPerMinute: Number(form.values.repliesPerMinute),
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
    centsOf(form.values.dailyBudget) !== organization.dailyBudgetCents ||
    form.values.repliesPerMinute.trim() !== String(organization.repliesPerMinute) ||
    language !== organization.locale;

  return (
    <form
      noValidate
      className="hairline rounded-lg bg-surface p-3.5"
      onSubmit={(event) => form.submit(event, () => save.mutate())}
    >
      <fieldset disabled={!mayChange} className="m-0 grid gap-4 border-0 p-0">
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
        <TextField
          {...form.field('dailyBudget')}
          label={t('settings.dailyBudget')}
          help={t('settings.dailyBudgetHelp')}
          inputMode="decimal"
          autoComplete="off"
        />
        <TextField
          {...form.field('repliesPerMinute')}
          label={t('settings.repliesPerMinute')}
          help={t('settings.repliesPerMinuteHelp')}
          inputMode="numeric"
          autoComplete="off"
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
        {mayChange ? (
          <div>
            <Button type="submit" variant={changed ? 'you' : 'default'} disabled={!changed} loading={save.isPending}>
              {t('common.save')}
            </Button>
          </div>
        ) : (
          <p className="text-sm text-ink-2">{t('settings.businessReadOnly')}</p>
        )}
      </fieldset>
    </form>
  );
}

const reaisOf = (cents: number | null): string =>
  cents === null ? '' : (cents / 100).toFixed(cents % 100 ? 2 : 0).replace('.', ',');

/** Centavos of what somebody wrote in reais; `null` for nothing, `undefined` when it is no amount. */
function centsOf(text: string): number | null | undefined {
  const trimmed = text.trim().replace(/^R\$\s*/, '');
  if (trimmed === '') return null;
  return /^\d{1,6}([.,]\d{1,2})?$/.test(trimmed) ? Math.round(Number(trimmed.replace(',', '.')) * 100) : undefined;
}

const isReplies = (text: string): boolean => /^\d{1,2}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= 60;
