import { createTextField } from './textField.js';

/**
 * Passes text on as it arrives, over several attempts: what a failed attempt already showed is not shown again, and an attempt that
 * says something else stays silent. With `structured`, the attempt's raw JSON is read and only its `text` field passed on.
 */
export function createPreview(onText: (delta: string) => void, structured: boolean): () => (piece: string) => void {
  let shown = '';
  return () => {
    const read = structured ? createTextField('text') : (piece: string) => piece;
    let written = '';
    return (piece) => {
      const delta = read(piece);
      if (!delta) return;
      written += delta;
      if (written.length <= shown.length || !written.startsWith(shown)) return;
      const fresh = written.slice(shown.length);
      shown = written;
      onText(fresh);
    };
  };
}
