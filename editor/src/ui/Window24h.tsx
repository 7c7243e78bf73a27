import { Clock } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes.js';

/** Hours in which WhatsApp lets a business answer freely, from the customer's last message (Meta, customer service window). */
export const windowMs = 24 * 3_600_000;

/** How much of the customer service window is left: green above 6 h, yellow below, closed at 0. */
export function Window24h({ leftMs, children }: { leftMs: number; children: ReactNode }) {
  const share = Math.max(0, Math.min(1, leftMs / windowMs));
  const short = leftMs < 6 * 3_600_000;
  return (
    <div className="flex flex-none items-center gap-2 bg-sunken px-4 py-[7px] text-xs text-ink-2">
      <Clock size={15} aria-hidden="true" className={classes(short && 'text-sol-text')} />
      <span className={classes(short && 'text-sol-text')}>{children}</span>
      <span aria-hidden="true" className="h-1 flex-1 overflow-hidden rounded-[2px] bg-line">
        <i
          className={classes('block h-full rounded-[2px]', short ? 'bg-sol' : 'bg-ok')}
          style={{ width: `${share * 100}%` }}
        />
      </span>
    </div>
  );
}
