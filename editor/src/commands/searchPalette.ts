import { flushSync } from 'react-dom';
import type { CommandContext } from './command.js';

/** Into the list of kinds beside the canvas. */
export function searchPalette({ session }: CommandContext): void {
  // Before the next key arrives: it belongs into the field, and would be a shortcut anywhere else.
  flushSync(() => session.ui.setState({ palette: 'wide' }));
  document.querySelector<HTMLElement>('[data-palette-search]')?.focus();
}
