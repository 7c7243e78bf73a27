import { useTexts } from '../i18n/useTexts.js';
import { useSessionOf } from '../editor/session.js';
import { Sheet } from '../ui/Sheet.js';
import { commands } from './all.js';
import { commandGroups } from './command.js';
import { Keys } from './Keys.js';

/** Every key there is. */
export function ShortcutList() {
  const { t } = useTexts();
  const { ui } = useSessionOf();
  return (
    <Sheet
      open
      toRead
      onOpenChange={(open) => !open && ui.setState({ dialog: null })}
      title={t('editor.command.shortcuts')}
    >
      {commandGroups.map((group) => (
        <section key={group} className="pt-3">
          <h3 className="pb-1 font-sans text-xs font-semibold text-ink-3">{t(`editor.menu.group.${group}`)}</h3>
          <dl className="divide-y divide-line">
            {commands
              .filter((command) => command.group === group && command.keys)
              .map((command) => (
                <div key={command.id} className="flex min-h-9 items-center justify-between gap-4">
                  <dt>{t(`editor.command.${command.id}` as 'editor.command.undo')}</dt>
                  <dd className="flex gap-2">
                    {command.keys?.map((key) => (
                      <Keys key={key} of={key} />
                    ))}
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
      <p className="pt-4 text-ink-2">{t('editor.menu.shiftHint')}</p>
    </Sheet>
  );
}
