import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import { isLocale } from '../i18n/i18n.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { SelectField, TextArea, TextField } from '../ui/TextField.js';
import { Sheet } from '../ui/Sheet.js';
import { toast } from '../ui/Toast.js';
import { useForm } from '../ui/useForm.js';

const longest = 500_000;

/** A text with a name, to be read by the team. */
export function TeachSheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { t, locale } = useTexts();
  const cache = useQueryClient();
  const [language, setLanguage] = useState<string>(locale);
  const form = useForm({
    initial: { title: '', content: '' },
    invalid: t('common.fields.invalid'),
    check: ({ title, content }) => ({
      ...(!title.trim() && { title: t('common.fields.required') }),
      ...(!content.trim() && { content: t('common.fields.required') }),
      ...(content.length > longest && { content: t('common.fields.tooLong') }),
    }),
  });
  const add = useMutation({
    mutationFn: () =>
      api.addSource({
        title: form.values.title.trim(),
        text: form.values.content,
        locale: isLocale(language) ? language : locale,
      }),
    onSuccess: async (source) => {
      toast(t('knowledge.added', { title: source.title }));
      form.setAll({ title: '', content: '' });
      onOpenChange(false);
      await cache.invalidateQueries({ queryKey: keys.sources });
    },
    onError: form.refused,
  });

  return (
    <Sheet
      open={open}
      onOpenChange={onOpenChange}
      title={t('knowledge.form.title')}
      actions={
        <Button type="submit" form="teach" variant="you" wide loading={add.isPending}>
          {t('knowledge.form.submit')}
        </Button>
      }
    >
      <form
        id="teach"
        noValidate
        className="grid gap-4 pt-1"
        onSubmit={(event) => form.submit(event, () => add.mutate())}
      >
        <TextField
          {...form.field('title')}
          label={t('knowledge.form.name')}
          placeholder={t('knowledge.form.nameExample')}
          maxLength={200}
        />
        <TextArea
          {...form.field('content')}
          label={t('knowledge.form.content')}
          help={t('knowledge.form.contentHelp')}
          rows={10}
        />
        <SelectField
          label={t('knowledge.form.language')}
          value={language}
          onChange={setLanguage}
          options={[
            { value: 'pt-BR', label: t('common.languages.pt-BR') },
            { value: 'en', label: t('common.languages.en') },
          ]}
        />
        {add.isError && <Notice tone="danger">{explain(add.error, t)}</Notice>}
      </form>
    </Sheet>
  );
}
