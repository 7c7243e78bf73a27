import { useQuery } from '@tanstack/react-query';
import { BookOpenText, CircleAlert, Plus, X } from 'lucide-react';
import { useId } from 'react';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import type { SourceView } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import { LeafTrio } from '../ui/LeafTrio.js';
import { useField } from './fieldContext.js';
import { FieldFrame } from './FieldFrame.js';
import { PickList } from './PickList.js';
import type { FieldProps } from './PlainFields.js';

/** Some of what the business has taught; the field keeps their ids, and none means all. */
export function KnowledgeField({ spec, path, value }: FieldProps) {
  const id = useId();
  const { t, locale } = useTexts();
  const { set, readOnly } = useField();
  const sources = useQuery({ queryKey: keys.allSources, queryFn: api.allSources, select: ({ items }) => items });
  const chosen = Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  const byId = new Map(sources.data?.map((source) => [source.id, source]));
  const change = (next: readonly string[]): void => set(path, next.length > 0 ? [...next] : undefined);
  const full = spec.maxItems !== undefined && chosen.length >= spec.maxItems;
  const detail = (source: SourceView): string =>
    [
      source.status === 'ready'
        ? t('knowledge.passages', { count: source.passages })
        : t(`knowledge.status.${source.status}`),
      source.locale === locale ? '' : t(`common.languages.${source.locale}`),
    ]
      .filter(Boolean)
      .join(' · ');
  return (
    <FieldFrame spec={spec} path={path} id={id} as="span">
      {chosen.length === 0 ? (
        <p className="field-picked text-ink-2">
          <BookOpenText size={16} aria-hidden="true" className="flex-none text-kind-data" />
          {t('pickers.knowledge.all')}
        </p>
      ) : (
        <ul aria-labelledby={`${id}-label`} className="grid grid-cols-[minmax(0,1fr)] gap-1">
          {chosen.map((each) => {
            const source = byId.get(each);
            const lost = !source && sources.isSuccess;
            const title = source?.title ?? (lost ? t('pickers.knowledge.lost') : '…');
            return (
              <li key={each} className="field-picked">
                {lost ? (
                  <CircleAlert size={16} aria-hidden="true" className="flex-none text-danger" />
                ) : (
                  <BookOpenText size={16} aria-hidden="true" className="flex-none text-kind-data" />
                )}
                <span className="min-w-0 flex-1">
                  <span className={lost ? 'block truncate text-danger' : 'block truncate font-medium'}>{title}</span>
                  {source && <span className="block text-xs text-ink-2">{detail(source)}</span>}
                </span>
                {!readOnly && (
                  <button
                    type="button"
                    aria-label={t('pickers.knowledge.remove', { title })}
                    className="field-item-button press"
                    onClick={() => change(chosen.filter((other) => other !== each))}
                  >
                    <X size={15} aria-hidden="true" />
                  </button>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {sources.isError && <p className="mt-1 text-xs text-danger">{t('pickers.unreachable')}</p>}
      {!readOnly && sources.data?.length === 0 && (
        <p className="mt-1.5 text-xs text-ink-2">{t('pickers.knowledge.none')}</p>
      )}
      {!readOnly && sources.data && sources.data.length > 0 && (
        <PickList
          several
          label={spec.title}
          search={t('pickers.knowledge.search')}
          chosenWord={t('pickers.knowledge.chosen')}
          // What is in the language of the page first.
          choices={sources.data
            .toSorted((a, b) => Number(b.locale === locale) - Number(a.locale === locale))
            .map((source) => ({
              value: source.id,
              title: source.title,
              detail: detail(source),
              words: t(`common.languages.${source.locale}`),
              mark:
                source.status === 'reading' ? (
                  <span className="text-mar-text">
                    <LeafTrio />
                  </span>
                ) : source.status === 'failed' ? (
                  <CircleAlert size={15} aria-hidden="true" className="text-danger" />
                ) : null,
            }))}
          chosen={new Set(chosen)}
          onPick={(picked) => {
            if (chosen.includes(picked)) change(chosen.filter((other) => other !== picked));
            else if (!full) change([...chosen, picked]);
          }}
          nothing={(search) => t('pickers.knowledge.noMatch', { search })}
          trigger={
            <button type="button" className="field-add press" aria-describedby={spec.help ? `${id}-help` : undefined}>
              <Plus size={15} aria-hidden="true" />
              {t('pickers.knowledge.choose')}
            </button>
          }
          {...(full && {
            head: (
              <p className="px-3.5 pt-2 text-xs text-ink-2">{t('pickers.knowledge.full', { count: spec.maxItems })}</p>
            ),
          })}
        />
      )}
    </FieldFrame>
  );
}
