import { Command } from 'cmdk';
import { Check } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';

export interface Choice {
  readonly value: string;
  readonly title: string;
  readonly detail: string;
  /** Searched beside the title. */
  readonly words?: string;
  readonly mark?: ReactNode;
}

interface PickListProps {
  /** The button that opens it. */
  readonly trigger: ReactNode;
  readonly label: string;
  readonly search: string;
  readonly choices: readonly Choice[];
  readonly chosen: ReadonlySet<string>;
  /** How a chosen one is read aloud. */
  readonly chosenWord: string;
  readonly onPick: (value: string) => void;
  /** Several can be chosen: it stays open. */
  readonly several?: boolean;
  readonly disabled?: boolean;
  /** Said when nothing is called like what was typed. */
  readonly nothing: (search: string) => string;
  /** Above the choices. */
  readonly head?: ReactNode;
}

/** A list that opens at its field, narrowed by typing: arrows move, Enter chooses, Escape closes. */
export function PickList(props: PickListProps) {
  const {
    trigger,
    label,
    search,
    choices,
    chosen,
    chosenWord,
    onPick,
    several = false,
    disabled,
    nothing,
    head,
  } = props;
  const { locale } = useTexts();
  const [open, setOpen] = useState(false);
  const [written, setWritten] = useState('');
  const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase(locale);
  const wanted = fold(written.trim());
  const found = choices.filter(({ title, words = '' }) => fold(`${title} ${words}`).includes(wanted));
  return (
    <Popover.Root
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setWritten('');
      }}
    >
      <Popover.Trigger asChild disabled={disabled}>
        {trigger}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content align="start" sideOffset={4} collisionPadding={8} className="pick-list" aria-label={label}>
          <Command shouldFilter={false} label={label} loop>
            <Command.Input autoFocus value={written} onValueChange={setWritten} placeholder={search} />
            {head}
            <Command.List>
              <Command.Empty>{nothing(written)}</Command.Empty>
              {found.map(({ value, title, detail, mark }) => {
                const on = chosen.has(value);
                return (
                  <Command.Item
                    key={value}
                    value={value || ' '}
                    onSelect={() => {
                      onPick(value);
                      if (!several) setOpen(false);
                    }}
                  >
                    <Check size={16} aria-hidden="true" className={classes('flex-none', !on && 'invisible')} />
                    <span className="min-w-0 flex-1">
                      <span className="block truncate font-medium">{title}</span>
                      <span className="block text-xs text-ink-2">{detail}</span>
                    </span>
                    {mark}
                    {on && <span className="sr-only">{chosenWord}</span>}
                  </Command.Item>
                );
              })}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
