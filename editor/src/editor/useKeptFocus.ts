import { useEffect } from 'react';
import { isFocusLost } from '../ui/useReturnFocus.js';
import { useSessionOf } from './session.js';
import type { UiState } from './uiState.js';

/** What of the screen decides what has the focus: where one of these changed, something may have gone that had it. */
const deciding = [
  'nodes',
  'edges',
  'notes',
  'level',
  'quickAdd',
  'adding',
  'dialog',
  'dock',
  'side',
  'palette',
  'past',
  'proposal',
  'traffic',
] as const satisfies readonly (keyof UiState)[];

/**
 * Never lets the focus fall on nothing, from where a key would begin at the top of the page: where what had it is gone, it goes to the selected
 * step, else to where one was, to what stood before or after that, or to the canvas. On the canvas it goes along with the selection.
 */
export function useKeptFocus(): void {
  const { ui, store } = useSessionOf();
  useEffect(() => {
    let [frame, timer] = [0, 0];
    /** The step that had the focus last, its neighbours, and where it was before. */
    let last: readonly string[] = [];
    /** Something had the focus: a page on which nothing had it yet is left as it is. */
    let had = !isFocusLost();
    /** Whether it was something on the screen that changed, not the department alone: then what is around everything is nothing, either. */
    let moved = false;
    /** The step that had the focus then: whoever is at another by now has gone there since, and stays. */
    let from: string | undefined;
    const keep = (): void => {
      const { nodes, notes } = ui.getState();
      const chosen = nodes.length === 0 ? notes : nodes;
      const at = document.activeElement;
      const step =
        at instanceof HTMLElement && at.classList.contains('react-flow__node') ? at.dataset['id'] : undefined;
      // What was put in, or come to along an edge, is where one is now.
      const left = moved && step !== undefined && step === from && chosen.length > 0 && !chosen.includes(step);
      const lost = isFocusLost() || (moved && at === document.getElementById('content'));
      moved = false;
      if ((!lost && !left) || !had) return;
      const found = [...chosen, ...last].map(onCanvas).find((each) => each !== null);
      (found ?? document.querySelector<HTMLElement>('[data-canvas]'))?.focus({ preventScroll: true });
    };
    // After it is drawn, and after a dialog that closed has given the focus back.
    const look = (): void => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      frame = requestAnimationFrame(() => (timer = window.setTimeout(keep)));
    };
    const onFocusIn = ({ target }: FocusEvent): void => {
      had = true;
      const id =
        target instanceof HTMLElement ? target.closest<HTMLElement>('.react-flow__node')?.dataset['id'] : undefined;
      if (id === undefined) return;
      const edges = store.getEdges();
      const before = edges.filter(({ to }) => to.node === id).map(({ from }) => from.node);
      const after = edges.filter(({ from }) => from.node === id).map(({ to }) => to.node);
      last = [id, ...before, ...after, ...last].slice(0, 24);
    };
    addEventListener('focusin', onFocusIn);
    const stops = [
      ui.subscribe((now, then) => {
        if (!deciding.some((key) => now[key] !== then[key])) return;
        moved = true;
        [from] = last;
        look();
      }),
      store.subscribe(look),
    ];
    return () => {
      removeEventListener('focusin', onFocusIn);
      for (const stop of stops) stop();
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [ui, store]);
}

const onCanvas = (id: string): HTMLElement | null =>
  document.querySelector(`[data-canvas] .react-flow__node[data-id="${CSS.escape(id)}"]`);
