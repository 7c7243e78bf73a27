import * as Y from 'yjs';
import type { Definition, NodeDefinition } from '#engine/graph/definition.js';
import { edgesOf, nodesOf, readDefinition, readEdge, readNode } from '#engine/graph/document/shape.js';
import { createDocument } from '#engine/graph/document/write.js';
import { createHistory, type History } from '../../editor/src/document/history.js';
import { createDocumentStore, type DocumentStore } from '../../editor/src/document/store.js';

/** A person with the draft open: what the editor does without its screen. */
export class Editor {
  readonly history: History;
  readonly store: DocumentStore;

  constructor(readonly doc: Y.Doc) {
    this.history = createHistory(doc);
    this.store = createDocumentStore(doc);
  }

  get definition(): Definition {
    return readDefinition(this.doc).definition;
  }
  node(id: string): NodeDefinition {
    const node = readNode(nodesOf(this.doc), id);
    if (!node) throw new Error(`there is no node ${id}`);
    return node;
  }
  /** Ids of all nodes, in alphabetical order. */
  get ids(): string[] {
    return this.definition.nodes.map(({ id }) => id).toSorted();
  }
  /** Edges as `a.out>b`, in alphabetical order. */
  get edges(): string[] {
    return [...edgesOf(this.doc).keys()]
      .flatMap((key) => readEdge(edgesOf(this.doc), key) ?? [])
      .map(({ from, to }) => `${from.node}.${from.port}>${to.node}`)
      .toSorted();
  }
}

/** People who work on one draft and hear of each other only when the test lets them. */
export class EditorDriver {
  readonly editors: readonly Editor[];

  constructor(definition: Definition, people = 2) {
    const start = Y.encodeStateAsUpdate(createDocument(definition));
    this.editors = Array.from({ length: people }, () => {
      const doc = new Y.Doc();
      Y.applyUpdate(doc, start);
      return new Editor(doc);
    });
  }

  /** Person number `index`, the first being 0. */
  at(index: number): Editor {
    const editor = this.editors[index];
    if (!editor) throw new Error(`there is no person ${index}`);
    return editor;
  }

  /** Everybody learns everything. */
  sync(): this {
    for (const from of this.editors) for (const to of this.editors) if (from !== to) this.tell(from, to);
    return this;
  }

  /** One learns what another knows. */
  tell(from: Editor, to: Editor): void {
    Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc)), this);
  }
}
