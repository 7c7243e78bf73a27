import type * as Y from 'yjs';

/**
 * Origin of what this person does: history undoes these edits and no others. Edits that name the same gesture shortly after one another
 * (typing in one field, nudging with the arrow keys) are undone as one.
 */
export class LocalEdit {
  constructor(readonly gesture?: string) {}
}

/** Does several edits as one, for everybody and for undo. */
export const edit = <Result>(doc: Y.Doc, perform: () => Result, gesture?: string): Result =>
  doc.transact(perform, new LocalEdit(gesture));
