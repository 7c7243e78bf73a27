import { outputsOf } from '#engine/graph/ports.js';
import { fragmentOf, fragmentText, readFragment } from '../document/fragment.js';
import { connect, disconnect } from '../document/operations/edges.js';
import { group } from '../document/operations/group.js';
import { ungroup } from '../document/operations/ungroup.js';
import type { Way } from '../document/operations/outcomes.js';
import { removeNodes } from '../document/operations/nodes.js';
import { addNote, removeNotes } from '../document/operations/notes.js';
import { setNodeOption } from '../document/operations/options.js';
import { duplicate, paste } from '../document/operations/paste.js';
import { canReorder, reorder } from '../document/operations/reorder.js';
import { connectionRefusal } from '../document/kinds.js';
import { levelOfNode } from '../canvas/levels.js';
import { notePlace } from '../canvas/notePlace.js';
import { titleOf, type EditorSession } from '../editor/session.js';
import { withRoom } from '../editor/withRoom.js';
import { focusField, nothingSelected, select, selectPlaced, show, writeOnPlaced } from '../editor/uiState.js';
import { putOnClipboard } from '../ui/copyText.js';
import { toast } from '../ui/Toast.js';
import { shownKey, type Command, type CommandContext } from './command.js';
import { searchPalette } from './searchPalette.js';

const selectedNodes = ({ session }: CommandContext): readonly string[] => session.ui.getState().nodes;
const selectedNote = ({ session }: CommandContext): string | null => {
  const { nodes, notes } = session.ui.getState();
  return nodes.length === 0 && notes.length === 1 ? (notes[0] ?? null) : null;
};
const mayEdit = ({ session }: CommandContext): boolean => !session.readOnly;
const withNodes = (context: CommandContext): boolean => mayEdit(context) && selectedNodes(context).length > 0;
const definitionOf = ({ session }: CommandContext) => session.store.getSnapshot().definition;

/** What is copied, as the text that another window understands; `null` when nothing is selected. */
export function copied({ store, ui }: EditorSession): string | null {
  const fragment = fragmentOf(store.getSnapshot().definition, ui.getState().nodes);
  return fragment && fragmentText(fragment);
}

/** Puts copies of what a text holds on the open level. False when it holds no steps. */
export function pasteText(context: CommandContext, text: string): boolean {
  const { session, flow } = context;
  const fragment = readFragment(text);
  if (!fragment || session.readOnly) return false;
  const { level } = session.ui.getState();
  const canvas = document.querySelector('[data-canvas]')?.getBoundingClientRect();
  const middle = flow.screenToFlowPosition({
    x: (canvas?.left ?? 0) + (canvas?.width ?? 800) / 2 - 98,
    y: (canvas?.top ?? 0) + (canvas?.height ?? 600) / 3,
  });
  const put = () => paste(session.doc, fragment, { at: middle, ...(level && { parentId: level }) });
  selectPlaced(session.ui, withRoom(session, put));
  return true;
}

/** Answers whether what is selected is on the clipboard; where the browser lets nobody put it there but by key, says so. */
async function copyOrSay({ session, t }: CommandContext, key: string): Promise<boolean> {
  const copies = await putOnClipboard(copied(session) ?? '');
  if (!copies) toast(t('editor.paste.copyByKey', { keys: shownKey(key).join(' + ') }), { tone: 'no' });
  return copies;
}

/** `null` where the page may not look: it came without https, or somebody said no. By key it is given all the same. */
async function readClipboard(): Promise<string | null> {
  try {
    return await navigator.clipboard.readText();
  } catch {
    return null;
  }
}

/** Takes the selected steps, edges and notes away; what came before a step is joined to what came after it. */
export function removeSelected({ session }: CommandContext, rejoin: boolean): void {
  const { doc, ui, history } = session;
  const { nodes, edges, notes } = ui.getState();
  history.begin();
  disconnect(doc, edges);
  removeNotes(doc, notes);
  const gone = removeNodes(doc, nodes, { rejoin });
  history.end();
  if (nodes.length > gone.length && gone.length === 0) return;
  ui.setState(nothingSelected);
}

