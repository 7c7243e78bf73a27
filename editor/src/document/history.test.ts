import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { nodesOf } from '#engine/graph/document/shape.js';
import { createHistory } from './history.js';
import { disconnect } from './operations/edges.js';
import { addNode, removeNodes } from './operations/nodes.js';

it('undoing one gesture leaves the one before, though it began with an edit that changed nothing', () => {
  const doc = new Y.Doc();
  const history = createHistory(doc);
  const kept = addNode(doc, { type: 'logic.join', position: { x: 0, y: 0 } });
  const removed = addNode(doc, { type: 'logic.join', position: { x: 0, y: 100 } });
  history.begin();
  disconnect(doc, []);
  removeNodes(doc, [removed]);
  history.end();
  expect([...nodesOf(doc).keys()]).toEqual([kept]);
  history.undo();
  expect([...nodesOf(doc).keys()].toSorted()).toEqual([kept, removed].toSorted());
});
