import type { ProblemFix } from '#engine/graph/definition.js';
import { disconnect } from '../document/operations/edges.js';
import { removeNodes } from '../document/operations/nodes.js';
import { setConfig } from '../document/operations/options.js';
import type { EditorSession } from '../editor/session.js';

/** Mends a problem, as one step to take back. */
export function applyFix({ doc }: Pick<EditorSession, 'doc'>, fix: ProblemFix): void {
  switch (fix.kind) {
    case 'removeEdge':
      disconnect(doc, [fix.edgeId]);
      return;
    case 'removeNode':
      removeNodes(doc, [fix.nodeId]);
      return;
    case 'setConfig':
      setConfig(doc, fix.nodeId, fix.path.replace(/^config\.?/, ''), fix.value as never, { whole: true });
  }
}
