import type * as Y from 'yjs';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import type { CanvasNote } from '#engine/graph/definition.js';
import { settingsOf } from '#engine/graph/document/shape.js';
import { sharedMap, toShared, writeEntry } from '#engine/graph/document/values.js';
import { shareText, typeText } from '#engine/graph/document/typed.js';
import { edit } from '../localEdit.js';

const notesIn = (doc: Y.Doc): Y.Map<unknown> | null => sharedMap(settingsOf(doc).get('notes'));

/** Puts a note on the canvas and returns its id. */
export const addNote = (doc: Y.Doc, note: CanvasNote): string =>
  edit(doc, () => {
    if (!notesIn(doc)) settingsOf(doc).set('notes', toShared({}));
    const id = `note_${crypto.randomUUID().slice(0, 13)}`;
    notesIn(doc)?.set(id, toShared(note as JsonObject));
    return id;
  });

/** Writes on a note; see `setTitle`. False when it is gone. */
export const writeNote = (doc: Y.Doc, id: string, text: string, seen?: string): boolean => {
  shareText(doc, { within: notesIn(doc)?.get(id), at: 'text' });
  return edit(
    doc,
    () => {
      const note = sharedMap(notesIn(doc)?.get(id));
      if (note && !typeText({ within: note, at: 'text' }, text, seen)) writeEntry(note, 'text', text);
      return note !== null;
    },
    `note ${id} text`,
  );
};

/** Changes what is given of a note. False when it is gone. */
export const setNote = (doc: Y.Doc, id: string, changes: Partial<CanvasNote>): boolean =>
  edit(
    doc,
    () => {
      const note = sharedMap(notesIn(doc)?.get(id));
      for (const [key, value] of Object.entries(changes)) if (note) writeEntry(note, key, value as Json | undefined);
      return note !== null;
    },
    `note ${id} ${Object.keys(changes).join(' ')}`,
  );

/** Takes notes away. Returns the ids of those that were there. */
export const removeNotes = (doc: Y.Doc, ids: Iterable<string>): string[] =>
  edit(doc, () => {
    const notes = notesIn(doc);
    const known = [...new Set(ids)].filter((id) => notes?.has(id));
    for (const id of known) notes?.delete(id);
    return known;
  });
