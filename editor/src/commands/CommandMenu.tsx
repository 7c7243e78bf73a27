import { Command as Menu } from 'cmdk';
import { Dialog } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import { useTexts } from '../i18n/useTexts.js';
import { levelOfNode } from '../canvas/levels.js';
import { insertAfterSelection } from '../editor/insertNode.js';
import { titleOf, useDefinition, useSessionOf } from '../editor/session.js';
import { show } from '../editor/uiState.js';
import { useReturnFocus } from '../ui/useReturnFocus.js';
import { KindTile } from '../palette/KindRow.js';
import { commands } from './all.js';
import { commandGroups, type CommandContext } from './command.js';
import { Keys } from './Keys.js';
import { matchOf } from './matching.js';
import { canRun } from './useCommands.js';

interface Section {
  readonly heading: string;
  readonly items: readonly {
    readonly id: string;
    /** What is searched. */
    readonly name: string;
    readonly about?: readonly string[];
    readonly run: () => void;
    readonly face: ReactNode;
  }[];
}

/** How well the best of a group fits. The list sorts what is in a group, and leaves the groups where they are. */
const bestOf = ({ items }: Section, search: string): number =>
  search.trim() === '' ? 0 : Math.max(...items.map(({ name, about }) => matchOf(name, search, about)));

/** Everything that can be done, and every step there is or could be, by name. */
export function CommandMenu({ context }: { context: CommandContext }) {
  const { t, of } = useTexts();
  const session = useSessionOf();
  const { ui, nodeTypes, types, department, readOnly } = session;
  const definition = useDefinition();
  const [search, setSearch] = useState(() => ui.getState().typed);
  const close = (): void => ui.setState({ dialog: null, typed: '' });
  const possible = commands.filter((command) => command.id !== 'commands' && canRun(command, context));
  const sections: Section[] = [
    ...commandGroups.map((group) => ({
      heading: t(`editor.menu.group.${group}`),
      items: possible
        .filter((command) => command.group === group)
        .map((command) => {
          const title = t(`editor.command.${command.id}` as 'editor.command.undo');
          return {
            id: command.id,
            name: `${title} ${command.id}`,
            run: () => command.run(context),
            face: (
              <>
                <span className="min-w-0 flex-1 truncate">{title}</span>
                {command.keys?.[0] && <Keys of={command.keys[0]} />}
              </>
            ),
          };
        }),
    })),
    {
      heading: t('editor.menu.steps'),
      items: definition.nodes.map((node) => {
        const type = types.get(node.type);
        return {
          id: node.id,
          name: `${titleOf(session, node)} ${node.id}`,
          run: () => show(ui, [node.id], levelOfNode(definition, types, node.id)),
          face: (
            <>
              {type && <KindTile type={type} team={department.type} />}
              <span className="min-w-0 flex-1 truncate">{titleOf(session, node)}</span>
              {type && <span className="text-xs text-ink-3">{of(type.title)}</span>}
            </>
          ),
        };
      }),
    },
    {
      heading: t('editor.menu.add'),
      items: (readOnly ? [] : nodeTypes).map((type) => ({
        id: type.type,
        name: `${of(type.title)} + ${type.type}`,
        about: [type.summary['pt-BR'], type.summary.en],
        run: () => void insertAfterSelection(session, type.type),
        face: (
          <>
            <KindTile type={type} team={department.type} />
            <span className="min-w-0 flex-1 truncate">{of(type.title)}</span>
          </>
        ),
      })),
    },
  ].filter(({ items }) => items.length > 0);
  const returnFocus = useReturnFocus(true);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-(--z-dialog) bg-scrim" />
        <Dialog.Content aria-describedby={undefined} className="command-menu" onCloseAutoFocus={returnFocus}>
          <Dialog.Title className="sr-only">{t('editor.command.commands')}</Dialog.Title>
          <Menu label={t('editor.command.commands')} loop filter={matchOf}>
            <Menu.Input autoFocus value={search} onValueChange={setSearch} placeholder={t('editor.menu.search')} />
            <Menu.List>
              <Menu.Empty>{t('editor.menu.nothing')}</Menu.Empty>
              {sections
                .toSorted((a, b) => bestOf(b, search) - bestOf(a, search))
                .map(({ heading, items }) => (
                  <Menu.Group key={heading} heading={heading}>
                    {items.map(({ id, name, about, run, face }) => (
                      <Menu.Item
                        key={id}
                        value={name}
                        {...(about && { keywords: [...about] })}
                        onSelect={() => {
                          close();
                          run();
                        }}
                      >
                        {face}
                      </Menu.Item>
                    ))}
                  </Menu.Group>
                ))}
            </Menu.List>
          </Menu>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
