import type { DepartmentView, RunView } from '../../api/types.js';
import { useTexts } from '../../i18n/useTexts.js';
import { classes } from '../../ui/classes.js';
import { SelectField } from '../../ui/TextField.js';

/** Which version a new run is of, and whether it acts outside. */
export interface Branch {
  /** Absent: the one that the run before was pinned to. */
  readonly version: number | 'draft' | undefined;
  readonly effects: 'rehearse' | 'perform';
}

/**
 * What a fork and a replay ask besides: the version, and what happens outside. Rehearsing is what one gets without choosing; a department that was let go
 * has no other version, and only rehearses.
 */
export function BranchChoices({
  run,
  department,
  value,
  onChange,
}: {
  run: RunView;
  /** `null` once it was let go. */
  department: DepartmentView | null;
  value: Branch;
  onChange: (value: Branch) => void;
}) {
  const { t } = useTexts();
  const liveVersion = department?.published?.version ?? null;
  const same = run.version === null ? t('runs.branch.sameDraft') : t('runs.branch.same', { version: run.version });
  const versions = [
    { value: '', label: same },
    ...(liveVersion !== null && liveVersion !== run.version
      ? [{ value: String(liveVersion), label: t('runs.branch.live', { version: liveVersion }) }]
      : []),
    ...(department ? [{ value: 'draft', label: t('runs.branch.draft') }] : []),
  ];
  return (
    <>
      <SelectField
        label={t('runs.branch.version')}
        value={value.version === undefined ? '' : String(value.version)}
        onChange={(chosen) =>
          onChange({ ...value, version: chosen === '' ? undefined : chosen === 'draft' ? 'draft' : Number(chosen) })
        }
        options={versions}
      />
      <fieldset>
        <legend className="mb-1.5 text-sm font-semibold desk:text-xs">{t('runs.branch.outside')}</legend>
        <div className="grid gap-2">
          {(department ? (['rehearse', 'perform'] as const) : (['rehearse'] as const)).map((effects) => (
            <label
              key={effects}
              className={classes(
                'press flex cursor-pointer gap-3 rounded-md px-3 py-2.5',
                value.effects === effects
                  ? 'shadow-[inset_0_0_0_2px_var(--color-ink)]'
                  : 'shadow-[inset_0_0_0_1px_var(--color-line)]',
              )}
            >
              <input
                type="radio"
                name="effects"
                className="mt-1 size-4 accent-ink"
                checked={value.effects === effects}
                onChange={() => onChange({ ...value, effects })}
              />
              <span>
                <span className="block font-semibold">{t(`runs.branch.${effects}.title`)}</span>
                <span className={classes('block text-sm', effects === 'perform' ? 'text-danger' : 'text-ink-2')}>
                  {t(`runs.branch.${effects}.text`)}
                </span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}
