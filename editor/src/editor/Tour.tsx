import { Dialog } from 'radix-ui';
import { useState } from 'react';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { useReturnFocus } from '../ui/useReturnFocus.js';
import { rememberVisit } from './firstVisit.js';
import { useSessionOf } from './session.js';

const stops = ['canvas', 'add', 'setup', 'problems', 'test', 'publish'] as const;
/** The way around the editor, one thing at a time. */
export function Tour() {
  const { t } = useTexts();
  const { ui } = useSessionOf();
  const returnFocus = useReturnFocus(true);
  const [at, setAt] = useState(0);
  const stop = stops[at] ?? 'canvas';
  const end = (): void => {
    rememberVisit();
    ui.setState({ dialog: null });
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && end()}>
      <Dialog.Portal>
        <Dialog.Content
          className="tour-card"
          onCloseAutoFocus={returnFocus}
          onInteractOutside={(event) => event.preventDefault()}
          onOpenAutoFocus={(event) => {
            // Enter goes on; what comes first, leaving, is not what a newcomer came for.
            event.preventDefault();
            (event.target as HTMLElement).querySelector<HTMLElement>('[data-next]')?.focus();
          }}
        >
          <p className="num text-xs text-ink-3">{t('editor.tour.step', { at: at + 1, of: stops.length })}</p>
          <Dialog.Title className="mt-1 text-xl">{t(`editor.tour.${stop}.title`)}</Dialog.Title>
          <Dialog.Description className="mt-1.5 text-ink-2">{t(`editor.tour.${stop}.text`)}</Dialog.Description>
          <div className="mt-4 flex justify-between gap-2">
            <Button variant="quiet" onClick={end}>
              {t('editor.tour.skip')}
            </Button>
            <span className="flex gap-2">
              {at > 0 && <Button onClick={() => setAt(at - 1)}>{t('editor.tour.back')}</Button>}
              <Button data-next="" onClick={() => (at === stops.length - 1 ? end() : setAt(at + 1))}>
                {t(at === stops.length - 1 ? 'editor.tour.done' : 'editor.tour.next')}
              </Button>
            </span>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
