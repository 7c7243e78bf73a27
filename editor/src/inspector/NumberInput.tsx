import { useState, type InputHTMLAttributes } from 'react';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import { readNumber, writeNumber } from './numbers.js';

type Native = Omit<
  InputHTMLAttributes<HTMLInputElement>,
  'value' | 'onChange' | 'type' | 'role' | 'min' | 'max' | 'onBlur' | 'onKeyDown'
>;

interface NumberInputProps extends Native {
  readonly value: number | undefined;
  /** `undefined`: nothing stands there. Not called for what is no number. */
  readonly onChange: (value: number | undefined) => void;
  readonly onBlur?: () => void;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  /** What is written goes no further than the least and the most. */
  readonly within?: boolean;
  readonly invalid?: boolean;
}

/**
 * A number, written as people write it: the browser's own field drops the comma of `1,5` where the browser is English, and makes 15 of it. What
 * was written stays as it is until one leaves; what is no number changes nothing and says so.
 */
export function NumberInput(props: NumberInputProps) {
  const { value, onChange, onBlur, minimum, maximum, within = false, invalid = false, className, ...native } = props;
  const { t, locale } = useTexts();
  // `is`: the value it stood for. Somebody else's change shows at once.
  const [written, setWritten] = useState<{ text: string; is: number | undefined; wrong: boolean } | null>(null);
  const mine = written && Object.is(written.is, value) ? written : null;
  const kept = (number: number): number =>
    within ? Math.min(maximum ?? Infinity, Math.max(minimum ?? -Infinity, number)) : number;
  const write = (text: string): void => {
    const read = text.trim() === '' ? undefined : readNumber(text, locale);
    if (read === null) return setWritten({ text, is: value, wrong: true });
    const next = read === undefined ? undefined : kept(read);
    setWritten({ text, is: next, wrong: false });
    onChange(next);
  };
  const step = (by: number): void => {
    const next = kept((value ?? 0) + by);
    setWritten(null);
    onChange(Math.round(next * 1e6) / 1e6);
  };
  return (
    <>
      <input
        {...native}
        type="text"
        role="spinbutton"
        inputMode="decimal"
        autoComplete="off"
        aria-valuenow={value}
        aria-valuemin={minimum}
        aria-valuemax={maximum}
        aria-invalid={invalid || mine?.wrong || undefined}
        className={classes('field-input num', (invalid || mine?.wrong) && 'bad', className)}
        value={mine?.text ?? (value === undefined ? '' : writeNumber(value, locale))}
        onChange={({ target }) => write(target.value)}
        onBlur={() => {
          if (!mine?.wrong) setWritten(null);
          onBlur?.();
        }}
        onKeyDown={(event) => {
          const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
          if (by === undefined || native.readOnly) return;
          event.preventDefault();
          step(by);
        }}
      />
      {mine?.wrong && (
        <p role="alert" className="field-problem font-semibold">
          {t(value === undefined ? 'editor.field.noNumber' : 'editor.field.noNumberKept', {
            value: value === undefined ? '' : writeNumber(value, locale),
          })}
        </p>
      )}
    </>
  );
}
