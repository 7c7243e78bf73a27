import { useEffect, useEffectEvent, type RefObject } from 'react';
import { useSessionOf, useUi } from '../editor/session.js';
import type { QuickAdd } from '../editor/uiState.js';
import { insertEvent } from './EditEdge.js';

/** What to add, where; on the canvas that is open unless said. */
export type Addition = Omit<QuickAdd, 'parentId'> & { parentId?: string | undefined };

/** Opens the list of kinds at a place of the canvas, and does so when the plus in the middle of an edge asks. */
export function useQuickAdd(host: RefObject<HTMLElement | null>): (add: Addition) => void {
  const { ui, readOnly } = useSessionOf();
  const level = useUi((state) => state.level);
  const open = ({ parentId = level ?? undefined, ...rest }: Addition): void => {
    if (!readOnly) ui.setState({ quickAdd: { ...rest, ...(parentId && { parentId }) } });
  };
  const onInsert = useEffectEvent((event: Event) => {
    const { edgeId, at, screen } = (event as CustomEvent<Pick<QuickAdd, 'at' | 'screen'> & { edgeId: string }>).detail;
    open({ edgeId, at, screen });
  });
  useEffect(() => {
    const element = host.current;
    element?.addEventListener(insertEvent, onInsert);
    return () => element?.removeEventListener(insertEvent, onInsert);
  }, [host]);
  return open;
}
