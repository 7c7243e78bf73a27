import { useTranslation } from 'react-i18next';
import { edgesAround } from '../commands/alongEdges.js';
import { titleOf, useSessionOf, useUi } from '../editor/session.js';
import type { CanvasEdge } from './drawing.js';

/** Says which edge one came to by key, for those who do not see it light up. */
export function EdgeNow({ edges }: { edges: readonly CanvasEdge[] }) {
  const { t } = useTranslation();
  const session = useSessionOf();
  const along = useUi((state) => state.along);
  const chosen = useUi((state) => (state.edges.length === 1 ? state.edges[0] : undefined));
  const drawn = edges.find(({ id }) => id === chosen);
  const around = along === null || !drawn ? [] : edgesAround(session, along);
  const at = around.findIndex(({ id }) => id === chosen);
  const nameOf = (id: string): string => {
    const node = session.store.getNode(id);
    return node ? titleOf(session, node) : id;
  };
  const said = drawn &&
    at >= 0 && {
      at: at + 1,
      of: around.length,
      from: nameOf(drawn.source),
      to: nameOf(drawn.target),
      way: drawn.data?.label ?? '',
    };
  return (
    <p role="status" className="sr-only">
      {said && t(said.way === '' ? 'editor.canvas.edgeNow' : 'editor.canvas.edgeNowBy', said)}
    </p>
  );
}
