import { CircleAlert, FlaskConical, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from './classes.js';

const looks = {
  danger: { box: 'bg-danger-soft text-danger', Icon: CircleAlert },
  info: { box: 'bg-sunken text-ink-2', Icon: Info },
  sandbox: { box: 'bg-sandbox-soft text-sandbox', Icon: FlaskConical },
} as const;

/** A sentence that stays: what happened, what to do. Failures are announced at once. */
export function Notice({
  tone = 'info',
  action,
  children,
}: {
  tone?: keyof typeof looks;
  action?: ReactNode;
  children: ReactNode;
}) {
  const { box, Icon } = looks[tone];
  return (
    <div
      role={tone === 'danger' ? 'alert' : undefined}
      className={classes('flex items-start gap-2.5 rounded-[14px] px-3.5 py-3 text-sm', box)}
    >
      <Icon size={17} aria-hidden="true" className="mt-px" />
      <div className="min-w-0 flex-1">{children}</div>
      {action}
    </div>
  );
}
