import { Progress as Radix } from 'radix-ui';

/** A sentence with real counts, and a bar. */
export function Progress({ sentence, value, max }: { sentence: string; value: number; max: number }) {
  return (
    <div>
      <p className="mb-1.5 text-sm text-ink-2">{sentence}</p>
      <Radix.Root value={value} max={max} aria-label={sentence} className="h-1.5 overflow-hidden rounded-full bg-line">
        <Radix.Indicator
          className="h-full rounded-full bg-ink transition-[width]"
          style={{ width: `${(100 * value) / Math.max(1, max)}%` }}
        />
      </Radix.Root>
    </div>
  );
}
