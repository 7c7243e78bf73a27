import type { EdgeDefinition } from '#engine/graph/definition.js';
import type { EditorSession } from '../editor/session.js';
import { nothingSelected, show } from '../editor/uiState.js';
import type { Command, CommandContext } from './command.js';

/** The edge that is selected, when it is all that is. */
function chosenEdge({ session }: CommandContext): EdgeDefinition | undefined {
  const { nodes, edges, notes } = session.ui.getState();
  const [id] = edges;
  return nodes.length + notes.length === 0 && edges.length === 1
    ? session.store.getEdges().find((edge) => edge.id === id)
    : undefined;
}

const touches = ({ from, to }: EdgeDefinition, nodeId: string): boolean => from.node === nodeId || to.node === nodeId;

/** The step whose edges one goes through: the one that is selected, or the one that the selected edge was come to from. */
function stepOf(context: CommandContext): string | undefined {
  const { nodes, along } = context.session.ui.getState();
  const edge = chosenEdge(context);
  if (edge) return along !== null && touches(edge, along) ? along : edge.from.node;
  return nodes.length === 1 ? nodes[0] : undefined;
}

/** Edges of a step in the order in which they are gone through: those that leave it first, as its ways out stand. */
export function edgesAround(
  { store, kinds }: Pick<EditorSession, 'store' | 'kinds'>,
  nodeId: string,
): readonly EdgeDefinition[] {
  const node = store.getNode(nodeId);
  const ways = (node && kinds.waysOut(node)) ?? [];
  const all = store.getEdges();
  const leaving = all.filter(({ from }) => from.node === nodeId);
  return [
    ...leaving.toSorted((a, b) => ways.indexOf(a.from.port) - ways.indexOf(b.from.port)),
    ...all.filter(({ from, to }) => to.node === nodeId && from.node !== nodeId),
  ];
}

const stepThroughEdges =
  (by: 1 | -1) =>
  (context: CommandContext): void => {
    const step = stepOf(context);
    if (step === undefined) return;
    const edges = edgesAround(context.session, step);
    const at = edges.findIndex(({ id }) => id === chosenEdge(context)?.id);
    const next = at < 0 ? edges.at(by === 1 ? 0 : -1) : edges[(at + by + edges.length) % edges.length];
    if (next) context.session.ui.setState({ ...nothingSelected, edges: [next.id], along: step });
  };

const hasEdges = (context: CommandContext): boolean => {
  const step = stepOf(context);
  return step !== undefined && context.session.store.getEdges().some((edge) => touches(edge, step));
};

/** Every edge can be come to from a step of it, however small it is drawn: there it is no stop of the Tab key. */
export const alongEdges: readonly Command[] = [
  { id: 'nextEdge', group: 'view', keys: ['.'], when: hasEdges, run: stepThroughEdges(1) },
  { id: 'previousEdge', group: 'view', keys: [','], when: hasEdges, run: stepThroughEdges(-1) },
  {
    id: 'followEdge',
    group: 'view',
    keys: [';'],
    when: (context) => chosenEdge(context) !== undefined,
    run(context) {
      const { ui } = context.session;
      const edge = chosenEdge(context);
      const other = edge?.from.node === stepOf(context) ? edge?.to.node : edge?.from.node;
      if (other !== undefined) show(ui, [other], ui.getState().level);
    },
  },
];
