import { Check, CheckCheck, CircleAlert, Clock } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from './classes.js';

/** `them` writes from the other side of the phone; `team` and `you` from the house; `out` is the customer in a simulator. */
export type BubbleSide = 'them' | 'team' | 'you' | 'out';
export type BubbleStatus = 'received' | 'queued' | 'sent' | 'delivered' | 'read' | 'played' | 'failed' | 'uncertain';

const colors: Record<BubbleSide, string> = {
  them: 'bg-bubble-them hairline rounded-bl-[4px]',
  team: 'bg-bubble-team rounded-br-[4px]',
  you: 'bg-bubble-you rounded-br-[4px]',
  out: 'bg-bubble-them hairline rounded-br-[4px]',
};

interface BubbleProps {
  readonly side: BubbleSide;
  /** Which edge it hangs on; by default customers on the left, the house on the right. */
  readonly align?: 'left' | 'right';
  readonly byline?: ReactNode;
  readonly time?: string;
  readonly status?: BubbleStatus;
  readonly children: ReactNode;
}

export function Bubble({
  side,
  align = side === 'them' ? 'left' : 'right',
  byline,
  time,
  status,
  children,
}: BubbleProps) {
  const corner = align === 'left' && side !== 'them' ? 'rounded-br-[16px] rounded-bl-[4px]' : '';
  return (
    <div
      className={classes(
        'max-w-[82%] rounded-[16px] px-3 pt-2 pb-[7px] break-words',
        colors[side],
        corner,
        align === 'left' ? 'self-start' : 'self-end',
      )}
    >
      {byline && <div className="mb-[3px] flex items-center gap-1.5 text-xs font-semibold text-mar-text">{byline}</div>}
      <div className="whitespace-pre-wrap">{children}</div>
      {(time || status) && (
        <div className="num mt-0.5 flex items-center justify-end gap-1 text-2xs text-ink-3">
          {time && <span>{time}</span>}
          {status && <StatusMark status={status} />}
        </div>
      )}
    </div>
  );
}

function StatusMark({ status }: { status: BubbleStatus }) {
  const { t } = useTexts();
  if (status === 'received') return null;
  const Icon =
    status === 'queued'
      ? Clock
      : status === 'failed' || status === 'uncertain'
        ? CircleAlert
        : status === 'sent'
          ? Check
          : CheckCheck;
  const tone =
    status === 'failed'
      ? 'text-danger'
      : status === 'uncertain'
        ? 'text-sol-text'
        : status === 'read' || status === 'played'
          ? 'text-info'
          : '';
  return (
    <span
      className={classes('inline-flex', tone)}
      role="img"
      aria-label={t(`inbox.status.${status === 'played' ? 'read' : status}`)}
    >
      <Icon size={14} aria-hidden="true" />
    </span>
  );
}
