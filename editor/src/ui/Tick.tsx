import { Check } from 'lucide-react';
import { classes } from './classes.js';

/** The mark of a choice. The whole card is the control, so this only shows: a box where several may be chosen, round where it is one of them. */
export function Tick({ on, single = false }: { on: boolean; single?: boolean }) {
  if (single)
    return (
      <span
        aria-hidden="true"
        className={classes(
          'grid size-6 flex-none place-items-center rounded-full',
          on ? 'shadow-[inset_0_0_0_2px_var(--color-ink)]' : 'shadow-[inset_0_0_0_1.5px_var(--color-line-strong)]',
        )}
      >
        {on && <span className="size-3 rounded-full bg-ink" />}
      </span>
    );
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
