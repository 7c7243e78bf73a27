import { Command as Menu } from 'cmdk';
import { Dialog } from 'radix-ui';
import { useState } from 'react';
import { useTexts } from '../i18n/useTexts.js';
import { levelOfNode } from '../canvas/levels.js';
import { insertAfterSelection } from '../editor/insertNode.js';
import { titleOf, useDefinition, useSessionOf } from '../editor/session.js';
import { show } from '../editor/uiState.js';
import { KindTile } from '../palette/KindRow.js';
import { commands } from './all.js';
import { commandGroups, type CommandContext } from './command.js';
import { Keys } from './Keys.js';
import { matchOf } from './matching.js';
import { canRun } from './useCommands.js';

/** Everything that can be done, and every step there is or could be, by name. */
export function CommandMenu({ context }: { context: CommandContext }) {
  const { t, of } = useTexts();
  const session = useSessionOf();
  const { ui, nodeTypes, types, department, readOnly } = session;
  const definition = useDefinition();
  const [search, setSearch] = useState(() => ui.getState().typed);
  const close = (): void => ui.setState({ dialog: null, typed: '' });
  const possible = commands.filter((command) => command.id !== 'commands' && canRun(command, context));
  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-(--z-dialog) bg-scrim" />
        <Dialog.Content aria-describedby={undefined} className="command-menu">
          <Dialog.Title className="sr-only">{t('editor.command.commands')}</Dialog.Title>
          <Menu label={t('editor.command.commands')} loop filter={matchOf}>
            <Menu.Input autoFocus value={search} onValueChange={setSearch} placeholder={t('editor.menu.search')} />
            <Menu.List>
              <Menu.Empty>{t('editor.menu.nothing')}</Menu.Empty>
              {commandGroups.map((group) => {
                const members = possible.filter((command) => command.group === group);
                return (
                  members.length > 0 && (
                    <Menu.Group key={group} heading={t(`editor.menu.group.${group}`)}>
                      {members.map((command) => (
                        <Menu.Item
                          key={command.id}
                          value={`${t(`editor.command.${command.id}` as 'editor.command.undo')} ${command.id}`}
                          onSelect={() => {
                            close();
                            command.run(context);
                          }}
                        >
                          <span className="min-w-0 flex-1 truncate">
                            {t(`editor.command.${command.id}` as 'editor.command.undo')}
                          </span>
                          {command.keys?.[0] && <Keys of={command.keys[0]} />}
                        </Menu.Item>
                      ))}
                    </Menu.Group>
                  )
                );
              })}
              <Menu.Group heading={t('editor.menu.steps')}>
                {definition.nodes.map((node) => {
                  const type = types.get(node.type);
                  return (
                    <Menu.Item
                      key={node.id}
                      value={`${titleOf(session, node)} ${node.id}`}
                      onSelect={() => {
                        close();
                        show(ui, [node.id], levelOfNode(definition, types, node.id));
                      }}
                    >
                      {type && <KindTile type={type} team={department.type} />}
                      <span className="min-w-0 flex-1 truncate">{titleOf(session, node)}</span>
                      {type && <span className="text-xs text-ink-3">{of(type.title)}</span>}
                    </Menu.Item>
                  );
                })}
              </Menu.Group>
              {!readOnly && (
                <Menu.Group heading={t('editor.menu.add')}>
                  {nodeTypes.map((type) => (
                    <Menu.Item
                      key={type.type}
                      value={`${of(type.title)} + ${type.type}`}
                      keywords={[type.summary['pt-BR'], type.summary.en]}
                      onSelect={() => {
                        close();
                        insertAfterSelection(session, type.type);
                      }}
                    >
                      <KindTile type={type} team={department.type} />
                      <span className="min-w-0 flex-1 truncate">{of(type.title)}</span>
                    </Menu.Item>
                  ))}
                </Menu.Group>
              )}
            </Menu.List>
          </Menu>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
