import { useQuery } from '@tanstack/react-query';
import { ExternalLink } from 'lucide-react';
import { useId } from 'react';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import { useManages } from '../app/useMayAct.js';
import { useOrganization } from '../app/useOrganization.js';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import { useField } from './fieldContext.js';
import { FieldFrame } from './FieldFrame.js';
import { inputBox, type FieldProps } from './PlainFields.js';

/** One of the organization's connections to other systems; the field keeps its id. */
export function ConnectionField({ spec, path, value }: FieldProps) {
  const id = useId();
  const { t } = useTexts();
  const { set, readOnly, onFocus, problemsAt } = useField();
  // Where they are made opens beside the draft: who comes back from there finds what they made.
  const connections = useQuery({
    queryKey: keys.connections,
    queryFn: api.connections,
    refetchOnWindowFocus: 'always',
  });
  const { organization } = useOrganization();
  const manages = useManages();
  const none = connections.data?.items.length === 0;
  const items = connections.data?.items ?? [];
  const chosen = typeof value === 'string' ? value : '';
  const known = chosen === '' || items.some((each) => each.id === chosen);
  return (
    <FieldFrame spec={spec} path={path} id={id}>
      <select
        id={id}
        value={chosen}
        disabled={readOnly}
        aria-describedby={spec.help ? `${id}-help` : undefined}
        className={classes(inputBox(problemsAt(path).length > 0), 'select')}
        onChange={({ target }) => set(path, target.value === '' ? undefined : target.value)}
        onFocus={() => onFocus(path)}
        onBlur={() => onFocus(null)}
      >
        <option value="">{t('editor.field.noConnection')}</option>
        {items.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name} ({each.hosts.join(', ')})
          </option>
        ))}
        {!known && <option value={chosen}>{connections.data ? t('editor.field.lostConnection') : chosen}</option>}
      </select>
      {connections.isError && <p className="mt-1 text-xs text-danger">{t('pickers.unreachable')}</p>}
      {!readOnly && organization && connections.data && (none || manages) && (
        <p className="mt-1.5 text-xs text-ink-2">
          {none && `${t(manages ? 'pickers.connection.none' : 'pickers.connection.ask')} `}
          {manages && (
            <a
              href="/settings/connections"
              target="_blank"
              rel="noopener"
              className="inline-flex items-center gap-1 py-1 font-semibold underline"
            >
              {t(none ? 'pickers.connection.make' : 'pickers.connection.manage')}
              <ExternalLink size={12} aria-hidden="true" />
            </a>
          )}
        </p>
      )}
    </FieldFrame>
  );
}
