import { FlaskConical } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useTranslation } from 'react-i18next';

/** Says that answers come from the sandbox, and why when asked. `compact` leaves only the flask on a phone, `always` everywhere. */
export function SandboxChip({ compact = false }: { compact?: boolean | 'always' }) {
  const { t } = useTranslation();
  return (
    <Popover.Root>
      <Popover.Trigger className="press inline-flex h-9 min-w-9 flex-none items-center justify-center gap-1.5 rounded-[8px] px-2.5 text-xs font-medium whitespace-nowrap text-sandbox shadow-[inset_0_0_0_1px_var(--color-sandbox)] hover:bg-sandbox-soft desk:h-7">
        <FlaskConical size={14} aria-hidden="true" />
        <span className={compact === 'always' ? 'sr-only' : compact ? 'sr-only desk:not-sr-only' : ''}>
          {t('common.sandbox')}
        </span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={6}
          collisionPadding={12}
          aria-label={t('common.sandbox')}
          className="z-(--z-menu) max-w-[300px] rounded-[14px] bg-raised px-3.5 py-3 text-sm text-ink shadow-3 ring-1 ring-line"
        >
          {t('common.sandboxWhy')}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
