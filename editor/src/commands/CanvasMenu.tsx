import { ChevronRight } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useTexts } from '../i18n/useTexts.js';
import { useReturnFocus } from '../ui/useReturnFocus.js';
import { commands } from './all.js';
import type { Command, CommandContext } from './command.js';
import { Keys } from './Keys.js';
import { canRun } from './useCommands.js';

/** What is offered for what is selected, in this order; what cannot be done now is left out. */
const forSelection = [
  ['openGroup', 'rename', 'addAfter', 'connect'],
  ['copy', 'cut', 'paste', 'duplicate'],
  ['group', 'ungroup', 'lock'],
  ['runFromHere', 'runUntilHere', 'comment'],
  ['remove', 'removeAlone'],
];
const forNothing = [
  ['addStep', 'note', 'paste'],
  ['selectAll', 'autoLayout', 'fit'],
  ['closeGroup', 'runDraft', 'comment'],
];

interface CanvasMenuProps {
  readonly context: CommandContext;
  /** On the screen. */
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}

/** What can be done with what was pressed with the right button: the same commands as by key, for whoever has a hand on the mouse. */
export function CanvasMenu({ context, at, onClose }: CanvasMenuProps) {
  const { t } = useTexts();
  const returnFocus = useReturnFocus(true);
  // A part of the page like what it is about, not beside it.
  const content = document.getElementById('content');
  const { nodes, edges, notes } = context.session.ui.getState();
  const any = nodes.length + edges.length + notes.length > 0;
  const found = (ids: readonly string[]): readonly Command[] =>
    ids.flatMap((id) => commands.filter((command) => command.id === id && canRun(command, context)));
  const groups = (any ? forSelection : forNothing).map(found).filter((group) => group.length > 0);
  const arranging = any ? commands.filter((each) => each.group === 'arrange' && canRun(each, context)) : [];
  const item = (command: Command) => (
    <DropdownMenu.Item
      key={command.id}
      className="menu-item"
      // Once the menu has gone: what a command opens takes the focus.
      onSelect={() => requestAnimationFrame(() => command.run(context))}
    >
      <span className="flex-1">{t(`editor.command.${command.id}` as 'editor.command.undo')}</span>
      {command.keys?.[0] && <Keys of={command.keys[0]} />}
    </DropdownMenu.Item>
  );
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <DropdownMenu.Trigger asChild>
        <button
          type="button"
          tabIndex={-1}
          aria-label={t('editor.canvas.menu')}
          className="pointer-events-none fixed size-0"
          style={{ left: at.x, top: at.y }}
        />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={content}>
        <DropdownMenu.Content
          align="start"
          sideOffset={2}
          collisionPadding={8}
          className="menu w-64 max-h-[min(620px,var(--radix-dropdown-menu-content-available-height))]"
          onCloseAutoFocus={returnFocus}
        >
          {groups.map((group, index) => (
            <DropdownMenu.Group key={group[0]?.id}>
              {index > 0 && <DropdownMenu.Separator className="menu-line" />}
              {group.map(item)}
            </DropdownMenu.Group>
          ))}
          {nodes.length > 1 && arranging.length > 0 && (
            <DropdownMenu.Sub>
              <DropdownMenu.Separator className="menu-line" />
              <DropdownMenu.SubTrigger className="menu-item">
                <span className="flex-1">{t('editor.menu.group.arrange')}</span>
                <ChevronRight size={15} aria-hidden="true" />
              </DropdownMenu.SubTrigger>
              <DropdownMenu.Portal container={content}>
                <DropdownMenu.SubContent collisionPadding={8} className="menu w-64">
                  {arranging.map(item)}
                </DropdownMenu.SubContent>
              </DropdownMenu.Portal>
            </DropdownMenu.Sub>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
