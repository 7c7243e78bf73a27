import { useReactFlow } from '@xyflow/react';
import type { KeyboardEvent } from 'react';
import { useSessionOf } from '../editor/session.js';
import { nothingSelected } from '../editor/uiState.js';
import type { Point } from './routes.js';
import type { Addition } from './useQuickAdd.js';

/** Keys that belong to the canvas itself, before those of the commands. */
export function useCanvasKeys(openQuickAdd: (add: Addition) => void, place: () => Point) {
  const { ui, readOnly } = useSessionOf();
  const flow = useReactFlow();
  return {
    /** Enter on a note begins to write on it. */
    onKeyDownCapture(event: KeyboardEvent): void {
      const note = noteAt(event.target);
      if (event.key !== 'Enter' || event.shiftKey || readOnly || note === null) return;
      event.preventDefault();
      event.stopPropagation();
      ui.setState({ ...nothingSelected, notes: [note], writing: note });
    },
    /** At the cursor by typing: the list opens where the pointer is. */
    onKeyDown(event: KeyboardEvent): void {
      if (event.key !== '/' || readOnly || isWriting(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      const screen = place();
      openQuickAdd({ screen, at: flow.screenToFlowPosition(screen) });
    },
  };
}

const isWriting = (target: EventTarget): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/** The note that has the focus itself, not something in it. */
const noteAt = (target: EventTarget): string | null =>
  target instanceof HTMLElement && target.classList.contains('react-flow__node-note')
    ? (target.dataset['id'] ?? null)
    : null;
