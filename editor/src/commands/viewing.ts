import { goToProblem } from '../problems/goToProblem.js';
import { nothingSelected, show, showAll } from '../editor/uiState.js';
import type { Command, CommandContext } from './command.js';
import { searchPalette } from './searchPalette.js';

/** The sub-department that is selected, when one is. */
const chosenDepartment = ({ session }: CommandContext): string | null => {
  const { nodes } = session.ui.getState();
  const node = nodes.length === 1 ? session.store.getNode(nodes[0] ?? '') : undefined;
  return node && session.types.get(node.type)?.kind === 'department' ? node.id : null;
};

const stepThroughProblems =
  (by: 1 | -1) =>
  ({ session }: CommandContext): void => {
    const { problems, nodes } = session.ui.getState();
    if (problems.length === 0) return;
    const at = problems.findIndex(({ nodeId }) => nodeId !== undefined && nodes.includes(nodeId));
    const next = problems[(at + by + problems.length) % problems.length] ?? problems[0];
    if (next) goToProblem(session, next);
  };

export const viewing: readonly Command[] = [
  {
    id: 'commands',
    group: 'view',
    keys: ['Mod+K'],
    everywhere: true,
    always: true,
    run: ({ session }) => session.ui.setState({ dialog: 'commands' }),
  },
  {
    id: 'search',
    group: 'view',
    keys: ['Mod+F'],
    everywhere: true,
    opensField: () => true,
    run: ({ session }) => session.ui.setState({ dialog: 'search' }),
  },
  {
    id: 'shortcuts',
    group: 'view',
    keys: ['?'],
    always: true,
    run: ({ session }) => session.ui.setState({ dialog: 'shortcuts' }),
  },
  { id: 'fit', group: 'view', keys: ['F'], run: ({ session }) => showAll(session.ui) },
  { id: 'zoomIn', group: 'view', keys: ['+', '='], run: ({ flow }) => void flow.zoomIn() },
  { id: 'zoomOut', group: 'view', keys: ['-'], run: ({ flow }) => void flow.zoomOut() },
  { id: 'zoomReset', group: 'view', keys: ['0'], run: ({ flow }) => void flow.zoomTo(1) },
  {
    id: 'addStep',
    group: 'view',
    keys: ['/'],
    when: ({ session }) => !session.readOnly,
    run: searchPalette,
  },
  {
    id: 'togglePalette',
    group: 'view',
    keys: ['['],
    run: ({ session }) => session.ui.setState(({ palette }) => ({ palette: palette === 'wide' ? 'rail' : 'wide' })),
  },
  {
    id: 'toggleProblems',
    group: 'view',
    keys: [']'],
    run: ({ session }) => session.ui.setState(({ dock }) => ({ dock: dock === null ? 'problems' : null })),
  },
  { id: 'nextProblem', group: 'view', keys: ['F8'], everywhere: true, run: stepThroughProblems(1) },
  { id: 'previousProblem', group: 'view', keys: ['Shift+F8'], everywhere: true, run: stepThroughProblems(-1) },
  {
    id: 'openGroup',
    group: 'view',
    keys: ['Mod+ArrowDown'],
    when: (context) => chosenDepartment(context) !== null,
    run: (context) => context.session.ui.setState({ ...nothingSelected, level: chosenDepartment(context) }),
  },
  {
    id: 'closeGroup',
    group: 'view',
    keys: ['Mod+ArrowUp'],
    when: ({ session }) => session.ui.getState().level !== null,
    run: ({ session }) => {
      const { level } = session.ui.getState();
      show(session.ui, level ? [level] : [], session.store.getNode(level ?? '')?.parentId ?? null);
    },
  },
  {
    id: 'unselect',
    group: 'view',
    keys: ['Escape'],
    always: true,
    // Out of what stands in the place of the draft first; what was selected there is there again.
    run: ({ session }) =>
      session.ui.setState(({ past }) =>
        past === null ? { ...nothingSelected, quickAdd: null, following: null } : { past: null },
      ),
  },
];
