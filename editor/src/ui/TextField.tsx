import { ChevronDown, CircleAlert } from 'lucide-react';
import { useId, type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes } from 'react';
import { classes } from './classes.js';

interface FieldLook {
  readonly label: string;
  /** Said beside the label, such as "optional". */
  readonly note?: string;
  readonly help?: string;
  /** What is wrong and how to mend it. */
  readonly error?: string | undefined;
}

const box = (error: boolean): string =>
  classes(
    'w-full rounded-[11px] bg-surface text-ink placeholder:text-ink-3 desk:rounded-[9px]',
    'text-lg desk:text-sm desk:leading-[19px]',
    error ? 'shadow-[inset_0_0_0_1.5px_var(--color-danger)]' : 'shadow-[inset_0_0_0_1px_var(--color-line-strong)]',
    'focus-visible:outline-2 focus-visible:outline-offset-2 focus-visible:outline-focus',
  );

function Frame({ id, label, note, help, error, children }: FieldLook & { id: string; children: ReactNode }) {
  return (
    <div>
      <label
        htmlFor={id}
        className="mb-1.5 flex items-baseline justify-between gap-2 text-sm font-semibold desk:text-xs"
      >
        {label}
        {note && <span className="font-normal text-ink-3">{note}</span>}
      </label>
      {children}
      {error ? (
        <p id={`${id}-note`} className="mt-1.5 flex items-start gap-1.5 text-sm text-danger desk:text-xs">
          <CircleAlert size={15} aria-hidden="true" className="mt-px" />
          {error}
        </p>
      ) : (
        help && (
          <p id={`${id}-note`} className="mt-1.5 text-sm text-ink-3 desk:text-xs">
            {help}
          </p>
        )
      )}
    </div>
  );
}

/** Label above, value, help or error below. `end` stands inside at the right. */
export function TextField({
  label,
  note,
  help,
  error,
  end,
  className,
  ...rest
}: FieldLook & { end?: ReactNode } & InputHTMLAttributes<HTMLInputElement>) {
  const generated = useId();
  const id = rest.id ?? generated;
  return (
    <Frame id={id} label={label} {...(note && { note })} {...(help && { help })} error={error}>
      <div className="relative">
        <input
          {...rest}
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={error || help ? `${id}-note` : undefined}
          className={classes(
            box(Boolean(error)),
            'h-12 px-3.5 desk:h-10 desk:px-3',
            end !== undefined && 'pr-12',
            className,
          )}
        />
        {end !== undefined && <div className="absolute inset-y-0 right-0.5 flex items-center">{end}</div>}
      </div>
    </Frame>
  );
}

export function TextArea({
  label,
  note,
  help,
  error,
  className,
  ...rest
}: FieldLook & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const generated = useId();
  const id = rest.id ?? generated;
  return (
    <Frame id={id} label={label} {...(note && { note })} {...(help && { help })} error={error}>
      <textarea
        {...rest}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || help ? `${id}-note` : undefined}
        className={classes(box(Boolean(error)), 'block min-h-28 resize-y px-3.5 py-3 desk:px-3 desk:py-2.5', className)}
      />
    </Frame>
  );
}

/** A choice among a few named things. */
export function SelectField(
  props: FieldLook & {
    value: string;
    onChange: (value: string) => void;
    options: readonly { value: string; label: string }[];
  },
) {
  const { label, note, help, error, value, onChange, options } = props;
  const id = useId();
  return (
    <Frame id={id} label={label} {...(note && { note })} {...(help && { help })} error={error}>
      <div className="relative">
        <select
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-invalid={error ? true : undefined}
          aria-describedby={error || help ? `${id}-note` : undefined}
          className={classes(box(Boolean(error)), 'h-12 appearance-none pr-10 pl-3.5 desk:h-10 desk:pl-3')}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown
          size={18}
          aria-hidden="true"
          className="pointer-events-none absolute inset-y-0 right-3 my-auto text-ink-2"
        />
      </div>
    </Frame>
  );
}
