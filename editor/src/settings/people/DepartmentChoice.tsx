import { useDepartments } from '../../app/useDepartments.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Emblem } from '../../ui/Emblem.js';
import { Segmented } from '../../ui/Segmented.js';
import { Tick } from '../../ui/Tick.js';

/** Which departments somebody sees: `null` is all of them, also those to come. */
export type Grant = readonly string[] | null;

/** Some departments were asked for and none is chosen yet: nothing to save. */
export const isUnsaid = (grant: Grant): boolean => grant !== null && grant.length === 0;

interface DepartmentChoiceProps {
  readonly value: Grant;
  readonly onChange: (grant: Grant) => void;
  /** Whom the choice is for, as the label says it. */
  readonly label: string;
  readonly help?: string | undefined;
}

/** All departments, or some of them. Without a second one there is nothing to choose. */
export function DepartmentChoice({ value, onChange, label, help }: DepartmentChoiceProps) {
  const { t } = useTexts();
  const { data: departments = [] } = useDepartments();
  if (departments.length === 0 && value === null) return null;
  const toggle = (id: string): void => {
    const chosen = value ?? [];
    onChange(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  };
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-sm font-semibold desk:text-xs">{label}</legend>
      <Segmented
        label={label}
        value={value === null ? 'all' : 'some'}
        options={[
          { value: 'all', label: t('people.grants.all') },
          { value: 'some', label: t('people.grants.some') },
        ]}
        onChange={(next) => onChange(next === 'all' ? null : [])}
      />
      <p className="text-sm text-ink-2">
        {value === null ? t('people.grants.allHelp') : (help ?? t('people.grants.someHelp'))}
      </p>
      {value !== null && (
        <ul className="divide-y divide-line rounded-md shadow-[inset_0_0_0_1px_var(--color-line)]">
          {departments.map(({ id, name, type }) => {
            const on = value.includes(id);
            return (
              <li key={id}>
                <button
                  type="button"
                  role="checkbox"
                  aria-checked={on}
                  onClick={() => toggle(id)}
                  className="press flex min-h-12 w-full items-center gap-3 px-3 py-1.5 text-left"
                >
                  <Emblem team={type} size={28} />
                  <span className="min-w-0 flex-1 truncate font-semibold">{name}</span>
                  <Tick on={on} />
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </fieldset>
  );
}
