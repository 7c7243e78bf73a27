import type { ReactNode } from 'react';
import { Hole } from './Hole.js';

interface EmptyStateProps {
  readonly title: string;
  readonly text?: string;
  readonly action?: ReactNode;
  /** `h1` when nothing else is on the page. */
  readonly level?: 'h1' | 'p';
}

/** One dim piece of the wall, what will appear, one action. */
export function EmptyState({ title, text, action, level: Level = 'p' }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-[36ch] flex-col items-center px-4 py-10 text-center">
      <svg width="64" height="64" viewBox="0 0 48 48" aria-hidden="true" className="mb-4 fill-line">
        <Hole shape="leaf" turns={1} x={2} y={2} width={20} />
        <Hole shape="leaf" turns={0} x={26} y={2} width={20} />
        <Hole shape="leaf" turns={0} x={2} y={26} width={20} />
        <Hole shape="leaf" turns={1} x={26} y={26} width={20} />
      </svg>
      <Level className="font-sans text-lg font-semibold tracking-normal text-ink">{title}</Level>
      {text && <p className="mt-1 text-base text-ink-2 desk:text-sm">{text}</p>}
      {action && <div className="mt-5">{action}</div>}
    </div>
  );
}
