import { autoLayout } from '../canvas/autoLayout.js';
import { boxesOf, nodeSize } from '../canvas/boxes.js';
import { align, type Alignment } from '../document/operations/align.js';
import { moveNodes } from '../document/operations/nodes.js';
import { showAll } from '../editor/uiState.js';
import type { Command, CommandContext } from './command.js';

const several = ({ session }: CommandContext): boolean => !session.readOnly && session.ui.getState().nodes.length > 1;

const alignment = (id: Alignment, key: string): Command => ({
  id,
  group: 'arrange',
  keys: [key],
  when: several,
  run({ session: { doc, store, types, ui } }) {
    const boxes = boxesOf(store.getSnapshot().definition, types);
    align(doc, ui.getState().nodes, id, (node) => boxes.get(node) ?? nodeSize);
  },
});

export const arranging: readonly Command[] = [
  {
    id: 'autoLayout',
    group: 'arrange',
    keys: ['Mod+Shift+L'],
    when: ({ session }) => !session.readOnly,
    run: async ({ session }) => {
      const { doc, store, types, ui } = session;
      const { level, nodes } = ui.getState();
      const only = nodes.length > 1 ? new Set(nodes) : undefined;
      moveNodes(doc, await autoLayout(store.getSnapshot().definition, types, level, only));
      if (!only) showAll(ui);
    },
  },
  alignment('left', 'Alt+A'),
  alignment('center', 'Alt+C'),
  alignment('right', 'Alt+D'),
  alignment('top', 'Alt+W'),
  alignment('middle', 'Alt+M'),
  alignment('bottom', 'Alt+S'),
  alignment('columns', 'Alt+H'),
  alignment('rows', 'Alt+V'),
];
