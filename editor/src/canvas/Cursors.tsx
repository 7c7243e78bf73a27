import { useStore, ViewportPortal } from '@xyflow/react';
import { usePeers, useUi } from '../editor/session.js';
import { faceColor } from '../ui/cobogo.js';

/** Where the others point, with their names. They keep their size at every zoom. */
export function Cursors() {
  const level = useUi((state) => state.level);
  const zoom = useStore((state) => state.transform[2]);
  const peers = usePeers().filter((peer) => peer.cursor && (peer.level ?? null) === level);
  return (
    <ViewportPortal>
      {peers.map(
        ({ clientId, user, cursor }) =>
          cursor && (
            <div
              key={clientId}
              aria-hidden="true"
              className="canvas-cursor"
              style={{
                ['--by' as string]: `var(--color-${faceColor(user.id)})`,
                transform: `translate(${cursor.x}px, ${cursor.y}px) scale(${1 / zoom})`,
              }}
            >
              <svg width="17" height="17" viewBox="0 0 17 17">
                <path d="M1.5 1.5 15 6.6 9.2 9.2 6.6 15Z" />
              </svg>
              <b>{user.name.split(' ')[0]}</b>
            </div>
          ),
      )}
    </ViewportPortal>
  );
}
