import { Braces, TriangleAlert, WandSparkles } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import { referenceTarget } from './dropReference.js';
import { useField, type Path } from './fieldContext.js';
import type { FieldSpec } from './formOf.js';

/** A field that can be an expression instead of a value; `on` says that it is. */
export interface Formula {
  readonly on: boolean;
  readonly toggle: () => void;
  /** Makes it the expression that gives a value which was dragged here; `null` where that would take the place of what was written. */
  readonly take: ((reference: string) => void) | null;
}

interface FrameProps {
  readonly spec: FieldSpec;
  readonly path: Path;
  readonly id: string;
  readonly children: ReactNode;
  /** Said at the right of the label: what the field takes. */
  readonly type?: string | null;
  readonly formula?: Formula | undefined;
  /** Problems that the field itself shows at their place. */
  readonly quiet?: boolean;
  /** What labels the control: a `label` of a native field, a plain name for the rest. */
  readonly as?: 'label' | 'span';
}

/** Label, type, value, help; who else is in here; what is wrong and how to mend it. */
export function FieldFrame({
  spec,
  path,
  id,
  children,
  type,
  formula,
  quiet = false,
  as: Label = 'label',
}: FrameProps) {
  const { t } = useTexts();
  const { problemsAt, guestsAt, fix, readOnly } = useField();
  const problems = quiet ? [] : problemsAt(path);
  const [guest] = guestsAt(path);
  return (
    <div
      data-field={path.join('.')}
      {...referenceTarget(formula && !formula.on && !readOnly ? formula.take : null)}
      className={classes('field-frame', guest && 'held')}
      style={guest && { ['--by' as string]: `var(--color-${guest.color})` }}
    >
      <div className="mb-1 flex min-h-6 items-center justify-between gap-2">
        <Label
          {...(Label === 'label' ? { htmlFor: id } : { id: `${id}-label` })}
          className="min-w-0 text-sm font-semibold desk:text-xs"
        >
          {spec.title}
          {spec.required && (
            <span className="text-ink-3" title={t('editor.field.required')}>
              {' '}
              *
            </span>
          )}
        </Label>
        <span className="flex flex-none items-center gap-1.5">
          {guest && <span className="field-guest">{guest.name}</span>}
          {type && (
            <span className="max-w-[14ch] truncate font-mono text-2xs text-ink-3" title={type}>
              {type}
            </span>
          )}
          {formula && !readOnly && (
            <button
              type="button"
              aria-pressed={formula.on}
              aria-label={`${t('editor.field.formula')}: ${spec.title}`}
              title={t('editor.field.formula')}
              onClick={formula.toggle}
              className={classes(
                'press grid size-8 place-items-center rounded-sm desk:size-6',
                formula.on ? 'bg-sunken text-ink' : 'text-ink-3 hover:bg-sunken',
              )}
            >
              <Braces size={14} aria-hidden="true" />
            </button>
          )}
        </span>
      </div>
      {children}
      {problems.map((problem) => (
        <div key={`${problem.code} ${problem.message}`} className="field-problem">
          <p className="flex items-start gap-1.5 font-semibold">
            <TriangleAlert size={14} aria-hidden="true" className="mt-px" />
            {problem.message}
          </p>
          {problem.fix && !readOnly && (
            <button type="button" onClick={() => fix(problem)} className="field-fix press">
              <WandSparkles size={14} aria-hidden="true" />
              {t('editor.field.fix')}
            </button>
          )}
        </div>
      ))}
      {spec.help && (
        <p id={`${id}-help`} className="mt-1 text-sm text-ink-3 desk:text-xs">
          {spec.help}
        </p>
      )}
    </div>
  );
}

/** What a field takes, from the checker; asked once for each field. */
export function useTakes(path: Path): string | null {
  const { checker, nodeId } = useField();
  const [takes, setTakes] = useState<string | null>(null);
  const key = path.join('.');
  useEffect(() => {
    let current = true;
    void checker
      .ask('takes', { place: { nodeId, path: key.split('.') } })
      .then((answer) => current && setTakes(answer));
    return () => {
      current = false;
    };
  }, [checker, nodeId, key]);
  return takes;
}
