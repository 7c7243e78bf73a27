import { Link, type LinkProps } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

export interface Place {
  readonly to: LinkProps['to'];
  readonly icon: ReactNode;
  readonly title: string;
  readonly line: string;
}

/** Pages that one may go to from here, on one card. */
export function Places({ places }: { places: readonly Place[] }) {
  return (
    <ul className="hairline divide-y divide-line overflow-hidden rounded-lg bg-surface">
      {places.map(({ to, icon, title, line }) => (
        <li key={title}>
          <Link to={to} className="press flex min-h-[62px] items-center gap-3 px-3 py-2 hover:bg-raised">
            <span className="grid size-[38px] flex-none place-items-center rounded-md bg-sunken text-ink-2">
              {icon}
            </span>
            <span className="min-w-0 flex-1">
              <span className="block font-semibold">{title}</span>
              <span className="block wrap-anywhere text-sm text-ink-2">{line}</span>
            </span>
            <ChevronRight size={18} aria-hidden="true" className="text-ink-3" />
          </Link>
        </li>
      ))}
    </ul>
  );
}
