import { useDepartments } from '../../app/useDepartments.js';
import { useTexts } from '../../i18n/useTexts.js';
import type { Grant } from './DepartmentChoice.js';

/** What a grant means, in words: the names of the departments, as far as whoever looks sees them. */
export function useGrantText(): (grant: Grant) => string | null {
  const { t, locale } = useTexts();
  const { data: departments = [] } = useDepartments();
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  return (grant) => {
    if (grant === null) return null;
    const names = departments.filter(({ id }) => grant.includes(id)).map(({ name }) => name);
    return names.length > 0 ? t('people.grants.sees', { names: list.format(names) }) : t('people.grants.seesNone');
  };
}
