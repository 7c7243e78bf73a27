import { nothingSelected, type UiStore } from '../editor/uiState.js';

/**
 * Selects what was pressed with the right button, as it is everywhere: what is selected already stays so with all the others, and beside everything
 * nothing is. False where one writes: there the browser's own menu has more to offer.
 */
export function selectPressed(ui: UiStore, target: EventTarget | null): boolean {
  if (!(target instanceof Element) || target.closest('textarea, input, [contenteditable="true"]')) return false;
  const { nodes, edges, notes } = ui.getState();
  const step = target.closest<HTMLElement>('.react-flow__node');
  const id = step?.dataset['id'];
  const edge = target.closest<SVGElement>('.react-flow__edge')?.dataset['id'];
  if (id !== undefined) {
    const isNote = step?.classList.contains('react-flow__node-note') === true;
    if (![...nodes, ...notes].includes(id))
      ui.setState({ ...nothingSelected, ...(isNote ? { notes: [id] } : { nodes: [id] }) });
  } else if (edge !== undefined) {
    if (!edges.includes(edge)) ui.setState({ ...nothingSelected, edges: [edge] });
  } else if (target.closest('.react-flow__nodesselection')) return true;
  else if (target.classList.contains('react-flow__pane')) ui.setState(nothingSelected);
  else return false;
  return true;
}
