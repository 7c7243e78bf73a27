import type { Command } from './command.js';

export const working: readonly Command[] = [
  {
    id: 'runDraft',
    group: 'run',
    keys: ['Mod+Enter'],
    everywhere: true,
    always: true,
    run: ({ page }) => page.runDraft(),
  },
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
    always: true,
    group: 'edit',
    keys: ['D'],
    when: ({ session }) => !session.readOnly,
    opensField: ({ session }) => session.ui.getState().side !== 'describe' || session.ui.getState().past !== null,
    run: ({ session }) =>
      session.ui.setState(({ side, past }) => ({
        side: side === 'describe' && past === null ? 'step' : 'describe',
        proposal: null,
        past: null,
      })),
  },
  {
    id: 'pastRuns',
    group: 'run',
    keys: ['H'],
    always: true,
    run: ({ session }) => session.ui.setState(({ past }) => ({ past: past === null ? 'newest' : null })),
  },
  {
    id: 'chat',
    group: 'run',
    keys: ['T'],
    always: true,
    run: ({ session }) =>
      session.ui.setState(({ side, past }) => ({
        side: side === 'chat' && past === null ? 'step' : 'chat',
        past: null,
      })),
  },
  {
    id: 'comment',
    group: 'run',
    keys: ['C'],
    when: ({ page }) => page.canComment,
    opensField: ({ session }) => session.ui.getState().side !== 'comments',
    run: ({ page }) => page.comment(),
  },
  {
    id: 'publish',
    always: true,
    group: 'department',
    keys: ['Mod+Shift+Enter'],
    everywhere: true,
    when: ({ session }) => !session.readOnly,
    run: ({ session }) => session.ui.setState({ dialog: 'publish' }),
  },
  { id: 'versions', group: 'department', always: true, run: ({ page }) => page.openVersions() },
  { id: 'exportFile', group: 'department', always: true, run: ({ page }) => page.exportFile() },
  {
    id: 'importFile',
    always: true,
    group: 'department',
    when: ({ session }) => !session.readOnly,
    run: ({ session }) => session.ui.setState({ dialog: 'import' }),
  },
  { id: 'tour', group: 'department', run: ({ session }) => session.ui.setState({ dialog: 'tour' }) },
];
