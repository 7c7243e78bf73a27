import type { ReactNode } from 'react';

/** Something only a person can do: one question on sol, and what to answer. */
export function TurnCard({
  who,
  age,
  question,
  children,
  level: Level = 'h3',
}: {
  who: ReactNode;
  age?: string;
  question: ReactNode;
  children?: ReactNode;
  /** What the question is in the outline of the page. */
  level?: 'h3' | 'p';
}) {
  return (
    <article className="slides-in rounded-xl bg-sol px-4 pt-3.5 pb-[13px] text-sol-ink">
      <div className="flex items-center gap-2 text-sm font-medium">
        <span className="flex min-w-0 flex-1 items-center gap-2 truncate">{who}</span>
        {age && <span className="num flex-none">{age}</span>}
      </div>
      <Level className="mt-1.5 mb-[11px] font-display font-semibold text-[1.1875rem] leading-[1.45rem] tracking-[-.012em]">
        {question}
      </Level>
      {children && <div className="flex gap-2">{children}</div>}
    </article>
  );
}
