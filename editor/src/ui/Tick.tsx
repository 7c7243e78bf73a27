import { Check } from 'lucide-react';
import { classes } from './classes.js';

/** The mark of a choice. The whole card is the control, so this only shows. */
export function Tick({ on }: { on: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={classes(
        'grid size-6 flex-none place-items-center rounded-[8px]',
        on ? 'bg-ink text-ink-inverse' : 'shadow-[inset_0_0_0_1.5px_var(--color-line-strong)]',
      )}
    >
      {on && <Check size={16} />}
    </span>
  );
}
