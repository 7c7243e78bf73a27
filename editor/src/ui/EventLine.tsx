import type { ReactNode } from 'react';

/** Rule, sentence, rule: handoffs, returns, days. */
export function EventLine({ children }: { children: ReactNode }) {
  return (
    <div className="flex items-center gap-2.5 self-stretch px-0.5 py-1 text-center text-xs text-ink-2">
      <span className="h-px flex-1 bg-line" />
      <span className="max-w-[270px]">{children}</span>
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}
