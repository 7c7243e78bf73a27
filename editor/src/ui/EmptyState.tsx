import type { ReactNode } from 'react';
import { shapes } from './cobogo.js';

/** One dim piece of the wall, what will appear, one action. */
export function EmptyState({ title, text, action }: { title: string; text?: string; action?: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-[34ch] flex-col items-center px-4 py-10 text-center">
      <svg width="64" height="64" viewBox="0 0 2.2 2.2" aria-hidden="true" className="mb-4 fill-line">
        {[0, 1, 2, 3].map((index) => (
          <path
            key={index}
            d={shapes.leaf}
            transform={`translate(${(index % 2) * 1.1 + 0.05} ${Math.floor(index / 2) * 1.1 + 0.05}) rotate(${index === 0 || index === 3 ? 90 : 0} .5 .5)`}
          />
        ))}
      </svg>
      <p className="text-lg font-semibold text-ink">{title}</p>
      {text && <p className="mt-1 text-base text-ink-2 desk:text-sm">{text}</p>}
      {action && <div className="mt-5">{action}</div>}
    </div>
  );
}
