import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { classes } from './classes.js';

/** Only an icon: the label is for the screen reader and for the pointer that rests on it. */
export function IconButton({
  label,
  children,
  className,
  ...rest
}: { label: string; children: ReactNode } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={classes(
        'press grid size-11 flex-none place-items-center rounded-md text-ink-2 hover:bg-sunken hover:text-ink disabled:text-ink-3 desk:size-9',
        className,
      )}
    >
      {children}
    </button>
  );
}
