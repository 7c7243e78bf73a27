import type { ReactNode } from 'react';
import { classes } from './classes.js';

/** A list on one card, a line between rows. */
export function RowList({ children, className, label }: { children: ReactNode; className?: string; label?: string }) {
  return (
    <ul
      aria-label={label}
      className={classes('hairline divide-y divide-line overflow-hidden rounded-lg bg-surface', className)}
    >
      {children}
    </ul>
  );
}

/** Face or emblem, title, one line, one action. */
export function Row({
  lead,
  title,
  line,
  action,
  className,
  wrap = false,
}: {
  lead?: ReactNode;
  title: ReactNode;
  line?: ReactNode;
  action?: ReactNode;
  className?: string;
  /** What it says is said whole, on as many lines as that takes. */
  wrap?: boolean;
}) {
  return (
    <li className={classes('flex min-h-[54px] items-center gap-3 px-3 py-[7px]', className)}>
      {lead}
      <div className="min-w-0 flex-1">
        <div className={classes('leading-[1.2rem] font-semibold', wrap ? 'wrap-anywhere' : 'truncate')}>{title}</div>
        {line && (
          <div className={classes('text-sm leading-[1.1rem] text-ink-2', wrap ? 'wrap-anywhere' : 'truncate')}>
            {line}
          </div>
        )}
      </div>
      {action}
    </li>
  );
}
