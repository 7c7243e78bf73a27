import type { ReactNode } from 'react';
import { classes } from './classes.js';
import { Emblem } from './Emblem.js';

export interface BadgeProps {
  readonly team: string;
  readonly color?: string;
  readonly name: string;
  readonly does: string;
  readonly facts: readonly { readonly icon: ReactNode; readonly text: ReactNode }[];
  readonly selected?: boolean;
  /** The mark at the top right: a tick, a stamp. */
  readonly mark?: ReactNode;
}

/** The crachá: what one sees when hiring, and nowhere else. */
export function Badge({ team, color, name, does, facts, selected = false, mark }: BadgeProps) {
  return (
    <div
      className={classes(
        'relative grid h-full content-start grid-cols-[auto_1fr_auto] gap-x-[13px] gap-y-0.5 rounded-xl bg-surface px-3.5 pt-[22px] pb-3 text-left',
        'transition-shadow duration-(--duration-quick)',
        selected ? 'shadow-[0_0_0_2px_var(--color-ink)]' : 'hairline',
      )}
    >
      <span
        aria-hidden="true"
        className="absolute top-2 left-1/2 -ml-[22px] h-[7px] w-11 rounded-[4px] bg-wall shadow-[inset_0_0_0_1px_var(--color-line)]"
      />
      <Emblem team={team} color={color} size={52} />
      <div>
        <h2 className="text-[1.1875rem] leading-[1.4rem] tracking-[-.012em]">{name}</h2>
        <p className="text-sm leading-[1.15rem] text-ink-2">{does}</p>
      </div>
      {mark}
      <ul className="col-span-full mt-[9px] grid gap-[5px] border-t border-dashed border-line pt-[9px] text-sm leading-[1.15rem]">
        {facts.map(({ icon, text }, index) => (
          <li key={index} className="flex gap-2 [&_.lucide]:mt-px [&_.lucide]:text-ink-3">
            {icon}
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
