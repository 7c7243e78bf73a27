import { memo } from 'react';
import { classes } from '../../ui/classes.js';
import type { Axis } from './axis.js';
import type { TimelineRow } from './rows.js';

/** Narrowest a bar may be, percent: what took no time still happened. */
const LEAST = 0.45;
/** Beyond this, what is said of a row stands before its bars; when these begin before `EARLY` there is no room for it either, and it stands on them. */
const LATE = 80;
const EARLY = 25;

/** One row to scale: its tries, pauses and waits, with what is said of them. */
export const Bars = memo(function Bars({
  row,
  axis,
  group,
  said,
}: {
  row: TimelineRow;
  axis: Axis;
  group: string;
  said: string;
}) {
  const place = (from: number, to: number): { left: string; width: string } => {
    const left = axis.at(from);
    return { left: `${left}%`, width: `${Math.max(LEAST, axis.at(to) - left)}%` };
  };
  const end = Math.max(axis.at(row.to), axis.at(row.from) + LEAST);
  const begin = axis.at(row.from);
  const side = end <= LATE ? 'after' : begin >= EARLY ? 'before' : 'on';
  const places = {
    after: { left: `calc(${end}% + 6px)` },
    before: { right: `calc(${100 - begin}% + 6px)` },
    on: { right: `calc(${100 - Math.min(100, end)}% + 6px)` },
  };
  return (
    <span className={`kind-${group} relative block h-full`}>
      {row.recalled ? null : row.kind === 'step' ? (
        row.bars.map((bar, index) => (
          <i
            key={index}
            className={classes('wf-bar', bar.kind, row.status === 'running' && index === row.bars.length - 1 && 'now')}
            style={place(bar.from, bar.to)}
          />
        ))
      ) : (
        <i className={classes('wf-bar group', row.kind)} style={place(row.from, row.to)} />
      )}
      <span
        className={classes('wf-said num', side === 'on' && 'on', row.status === 'failed' && 'text-danger')}
        style={places[side]}
      >
        {said}
      </span>
    </span>
  );
});
