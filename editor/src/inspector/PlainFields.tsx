import { useId } from 'react';
import type { Json } from '#nodes/sdk/json.js';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import { useField, type Path } from './fieldContext.js';
import { FieldFrame } from './FieldFrame.js';
import type { FieldSpec } from './formOf.js';

export interface FieldProps {
  readonly spec: FieldSpec;
  readonly path: Path;
  readonly value: Json | undefined;
  readonly formula?: { readonly on: boolean; readonly toggle: () => void } | undefined;
}

export const inputBox = (invalid: boolean): string => classes('field-input', invalid && 'bad');

/** A text that is used as written: names, and instructions to a model. */
export function LiteralField({ spec, path, value }: FieldProps) {
  const id = useId();
  const { set, readOnly, onFocus, problemsAt } = useField();
  const text = typeof value === 'string' ? value : '';
  const shared = {
    id,
    value: text,
    readOnly,
    placeholder: spec.placeholder || (typeof spec.fallback === 'string' ? spec.fallback : ''),
    'aria-describedby': spec.help ? `${id}-help` : undefined,
    'aria-invalid': problemsAt(path).length > 0 || undefined,
    className: inputBox(problemsAt(path).length > 0),
    onChange: (event: { target: { value: string } }) =>
      set(path, event.target.value === '' && !spec.required ? undefined : event.target.value),
    onFocus: () => onFocus(path),
    onBlur: () => onFocus(null),
  };
  return (
    <FieldFrame spec={spec} path={path} id={id}>
      {spec.control === 'textarea' ? <textarea rows={4} {...shared} /> : <input {...shared} />}
    </FieldFrame>
  );
}

export function NumberField({ spec, path, value, formula }: FieldProps) {
  const id = useId();
  const { set, readOnly, onFocus, problemsAt } = useField();
  return (
    <FieldFrame spec={spec} path={path} id={id} formula={formula}>
      <input
        id={id}
        type="number"
        inputMode="decimal"
        value={typeof value === 'number' ? value : ''}
        min={spec.minimum}
        max={spec.maximum}
        step="any"
        readOnly={readOnly}
        placeholder={typeof spec.fallback === 'number' ? String(spec.fallback) : spec.placeholder}
        aria-describedby={spec.help ? `${id}-help` : undefined}
        aria-invalid={problemsAt(path).length > 0 || undefined}
        className={classes(inputBox(problemsAt(path).length > 0), 'num')}
        onChange={({ target }) => {
          const number = target.valueAsNumber;
          set(path, Number.isFinite(number) ? number : undefined);
        }}
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
  return (
    <FieldFrame spec={spec} path={path} id={id} formula={formula}>
      <select
        id={id}
        value={chosen === undefined || chosen === null ? '' : String(chosen)}
        disabled={readOnly}
        aria-describedby={spec.help ? `${id}-help` : undefined}
        className={classes(inputBox(problemsAt(path).length > 0), 'select')}
        onChange={({ target }) => set(path, target.value === '' ? undefined : target.value)}
        onFocus={() => onFocus(path)}
        onBlur={() => onFocus(null)}
      >
        {chosen === undefined && <option value="" />}
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

/** Minutes, said in the unit that reads best. */
export function DurationField({ spec, path, value, formula }: FieldProps) {
  const id = useId();
  const { t } = useTexts();
  const { set, readOnly, problemsAt } = useField();
  const minutes = typeof value === 'number' ? value : null;
  const unit =
    minutes === null ? 1 : minutes % 1_440 === 0 && minutes > 0 ? 1_440 : minutes % 60 === 0 && minutes > 0 ? 60 : 1;
  return (
    <FieldFrame spec={spec} path={path} id={id} formula={formula}>
      <div className="grid grid-cols-[1fr_auto] gap-2">
        <input
          id={id}
          type="number"
          inputMode="decimal"
          min={0}
          step="any"
          readOnly={readOnly}
          value={minutes === null ? '' : minutes / unit}
          className={classes(inputBox(problemsAt(path).length > 0), 'num')}
          onChange={({ target }) =>
            set(path, Number.isFinite(target.valueAsNumber) ? target.valueAsNumber * unit : undefined)
          }
        />
        <select
          aria-label={t('editor.field.unit')}
          value={unit}
          disabled={readOnly || minutes === null}
          className={classes(inputBox(false), 'select')}
          onChange={({ target }) => set(path, ((minutes ?? 0) / unit) * Number(target.value))}
        >
          <option value={1}>{t('editor.field.minutes')}</option>
          <option value={60}>{t('editor.field.hours')}</option>
          <option value={1_440}>{t('editor.field.days')}</option>
        </select>
      </div>
    </FieldFrame>
  );
}

const zones = (): readonly string[] => {
  const all = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];
  return ['America/Recife', 'America/Sao_Paulo', 'America/Manaus', ...all];
};

export function TimezoneField({ spec, path, value }: FieldProps) {
  const id = useId();
  const { set, readOnly } = useField();
  return (
    <FieldFrame spec={spec} path={path} id={id}>
      <input
        id={id}
        list={`${id}-zones`}
        readOnly={readOnly}
        value={typeof value === 'string' ? value : ''}
        placeholder={typeof spec.fallback === 'string' ? spec.fallback : ''}
        className={inputBox(false)}
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
