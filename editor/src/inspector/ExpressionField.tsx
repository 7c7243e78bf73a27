import { Eye, WandSparkles } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import type { TextMark } from '#engine/graph/assist.js';
import type { Json } from '#nodes/sdk/json.js';
import { useTexts } from '../i18n/useTexts.js';
import type { Preview } from '../problems/checking.js';
import { ExpressionInput } from './ExpressionInput.js';
import { useField, type Path } from './fieldContext.js';
import { type Formula, FieldFrame, useTakes } from './FieldFrame.js';
import type { FieldSpec } from './formOf.js';

interface ExpressionFieldProps {
  readonly spec: FieldSpec;
  readonly path: Path;
  readonly value: Json | undefined;
  readonly prose?: boolean;
  readonly formula?: Formula | undefined;
}

/** A text that may hold expressions: wave and card at the problem, what it would give below. */
export function ExpressionField({ spec, path, value, prose = false, formula }: ExpressionFieldProps) {
  const id = useId();
  const { t } = useTexts();
  const { nodeId, checker, readOnly, set, write, onFocus, problemsAt } = useField();
  const [marks, setMarks] = useState<{ list: readonly TextMark[]; fix: (() => void) | null }>({ list: [], fix: null });
  const type = useTakes(path);
  // What was written stays as it is while it means what is kept: `1.0` may become `1.05`, and a list keeps its spaces.
  const [own, setOwn] = useState<{ text: string; means: Json | undefined } | null>(null);
  const written = own && JSON.stringify(own.means) === JSON.stringify(value) ? own.text : textOf(value);
  const errors = marks.list.filter(({ severity }) => severity === 'error');
  // What is wrong with an expression is said here, at its place; the rest by the frame.
  const others = problemsAt(path).filter(({ code }) => !code.startsWith('expression.'));
  return (
    <FieldFrame
      spec={spec}
      path={path}
      id={id}
      type={prose ? null : type}
      formula={formula}
      quiet={others.length === 0}
      as="span"
    >
      <ExpressionInput
        id={id}
        label={spec.title}
        describedBy={spec.help ? `${id}-help` : undefined}
        value={written}
        onChange={(text, seen) => {
          const means = valueOf(text, value, spec);
          setOwn({ text, means });
          if (isText(value) && isText(means)) write(path, means, seen);
          else set(path, means);
        }}
        onFocus={() => onFocus(path)}
        onBlur={() => onFocus(null)}
        place={{ nodeId, path }}
        checker={checker}
        placeholder={spec.placeholder || textOf(spec.fallback)}
        prose={prose}
        invalid={errors.length > 0 || others.some(({ severity }) => severity === 'error')}
        readOnly={readOnly}
        onMarks={(list, fix) => setMarks({ list, fix })}
      />
      {marks.list.slice(0, 2).map((mark) => (
        <div
          key={`${mark.from} ${mark.message}`}
          className={mark.severity === 'error' ? 'field-problem' : 'field-warning'}
        >
          <p className="font-semibold">{mark.message}</p>
          {mark.fix && marks.fix && !readOnly && (
            <button type="button" onClick={marks.fix} className="field-fix press">
              <WandSparkles size={14} aria-hidden="true" />
              <code className="min-w-0 flex-1 truncate text-left">{mark.fix.text}</code>
              <kbd className="kbd">{t('editor.keys.mod')} .</kbd>
            </button>
          )}
        </div>
      ))}
      {written.includes('{{') && errors.length === 0 && <PreviewLine text={written} />}
      {written === '' && spec.examples.length > 0 && !readOnly && (
        <div className="mt-1.5 flex flex-wrap gap-1">
          {spec.examples.map((example) => (
            <button key={example} type="button" className="field-example press" onClick={() => set(path, example)}>
              {example}
            </button>
          ))}
        </div>
      )}
    </FieldFrame>
  );
}

/** What it gives with the values of the last run. */
function PreviewLine({ text }: { text: string }) {
  const { t } = useTexts();
  const { checker, sample } = useField();
  const [preview, setPreview] = useState<Preview | null>(null);
  useEffect(() => {
    if (!sample) return;
    let current = true;
    void checker.ask('preview', { value: text, sample }).then((answer) => current && setPreview(answer));
    return () => {
      current = false;
    };
  }, [checker, sample, text]);
  if (!sample || !preview) return null;
  return (
    <p className="mt-1.5 flex items-start gap-1.5 text-xs text-ink-2">
      <Eye size={14} aria-hidden="true" className="mt-px text-ink-3" />
      <span className="min-w-0 break-words">
        {preview.ok ? (
          <>
            {t('editor.field.gives')} <b className="font-medium text-ink">{short(preview.value)}</b>
          </>
        ) : (
          preview.message
        )}
      </span>
    </p>
  );
}

const short = (value: Json): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
};

const isText = (value: Json | undefined): value is string | undefined =>
  value === undefined || typeof value === 'string';

const textOf = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** A text stays one; numbers, lists and the like that are written as JSON become what they say, as long as there is no expression. */
function valueOf(text: string, before: Json | undefined, spec: FieldSpec): Json | undefined {
  if (text === '') return spec.required && typeof before === 'string' ? '' : undefined;
  const isText =
    ['text', 'textarea'].includes(spec.control) || (typeof before === 'string' && spec.control !== 'expression');
  if (isText || text.includes('{{')) return text;
  try {
    const read = JSON.parse(text) as Json;
    return isKept(read) ? read : text;
  } catch {
    return text;
  }
}

/** Whether a value stays what was written. The digits of a barcode or a card are too many for a number, and `1e999` is none. */
function isKept(value: Json): boolean {
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(
    ([key, part]) => !['__proto__', 'constructor', 'prototype'].includes(key) && isKept(part as Json),
  );
}
