import { classes } from './classes.js';

/** A block of the real layout, shown after 150 ms, pulsing slowly. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <div aria-hidden="true" className={classes('shows-late rounded-lg bg-sunken', className)}>
      <div className="breathes size-full rounded-[inherit] bg-line" />
    </div>
  );
}

/** Rows of a list that is on its way. */
export function SkeletonRows({ rows = 4, label }: { rows?: number; label: string }) {
  return (
    <div role="status" aria-label={label} className="grid gap-2">
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} className="h-[62px]" />
      ))}
    </div>
  );
}
