import type { ReactNode } from 'react';

/** One subject of a page of settings, on a surface of its own. */
export const Card = ({ children }: { children: ReactNode }) => (
  <div className="hairline grid grid-cols-1 gap-4 rounded-lg bg-surface p-3.5">{children}</div>
);
