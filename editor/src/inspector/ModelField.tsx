import { useQuery } from '@tanstack/react-query';
import { BrainCircuit, ChevronsUpDown } from 'lucide-react';
import { useId } from 'react';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import type { ModelView } from '../api/types.js';
import { formatList, formatMicros } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import { useField } from './fieldContext.js';
import { FieldFrame } from './FieldFrame.js';
import { PickList } from './PickList.js';
import type { FieldProps } from './PlainFields.js';

const providers: Readonly<Record<string, string>> = { openai: 'OpenAI', anthropic: 'Anthropic', gemini: 'Google' };

/** Who thinks in this step, with what it costs; empty leaves it to the platform. */
export function ModelField({ spec, path, value }: FieldProps) {
  const id = useId();
  const { t, locale } = useTexts();
  const { set, readOnly, problemsAt } = useField();
  const models = useQuery({ queryKey: keys.models, queryFn: api.models });
  const items = models.data?.items ?? [];
  const chosen = typeof value === 'string' ? value : '';
  const current = items.find((model) => model.id === chosen);
  const price = ({ price: per }: ModelView): string =>
    per
      ? t('pickers.model.price', {
          input: formatMicros(locale, per.input * 1_000_000),
          output: formatMicros(locale, per.output * 1_000_000),
        })
      : t('pickers.model.noPrice');
  const plays = ({ roles }: ModelView): string =>
    roles.length === 0
      ? ''
      : t('pickers.model.plays', {
          roles: formatList(
            locale,
            roles.map((role) => t(`pickers.model.roles.${role}`)),
          ),
        });
  const said = current
    ? price(current)
    : chosen === ''
      ? t('pickers.model.usualText')
      : models.isSuccess
        ? t('pickers.model.lost')
        : '';
  return (
    <FieldFrame spec={spec} path={path} id={id} as="span">
      <PickList
        label={spec.title}
        disabled={readOnly || !models.data}
        search={t('pickers.model.search')}
        chosenWord={t('pickers.model.chosen')}
        choices={[
          { value: '', title: t('pickers.model.usual'), detail: t('pickers.model.usualText') },
          ...items.map((model) => ({
            value: model.id,
            title: model.id,
            detail: [price(model), plays(model)].filter(Boolean).join(' · '),
            words: providers[model.provider] ?? model.provider,
            mark: <span className="text-xs text-ink-2">{providers[model.provider] ?? model.provider}</span>,
          })),
        ]}
        chosen={new Set([chosen])}
        onPick={(picked) => set(path, picked === '' ? undefined : picked)}
        head={<p className="px-3.5 pt-2.5 text-xs text-ink-2">{t('pickers.model.perMillion')}</p>}
        nothing={(search) => t('pickers.model.noMatch', { search })}
        trigger={
          <button
            type="button"
            aria-labelledby={`${id}-label ${id}`}
            aria-describedby={spec.help ? `${id}-help` : undefined}
            id={id}
            className={classes('field-input field-open press', problemsAt(path).length > 0 && 'bad')}
          >
            <BrainCircuit size={16} aria-hidden="true" className="flex-none text-kind-agent" />
            <span className="min-w-0 flex-1 text-left">
              <span className="block truncate">{chosen || t('pickers.model.usual')}</span>
              {said && <span className="block text-xs text-ink-2">{said}</span>}
            </span>
            <ChevronsUpDown size={15} aria-hidden="true" className="flex-none text-ink-3" />
          </button>
        }
      />
      {models.isError && <p className="mt-1 text-xs text-danger">{t('pickers.unreachable')}</p>}
      {items.length > 0 && items.every(({ available }) => !available) && (
        <p className="mt-1.5 text-xs text-sandbox">{t('pickers.model.sandbox')}</p>
      )}
    </FieldFrame>
  );
}
