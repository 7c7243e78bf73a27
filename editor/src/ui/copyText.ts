import type { TFunction } from 'i18next';
import { toast } from './Toast.js';

/** Puts a text on the clipboard and says so; where the browser lets nobody do that, it says that instead. */
export async function copyText(text: string, said: string, t: TFunction): Promise<void> {
  if (await putOnClipboard(text)) toast(said);
  else toast(t('common.notCopied'), { tone: 'error' });
}

/**
 * Answers whether it is there. A page that came without https, such as one of a machine in the house, has no clipboard: there the older way is the only one.
 */
export async function putOnClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedFromPage(text);
  }
}

function copiedFromPage(text: string): boolean {
  const before = document.activeElement;
  const place = document.createElement('textarea');
  place.value = text;
  place.style.cssText = 'position:fixed;opacity:0';
  // Beside what has the focus: a sheet keeps it inside.
  (before?.parentElement ?? document.body).append(place);
  place.select();
  const copied = document.execCommand('copy');
  place.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return copied;
}
