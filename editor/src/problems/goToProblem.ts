import type { Problem } from '#engine/graph/definition.js';
import { levelOfNode } from '../canvas/levels.js';
import type { EditorSession } from '../editor/session.js';
import { focusField, nothingSelected, show } from '../editor/uiState.js';

/** Where a problem is: the step comes into view, and its field is opened. */
export function goToProblem({ store, types, ui }: EditorSession, problem: Problem): void {
  const { definition } = store.getSnapshot();
  const edge = definition.edges.find(({ id }) => id === problem.edgeId);
  const nodeId = problem.nodeId ?? edge?.from.node;
  if (nodeId === undefined) return;
  show(ui, [nodeId], levelOfNode(definition, types, nodeId));
  if (edge && problem.nodeId === undefined) ui.setState({ ...nothingSelected, edges: [edge.id] });
  if (problem.nodeId !== undefined) focusField(ui, nodeId, problem.path ?? '');
}
