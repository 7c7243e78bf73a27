import { RadioGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { classes } from './classes.js';

export interface SegmentOption<Value extends string> {
  readonly value: Value;
  readonly label: ReactNode;
}

/** Two to four options in a tray, one of them on. */
export function Segmented<Value extends string>(props: {
  label: string;
  value: Value;
  options: readonly SegmentOption<Value>[];
  onChange: (value: Value) => void;
  disabled?: boolean;
}) {
  const { label, value, options, onChange, disabled = false } = props;
  return (
    <RadioGroup.Root
      aria-label={label}
      orientation="horizontal"
      value={value}
      disabled={disabled}
      onValueChange={(next) => {
        const option = options.find((candidate) => candidate.value === next);
        if (option) onChange(option.value);
      }}
      className="grid auto-cols-fr grid-flow-col gap-[3px] rounded-[13px] bg-sunken p-[3px]"
    >
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          className={classes(
            'press flex min-h-11 items-center justify-center gap-1.5 rounded-[10px] px-2 text-sm font-semibold desk:min-h-[30px]',
            option.value === value ? 'bg-surface text-ink shadow-1' : 'text-ink-2 hover:text-ink',
          )}
        >
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
