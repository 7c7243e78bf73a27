import { BookOpenText } from 'lucide-react';

/** Where an answer was read. */
export function SourceChip({ title, place }: { title: string; place?: string }) {
  return (
    <span className="mt-1.5 mr-1 inline-flex max-w-full items-center gap-1.5 rounded-[8px] bg-surface px-2 py-1 text-xs font-medium text-ink-2">
      <BookOpenText size={14} aria-hidden="true" />
      <b className="truncate text-ink">{title}</b>
      {place}
    </span>
  );
}
