import type { ReactNode } from 'react';
import { classes } from './classes.js';

export type ChipTone = 'idle' | 'ok' | 'danger' | 'info' | 'you' | 'yousoft' | 'line' | 'box';

const tones: Record<ChipTone, string> = {
  idle: 'bg-idle-soft text-ink-2',
  ok: 'bg-ok-soft text-ok',
  danger: 'bg-danger-soft text-danger',
  info: 'bg-info-soft text-info',
  you: 'bg-sol text-sol-ink',
  yousoft: 'bg-sol-soft text-sol-text',
  line: 'text-ink-2 shadow-[inset_0_0_0_1px_var(--color-line)]',
  box: 'text-sandbox shadow-[inset_0_0_0_1px_var(--color-sandbox)]',
};

/** At most three words and an icon. `box` means a rehearsal. */
export function Chip({
  tone = 'idle',
  icon,
  tall,
  children,
}: {
  tone?: ChipTone;
  icon?: ReactNode;
  tall?: boolean;
  children: ReactNode;
}) {
  return (
    <span
      className={classes(
        'inline-flex flex-none items-center gap-1 rounded-[6px] text-xs font-medium whitespace-nowrap',
        tall ? 'h-7 px-2.5' : 'h-[22px] px-2',
        tones[tone],
      )}
    >
      {icon}
      {children}
    </span>
  );
}
