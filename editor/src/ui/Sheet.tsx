import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from './classes.js';
import { useReturnFocus } from './useReturnFocus.js';

interface SheetProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: string;
  /** Room for text on a desktop. */
  readonly wide?: boolean;
  /** Nothing in it takes the focus: what is longer than the screen is scrolled by keys. */
  readonly toRead?: boolean;
  /** The thumb bar: what one does with it. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** From the bottom on a phone, from the right on a desktop. Never over another sheet. */
export function Sheet({
  open,
  onOpenChange,
  title,
  description,
  wide = false,
  toRead = false,
  actions,
  children,
}: SheetProps) {
  const { t } = useTranslation();
  const returnFocus = useReturnFocus(open);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-(--z-sheet) bg-scrim motion-safe:animate-[fade-in_160ms_ease-out]" />
        <Dialog.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          onCloseAutoFocus={returnFocus}
          className={classes(
            'fixed inset-x-0 bottom-0 z-(--z-sheet) flex max-h-[92dvh] flex-col rounded-t-xl bg-surface shadow-3 outline-none motion-safe:animate-[sheet-up_260ms_var(--ease-out)] desk:inset-y-0 desk:right-0 desk:left-auto desk:max-h-none desk:rounded-none desk:motion-safe:animate-[sheet-in_260ms_var(--ease-out)]',
            wide ? 'desk:w-[min(640px,60vw)]' : 'desk:w-[420px]',
          )}
        >
          <span aria-hidden="true" className="mx-auto mt-2 h-1 w-9 rounded-full bg-line desk:hidden" />
          <div className="flex items-start gap-2 px-4 pt-3 pb-2">
            <div className="min-w-0 flex-1 pt-1.5">
              <Dialog.Title className="text-xl">{title}</Dialog.Title>
              {description && <Dialog.Description className="mt-1 text-ink-2">{description}</Dialog.Description>}
            </div>
            <Dialog.Close
              aria-label={t('common.close')}
              className="press grid size-11 flex-none place-items-center rounded-md text-ink-2 hover:bg-sunken desk:size-9"
            >
              <X size={20} />
            </Dialog.Close>
          </div>
          {children && (
            <div {...(toRead && { tabIndex: 0 })} className="min-h-0 flex-1 overflow-y-auto px-4 pb-4">
              {children}
            </div>
          )}
          {actions && (
            <div className="flex gap-2 border-t border-line px-4 pt-3 pb-[max(1rem,env(safe-area-inset-bottom))]">
              {actions}
            </div>
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
