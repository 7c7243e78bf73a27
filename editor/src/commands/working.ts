import type { Command } from './command.js';

export const working: readonly Command[] = [
  { id: 'runDraft', group: 'run', keys: ['Mod+Enter'], everywhere: true, run: ({ page }) => page.runDraft() },
  {
    id: 'runFromHere',
    group: 'run',
    keys: ['R'],
    when: ({ session, page }) => page.canContinue && session.ui.getState().nodes.length === 1,
    run: ({ session, page }) => page.runFrom(session.ui.getState().nodes[0] ?? ''),
  },
  {
    id: 'runUntilHere',
    group: 'run',
    keys: ['Shift+R'],
    when: ({ session }) => session.ui.getState().nodes.length === 1,
    run: ({ session, page }) => page.runUntil(session.ui.getState().nodes[0] ?? ''),
  },
  {
    id: 'traffic',
    group: 'run',
    keys: ['Y'],
    when: ({ session }) => session.department.published !== null,
    run: ({ session }) => session.ui.setState(({ traffic }) => ({ traffic: !traffic })),
  },
  {
    id: 'describe',
    group: 'edit',
    keys: ['D'],
    when: ({ session }) => !session.readOnly,
    run: ({ session }) =>
      session.ui.setState(({ side }) => ({ side: side === 'describe' ? 'step' : 'describe', proposal: null })),
  },
  { id: 'pastRuns', group: 'run', keys: ['H'], run: ({ session }) => session.ui.setState({ past: 'newest' }) },
  {
    id: 'chat',
    group: 'run',
    keys: ['T'],
    run: ({ session }) => session.ui.setState(({ side }) => ({ side: side === 'chat' ? 'step' : 'chat' })),
  },
  {
    id: 'comment',
    group: 'run',
    keys: ['C'],
    when: ({ page }) => page.canComment,
    run: ({ page }) => page.comment(),
  },
  {
    id: 'publish',
    group: 'department',
    keys: ['Mod+Shift+Enter'],
    when: ({ session }) => !session.readOnly,
    run: ({ session }) => session.ui.setState({ dialog: 'publish' }),
  },
  { id: 'versions', group: 'department', run: ({ page }) => page.openVersions() },
  { id: 'exportFile', group: 'department', run: ({ page }) => page.exportFile() },
  {
    id: 'importFile',
    group: 'department',
    when: ({ session }) => !session.readOnly,
    run: ({ session }) => session.ui.setState({ dialog: 'import' }),
  },
  { id: 'tour', group: 'department', run: ({ session }) => session.ui.setState({ dialog: 'tour' }) },
];
