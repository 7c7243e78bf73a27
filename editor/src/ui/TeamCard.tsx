import type { ReactNode } from 'react';
import { Emblem, type EmblemState } from './Emblem.js';

/** A team you hired: its face, its name, five words about now. */
export function TeamCard({
  team,
  state,
  name,
  status,
  action,
}: {
  team: string;
  state: EmblemState;
  name: ReactNode;
  status: string;
  action?: ReactNode;
}) {
  return (
    <article className="hairline relative flex min-w-0 flex-col rounded-lg bg-surface px-[11px] pt-[11px] pb-[9px] has-[a:hover]:bg-raised">
      <Emblem team={team} state={state} size={34} />
      <h3 className="mt-[7px] truncate text-[15px] leading-[18px] tracking-[-.01em]">{name}</h3>
      <p className="text-xs leading-[15px] text-ink-2">{status}</p>
      {action && <div className="mt-2.5">{action}</div>}
    </article>
  );
}
