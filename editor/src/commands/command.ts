import type { ReactFlowInstance } from '@xyflow/react';
import type { TFunction } from 'i18next';
import type { EditorSession } from '../editor/session.js';

/** What a command works with: the open editor, its view, and the page around it. */
export interface CommandContext {
  readonly session: EditorSession;
  readonly flow: Pick<ReactFlowInstance, 'zoomIn' | 'zoomOut' | 'zoomTo' | 'screenToFlowPosition'>;
  readonly t: TFunction;
  readonly page: PageActions;
}

/** What only the page can do. */
export interface PageActions {
  runDraft(): void;
  runFrom(nodeId: string): void;
  runUntil(nodeId: string): void;
  readonly canContinue: boolean;
  openVersions(): void;
  exportFile(): void;
  comment(): void;
  readonly canComment: boolean;
}

export type CommandGroup = 'edit' | 'arrange' | 'view' | 'run' | 'department';
export const commandGroups: readonly CommandGroup[] = ['edit', 'arrange', 'view', 'run', 'department'];

/** One thing that can be done in the editor: by its key, from the list, by a button. */
export interface Command {
  /** Also the name of its title among the texts: `editor.command.<id>`. */
  readonly id: string;
  readonly group: CommandGroup;
  /** `Mod` is ⌘ on a Mac and Ctrl elsewhere. The first is shown. */
  readonly keys?: readonly string[];
  /** The browser has this key do the same through an event of its own: only shown. */
  readonly native?: boolean;
  /** Works while one writes in a field, too. */
  readonly everywhere?: boolean;
  /** Works while a past run or a proposal stands in the place of the draft: nothing is done to what nobody sees. */
  readonly always?: boolean;
  readonly when?: (context: CommandContext) => boolean;
  /** Whether it opens something to write in, which takes the focus as soon as it is there. */
  readonly opensField?: (context: CommandContext) => boolean;
  readonly run: (context: CommandContext) => void;
}

const isMac = typeof navigator !== 'undefined' && /Mac|iP(hone|ad|od)/.test(navigator.platform);

/** Whether an event is this key: `Mod+Shift+G`, `?`, `Delete`. */
export function isKey(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>,
  key: string,
): boolean {
  const parts = key.split('+').filter((part) => part !== '');
  const name = key.endsWith('+') ? '+' : (parts.at(-1) ?? '');
  const wants = (modifier: string): boolean => parts.slice(0, -1).includes(modifier);
  const mod = isMac ? event.metaKey : event.ctrlKey;
  if (mod !== wants('Mod') || event.altKey !== wants('Alt')) return false;
  // A sign such as ? needs Shift on most keyboards: it says so by itself.
  if (/^[a-z0-9]$/i.test(name) || name.length > 1) {
    if (event.shiftKey !== wants('Shift')) return false;
  }
  return event.key.toLowerCase() === name.toLowerCase();
}

const shownNames: Readonly<Record<string, string>> = {
  Mod: isMac ? '⌘' : 'Ctrl',
  Shift: isMac ? '⇧' : 'Shift',
  Alt: isMac ? '⌥' : 'Alt',
  Enter: '⏎',
  Delete: 'Del',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};

/** A key as it is written on the screen, part by part. */
export const shownKey = (key: string): readonly string[] =>
  (key.endsWith('+') ? [...key.slice(0, -1).split('+').filter(Boolean), '+'] : key.split('+')).map(
    (part) => shownNames[part] ?? part,
  );
