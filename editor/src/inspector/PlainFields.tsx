import { useId, useState } from 'react';
import type { Json } from '#nodes/sdk/json.js';
import { useOrganization } from '../app/useOrganization.js';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import { useField, type Path } from './fieldContext.js';
import { type Formula, FieldFrame } from './FieldFrame.js';
import type { FieldSpec } from './formOf.js';
import { NumberInput } from './NumberInput.js';
import { writeNumber } from './numbers.js';
import { useKeptCaret } from './useKeptCaret.js';

export interface FieldProps {
  readonly spec: FieldSpec;
  readonly path: Path;
  readonly value: Json | undefined;
  readonly formula?: Formula | undefined;
}

export const inputBox = (invalid: boolean): string => classes('field-input', invalid && 'bad');

/** A text that is used as written: names, and instructions to a model. */
export function LiteralField({ spec, path, value }: FieldProps) {
  const id = useId();
  const { write, readOnly, onFocus, problemsAt } = useField();
  const text = typeof value === 'string' ? value : '';
  const one = useKeptCaret<HTMLInputElement>(text);
  const several = useKeptCaret<HTMLTextAreaElement>(text);
  const shared = {
    id,
    value: text,
    readOnly,
    placeholder: spec.placeholder || (typeof spec.fallback === 'string' ? spec.fallback : ''),
    'aria-describedby': spec.help ? `${id}-help` : undefined,
    'aria-invalid': problemsAt(path).length > 0 || undefined,
    className: inputBox(problemsAt(path).length > 0),
    onChange: (event: { target: { value: string } }) =>
      write(path, event.target.value === '' && !spec.required ? undefined : event.target.value, text),
    onFocus: () => onFocus(path),
    onBlur: () => onFocus(null),
  };
  return (
    <FieldFrame spec={spec} path={path} id={id}>
      {spec.control === 'textarea' ? <textarea rows={4} {...several} {...shared} /> : <input {...one} {...shared} />}
    </FieldFrame>
  );
}

export function NumberField({ spec, path, value, formula }: FieldProps) {
  const id = useId();
  const { locale } = useTexts();
  const { set, readOnly, onFocus, problemsAt } = useField();
  return (
    <FieldFrame spec={spec} path={path} id={id} formula={formula}>
      <NumberInput
        id={id}
        value={typeof value === 'number' ? value : undefined}
        minimum={spec.minimum}
        maximum={spec.maximum}
        readOnly={readOnly}
        placeholder={typeof spec.fallback === 'number' ? writeNumber(spec.fallback, locale) : spec.placeholder}
        aria-describedby={spec.help ? `${id}-help` : undefined}
        invalid={problemsAt(path).length > 0}
        onChange={(number) => set(path, number)}
        onFocus={() => onFocus(path)}
        onBlur={() => onFocus(null)}
      />
    </FieldFrame>
  );
}

export function SelectFieldOf({ spec, path, value, formula }: FieldProps) {
  const id = useId();
  const { set, readOnly, onFocus, problemsAt } = useField();
  const chosen = value ?? spec.fallback;
  const current = chosen === undefined || chosen === null ? '' : String(chosen);
  return (
    <FieldFrame spec={spec} path={path} id={id} formula={formula}>
      <select
        id={id}
        value={current}
        disabled={readOnly}
        aria-describedby={spec.help ? `${id}-help` : undefined}
        className={classes(inputBox(problemsAt(path).length > 0), 'select')}
        onChange={({ target }) => set(path, target.value === '' ? undefined : target.value)}
        onFocus={() => onFocus(path)}
        onBlur={() => onFocus(null)}
      >
        {/* What no choice stands for is shown as it is: another would seem chosen. */}
        {spec.options.every((option) => option.value !== current) && <option value={current}>{current}</option>}
        {spec.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

export function SwitchField({ spec, path, value, formula }: FieldProps) {
  const id = useId();
  const { set, readOnly, onFocus } = useField();
  const on = value === undefined ? spec.fallback === true : value === true;
  return (
    <FieldFrame spec={spec} path={path} id={id} formula={formula} as="span">
      <button
        id={id}
        type="button"
        role="switch"
        aria-checked={on}
        aria-labelledby={`${id}-label`}
        aria-describedby={spec.help ? `${id}-help` : undefined}
        disabled={readOnly}
        onClick={() => set(path, !on)}
        onFocus={() => onFocus(path)}
        onBlur={() => onFocus(null)}
        className="field-switch"
      />
    </FieldFrame>
  );
}

const MINUTES = { minutes: 1, hours: 60, days: 1_440 } as const;
type Unit = keyof typeof MINUTES;
const units = ['minutes', 'hours', 'days'] as const satisfies readonly Unit[];

/** Minutes, said in the unit that reads best, or in the one that was chosen: while one writes it does not change. */
export function DurationField({ spec, path, value, formula }: FieldProps) {
  const id = useId();
  const { t } = useTexts();
  const { set, readOnly, onFocus, problemsAt } = useField();
  const minutes = typeof value === 'number' ? value : undefined;
  const best = units.findLast((each) => minutes && Number.isInteger(minutes / MINUTES[each])) ?? 'minutes';
  const [unit, setUnit] = useState<Unit>(best);
  return (
    <FieldFrame spec={spec} path={path} id={id} formula={formula}>
      <div className="grid grid-cols-[1fr_auto] gap-2">
        <div>
          <NumberInput
            id={id}
            minimum={0}
            readOnly={readOnly}
            value={minutes === undefined ? undefined : minutes / MINUTES[unit]}
            aria-describedby={spec.help ? `${id}-help` : undefined}
            invalid={problemsAt(path).length > 0}
            onChange={(number) => set(path, number === undefined ? undefined : rounded(number * MINUTES[unit]))}
            onFocus={() => onFocus(path)}
            onBlur={() => onFocus(null)}
          />
        </div>
        <select
          aria-label={t('editor.field.unit')}
          value={unit}
          disabled={readOnly}
          className={classes(inputBox(false), 'select self-start')}
          onChange={({ target }) => {
            const next = units.find((each) => each === target.value) ?? 'minutes';
            setUnit(next);
            if (minutes !== undefined) set(path, rounded((minutes / MINUTES[unit]) * MINUTES[next]));
          }}
        >
          {units.map((each) => (
            <option key={each} value={each}>
              {t(`editor.field.${each}`)}
            </option>
          ))}
        </select>
      </div>
    </FieldFrame>
  );
}

/** Without what comes of tenths in binary: 1.1 hours are 66 minutes. */
const rounded = (minutes: number): number => Math.round(minutes * 1e6) / 1e6;

const zones = (): readonly string[] => {
  const all = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];
  return ['America/Recife', 'America/Sao_Paulo', 'America/Manaus', ...all];
};

export function TimezoneField({ spec, path, value }: FieldProps) {
  const id = useId();
  const { set, readOnly, onFocus, problemsAt } = useField();
  const { organization } = useOrganization();
  return (
    <FieldFrame spec={spec} path={path} id={id}>
      <input
        id={id}
        list={`${id}-zones`}
        readOnly={readOnly}
        aria-invalid={problemsAt(path).length > 0 || undefined}
        onFocus={() => onFocus(path)}
        onBlur={() => onFocus(null)}
        value={typeof value === 'string' ? value : ''}
        // Left empty it is the clock of the business.
        placeholder={organization?.timezone ?? ''}
        className={inputBox(problemsAt(path).length > 0)}
        onChange={({ target }) => set(path, target.value === '' ? undefined : target.value)}
      />
      <datalist id={`${id}-zones`}>
        {[...new Set(zones())].map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </FieldFrame>
  );
}
