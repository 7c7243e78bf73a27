import { useState } from 'react';

/**
 * Where the focus goes when a dialog closes that no trigger of Radix opened: back to what had it when the dialog opened, else to the page's content.
 * Whoever took it meanwhile keeps it. Give it to `Dialog.Content` as `onCloseAutoFocus`.
 */
export function useReturnFocus(open: boolean): (event: Event) => void {
  const [opened, setOpened] = useState<{ open: boolean; from: Element | null }>({ open: false, from: null });
  // While it is drawn for the first time: what is in it may take the focus with the first paint.
  if (opened.open !== open) setOpened({ open, from: open ? document.activeElement : opened.from });
  return (event) => {
    event.preventDefault();
    if (isFocusLost()) (focusable(opened.from) ?? document.getElementById('content'))?.focus({ preventScroll: true });
  };
}

/** Nothing has the focus: a key begins at the top of the page. */
export const isFocusLost = (): boolean => document.activeElement === null || document.activeElement === document.body;

const focusable = (element: Element | null): HTMLElement | null =>
  element instanceof HTMLElement && element.isConnected && element !== document.body ? element : null;