/** How a way out of a step is called: by the step where it has no other. */
function nameOfWay(session: EditorSession, { node: id, port }: Way): string {
  const node = session.store.getNode(id);
  const type = node && session.types.get(node.type);
  const ways = node && type ? outputsOf(type, node.config, node.onError) : [];
  const way = ways.length > 1 ? ways.find(({ name }) => name === port) : undefined;
  return way?.title[session.locale] ?? (node ? titleOf(session, node) : port);
}

/** Undone or done again, wherever it is: there it is shown. */
function showTouched({ session }: CommandContext, ids: readonly string[] | null): void {
  const [first] = ids ?? [];
  if (first === undefined) return;
  const level = levelOfNode(session.store.getSnapshot().definition, session.types, first);
  if (level !== session.ui.getState().level) show(session.ui, ids ?? [], level);
}

/** The selected step changes places with the one before or after it in its row. */
const reordering = (id: string, by: 'up' | 'down', key: string): Command => ({
  id,
  group: 'edit',
  keys: [key],
  when: (context) => {
    const [node, ...others] = selectedNodes(context);
    if (!mayEdit(context) || node === undefined || others.length > 0) return false;
    return canReorder(definitionOf(context), node, by, context.session.kinds);
  },
  run: ({ session }) => void reorder(session.doc, session.ui.getState().nodes[0] ?? '', by, session.kinds),
});

