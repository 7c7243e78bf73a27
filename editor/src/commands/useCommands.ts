import { useReactFlow } from '@xyflow/react';
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSessionOf } from '../editor/session.js';
import { commands } from './all.js';
import { AwaitedField } from './awaitedField.js';
import { isKey, type Command, type CommandContext, type PageActions } from './command.js';
import { toast } from '../ui/Toast.js';
import { copied, pasteText, removeSelected } from './editing.js';

/** What commands work with in this editor. */
export function useCommandContext(page: PageActions): CommandContext {
  const session = useSessionOf();
  const flow = useReactFlow();
  const { t } = useTranslation();
  return useMemo(() => ({ session, flow, t, page }), [session, flow, t, page]);
}

export const canRun = (command: Command, context: CommandContext): boolean =>
  (command.always === true || isDraftSeen(context)) && (command.when?.(context) ?? true);

/** Whether the draft itself is on the screen. */
const isDraftSeen = ({ session }: CommandContext): boolean => {
  const { past, proposal, side } = session.ui.getState();
  return past === null && (proposal === null || side !== 'describe');
};

/** Listens to the keys of all commands, to what is pasted, and to Shift held down. */
export function useShortcuts(context: CommandContext): void {
  const [awaited] = useState(() => new AwaitedField());
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const { ui } = context.session;
    if (event.key === 'Shift' && !isWriting(event.target)) ui.setState({ tracing: true });
    if (ui.getState().dialog === 'commands' && !inDialog(event.target) && isLetter(event)) {
      event.preventDefault();
      return ui.setState(({ typed }) => ({ typed: typed + event.key }));
    }
    const writing = isWriting(event.target);
    // The next key is ahead of what comes with the focus.
    if (writing) awaited.arrive();
    else if (!event.defaultPrevented && awaited.take(event)) return event.preventDefault();
    if (event.defaultPrevented || ui.getState().dialog !== null || inDialog(event.target)) return;
    // Out of a field, back to where single keys are commands: to its step, or Tab would begin at the top of the page.
    if (writing && event.key === 'Escape') {
      (event.target as HTMLElement).blur();
      return stepOnCanvas(ui.getState().nodes)?.focus();
    }
    const command = commands.find(
      (each) =>
        !each.native &&
        (!writing || each.everywhere) &&
        each.keys?.some((key) => isKey(event, key)) === true &&
        canRun(each, context),
    );
    if (!command) return;
    // Enter and Space press what has the focus; a key alone never takes them.
    event.preventDefault();
    awaited.end();
    if (command.opensField?.(context)) awaited.begin();
    command.run(context);
  });
  // React Flow moves a step by every arrow key and selects it by every Enter, whatever is held with them: of those with a meaning of their own it must not hear.
  const onHeldKey = useEffectEvent((event: KeyboardEvent) => {
    const { key, ctrlKey, metaKey, altKey, target } = event;
    if (!(key.startsWith('Arrow') || key === 'Enter') || !(ctrlKey || metaKey || altKey)) return;
    if (!(target instanceof Element) || !target.classList.contains('react-flow__node')) return;
    event.stopPropagation();
    onKeyDown(event);
  });
  // After whoever gave it the focus is done.
  const onFocusIn = useEffectEvent((event: FocusEvent) => {
    if (isWriting(event.target)) setTimeout(() => awaited.arrive());
  });
  const onKeyUp = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === 'Shift') context.session.ui.setState({ tracing: false });
  });
  const onCopy = useEffectEvent((event: ClipboardEvent) => {
    if (isWriting(event.target) || hasSelectedText() || !isDraftSeen(context)) return;
    const text = copied(context.session);
    if (text === null) return;
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    if (event.type === 'cut' && !context.session.readOnly) removeSelected(context, true);
  });
  const onPaste = useEffectEvent((event: ClipboardEvent) => {
    if (isWriting(event.target) || inDialog(event.target) || !isDraftSeen(context)) return;
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (pasteText(context, text)) event.preventDefault();
    else if (!context.session.readOnly) toast(context.t('editor.paste.nothing'), { tone: 'no' });
  });
  useEffect(() => {
    const blur = (): void => context.session.ui.setState({ tracing: false });
    const elsewhere = (): void => awaited.end();
    addEventListener('focusin', onFocusIn);
    addEventListener('pointerdown', elsewhere, true);
    addEventListener('keydown', onHeldKey, true);
    addEventListener('keydown', onKeyDown);
    addEventListener('keyup', onKeyUp);
    addEventListener('blur', blur);
    document.addEventListener('copy', onCopy);
    document.addEventListener('cut', onCopy);
    document.addEventListener('paste', onPaste);
    return () => {
      removeEventListener('focusin', onFocusIn);
      removeEventListener('pointerdown', elsewhere, true);
      removeEventListener('keydown', onHeldKey, true);
      removeEventListener('keydown', onKeyDown);
      removeEventListener('keyup', onKeyUp);
      removeEventListener('blur', blur);
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('cut', onCopy);
      document.removeEventListener('paste', onPaste);
    };
  }, [context.session, awaited]);
}

const stepOnCanvas = ([id]: readonly string[]): HTMLElement | null =>
  id === undefined ? null : document.querySelector(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
const isLetter = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  key.length === 1 && !ctrlKey && !metaKey && !altKey;
const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
const inDialog = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[role="dialog"]') !== null;
const hasSelectedText = (): boolean => (getSelection()?.toString() ?? '') !== '';
