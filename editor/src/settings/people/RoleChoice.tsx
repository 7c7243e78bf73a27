import { RadioGroup } from 'radix-ui';
import type { GivenRole } from '../../api/peopleApi.js';
import { useTexts } from '../../i18n/useTexts.js';
import { classes } from '../../ui/classes.js';
import { Tick } from '../../ui/Tick.js';

const given: readonly GivenRole[] = ['admin', 'member', 'viewer'];

/** One of the roles that may be given, each with what it means. */
export function RoleChoice({ value, onChange }: { value: GivenRole; onChange: (role: GivenRole) => void }) {
  const { t } = useTexts();
  return (
    <RadioGroup.Root
      aria-label={t('people.role')}
      value={value}
      onValueChange={(next) => onChange(given.find((role) => role === next) ?? value)}
      className="grid gap-2"
    >
      {given.map((role) => (
        <RadioGroup.Item
          key={role}
          value={role}
          className={classes(
            'press flex items-center gap-3 rounded-md bg-surface px-3 py-2.5 text-left',
            role === value ? 'shadow-[inset_0_0_0_2px_var(--color-ink)]' : 'shadow-[inset_0_0_0_1px_var(--color-line)]',
          )}
        >
          <Tick single on={role === value} />
          <span>
            <span className="block font-semibold">{t(`people.roles.${role}`)}</span>
            <span className="block text-sm text-ink-2">{t(`people.roleHelp.${role}`)}</span>
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
