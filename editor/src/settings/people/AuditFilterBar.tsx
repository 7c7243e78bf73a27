import { useQuery } from '@tanstack/react-query';
import { keys } from '../../api/keys.js';
import { peopleApi } from '../../api/peopleApi.js';
import { useTexts } from '../../i18n/useTexts.js';
import { SelectField, TextField } from '../../ui/TextField.js';
import { toldActions } from './auditSentence.js';

/** What the log is narrowed to, as it stands in the fields: empty is without limit, days are the reader's own. */
export interface AuditSearch {
  readonly q: string;
  readonly actor: string;
  readonly action: string;
  readonly from: string;
  readonly to: string;
}
export const everything: AuditSearch = { q: '', actor: '', action: '', from: '', to: '' };

/** Who, what and when. */
export function AuditFilterBar({
  search,
  onChange,
}: {
  search: AuditSearch;
  onChange: (changed: Partial<AuditSearch>) => void;
}) {
  const { t, locale } = useTexts();
  const members = useQuery({ queryKey: keys.members, queryFn: peopleApi.members, select: ({ items }) => items });
  const programs = useQuery({ queryKey: keys.apiKeys, queryFn: peopleApi.apiKeys, select: ({ items }) => items });
  const actors = [
    { value: '', label: t('people.audit.anybody') },
    ...(members.data ?? []).map(({ userId, name }) => ({ value: userId, label: name })),
    ...(programs.data ?? []).map(({ id, name }) => ({ value: id, label: t('people.audit.key', { name }) })),
    { value: 'system', label: t('people.audit.system') },
  ];
  const actions = [{ value: '', label: t('people.audit.anything') }, ...toldActions(t, locale)];
  return (
    <div className="mb-4 grid grid-cols-2 gap-3">
      <div className="col-span-2">
        <TextField
          type="search"
          label={t('people.audit.search')}
          placeholder={t('people.audit.searchExample')}
          value={search.q}
          maxLength={100}
          onChange={(event) => onChange({ q: event.target.value })}
        />
      </div>
      <SelectField
        label={t('people.audit.who')}
        value={search.actor}
        options={actors}
        onChange={(actor) => onChange({ actor })}
      />
      <SelectField
        label={t('people.audit.what')}
        value={search.action}
        options={actions}
        onChange={(action) => onChange({ action })}
      />
      <TextField
        type="date"
        label={t('people.audit.fromDay')}
        value={search.from}
        max={search.to || undefined}
        onChange={(event) => onChange({ from: event.target.value })}
      />
      <TextField
        type="date"
        label={t('people.audit.toDay')}
        value={search.to}
        min={search.from || undefined}
        onChange={(event) => onChange({ to: event.target.value })}
      />
    </div>
  );
}