export const editing: readonly Command[] = [
  {
    id: 'undo',
    group: 'edit',
    keys: ['Mod+Z'],
    everywhere: true,
    when: ({ session }) => !session.readOnly && session.history.getState().canUndo,
    run: (context) => showTouched(context, context.session.history.undo()),
  },
  {
    id: 'redo',
    group: 'edit',
    keys: ['Mod+Shift+Z', 'Mod+Y'],
    everywhere: true,
    when: ({ session }) => !session.readOnly && session.history.getState().canRedo,
    run: (context) => showTouched(context, context.session.history.redo()),
  },
  {
    id: 'copy',
    group: 'edit',
    keys: ['Mod+C'],
    native: true,
    when: (context) => selectedNodes(context).length > 0,
    run: (context) => copyOrSay(context, 'Mod+C'),
  },
  {
    id: 'cut',
    group: 'edit',
    keys: ['Mod+X'],
    native: true,
    when: withNodes,
    run: async (context) => {
      // What is not copied is not taken away.
      if (await copyOrSay(context, 'Mod+X')) removeSelected(context, true);
    },
  },
  {
    id: 'paste',
    group: 'edit',
    keys: ['Mod+V'],
    native: true,
    when: mayEdit,
    run: async (context) => {
      const text = await readClipboard();
      if (text === null)
        toast(context.t('editor.paste.byKey', { keys: shownKey('Mod+V').join(' + ') }), { tone: 'no' });
      else if (!pasteText(context, text)) toast(context.t('editor.paste.nothing'), { tone: 'no' });
    },
  },
  {
    id: 'duplicate',
    group: 'edit',
    keys: ['Mod+D'],
    when: withNodes,
    run: (context) => {
      const { session } = context;
      selectPlaced(
        session.ui,
        withRoom(session, () => duplicate(session.doc, selectedNodes(context))),
      );
    },
  },
  {
    id: 'remove',
    group: 'edit',
    keys: ['Delete', 'Backspace'],
    when: ({ session }) => {
      const { nodes, edges, notes } = session.ui.getState();
      return !session.readOnly && nodes.length + edges.length + notes.length > 0;
    },
    run: (context) => removeSelected(context, true),
  },
  {
    id: 'removeAlone',
    group: 'edit',
    keys: ['Shift+Delete'],
    when: withNodes,
    run: (context) => removeSelected(context, false),
  },
  {
    id: 'selectAll',
    group: 'edit',
    keys: ['Mod+A'],
    run: (context) => {
      const { level } = context.session.ui.getState();
      const inside = definitionOf(context).nodes.filter(({ parentId }) => (parentId ?? null) === level);
      select(
        context.session.ui,
        inside.map(({ id }) => id),
      );
    },
  },
  {
    id: 'connect',
    group: 'edit',
    keys: ['E'],
    when: (context) => mayEdit(context) && selectedNodes(context).length === 2,
    run: (context) => {
      const { session, t } = context;
      const [from, to] = selectedNodes(context);
      const [source, target] = [session.store.getNode(from ?? ''), session.store.getNode(to ?? '')];
      if (!source || !target) return;
      const edges = session.store.getEdges();
      const ports = session.kinds.waysOut(source) ?? ['out'];
      const port =
        ports.find((each) => !edges.some((edge) => edge.from.node === source.id && edge.from.port === each)) ??
        ports[0] ??
        'out';
      const ends = [
        { node: source.id, port },
        { node: target.id, port: 'in' },
      ] as const;
      const refused = connectionRefusal(definitionOf(context), session.kinds, ...ends);
      if (refused) toast(t(`editor.refused.${refused}`), { tone: 'no' });
      else connect(session.doc, ...ends);
    },
  },
  {
    id: 'rename',
    group: 'edit',
    keys: ['F2'],
    when: (context) => mayEdit(context) && (selectedNodes(context).length === 1 || selectedNote(context) !== null),
    opensField: () => true,
    run: (context) => {
      const [node] = selectedNodes(context);
      if (node !== undefined) focusField(context.session.ui, node, 'title');
      else context.session.ui.setState({ writing: selectedNote(context) });
    },
  },
  {
    id: 'addAfter',
    group: 'edit',
    keys: ['A'],
    when: (context) => mayEdit(context) && selectedNodes(context).length === 1,
    run: (context) => {
      const { ui } = context.session;
      const [after] = selectedNodes(context);
      // Where there is a list of kinds beside the canvas it puts what is chosen there behind the selected step.
      if (document.querySelector('.editor-room')) searchPalette(context);
      else if (after !== undefined) ui.setState({ ...nothingSelected, adding: { after } });
    },
  },
  reordering('moveUp', 'up', 'Alt+ArrowUp'),
  reordering('moveDown', 'down', 'Alt+ArrowDown'),
  {
    id: 'lock',
    group: 'edit',
    keys: ['L'],
    when: withNodes,
    run: (context) => {
      const { doc, store, history } = context.session;
      const ids = selectedNodes(context);
      const lock = ids.some((id) => store.getNode(id)?.locked !== true);
      history.begin();
      for (const id of ids) setNodeOption(doc, id, 'locked', lock);
      history.end();
    },
  },
  {
    id: 'note',
    group: 'edit',
    keys: ['N'],
    when: mayEdit,
    run: ({ session, flow }) => {
      const canvas = document.querySelector('[data-canvas]')?.getBoundingClientRect();
      const at = flow.screenToFlowPosition({ x: (canvas?.left ?? 0) + 60, y: (canvas?.top ?? 0) + 60 });
      const { level } = session.ui.getState();
      const place = notePlace(session.store.getSnapshot().definition, session.types, level, at);
      const id = addNote(session.doc, {
        text: '',
        ...place,
        ...(level && { parentId: level }),
      });
      writeOnPlaced(session.ui, id);
    },
  },
  {
    id: 'group',
    group: 'edit',
    keys: ['Mod+G'],
    when: withNodes,
    run: (context) => {
      const { session, t } = context;
      const titles = {
        group: t('editor.group.title'),
        inputs: t('editor.group.inputs'),
        outputs: t('editor.group.outputs'),
        wayOf: (way: Way) => nameOfWay(session, way),
      };
      const made = withRoom(session, () => group(session.doc, selectedNodes(context), titles, session.kinds), true);
      if ('refused' in made) toast(t(`editor.group.refused.${made.refused}`), { tone: 'no' });
      else select(session.ui, [made.id]);
    },
  },
  {
    id: 'ungroup',
    group: 'edit',
    keys: ['Mod+Shift+G'],
    when: (context) => {
      const [id] = selectedNodes(context);
      const node = context.session.store.getNode(id ?? '');
      return mayEdit(context) && node !== undefined && context.session.kinds.isContainer(node);
    },
    run: (context) => {
      const { session } = context;
      const [id = ''] = selectedNodes(context);
      select(
        session.ui,
        withRoom(session, () => ungroup(session.doc, id, session.kinds), true),
      );
    },
  },
];
