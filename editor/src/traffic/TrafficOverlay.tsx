import { useStore, ViewportPortal } from '@xyflow/react';
import { CircleAlert, Hand } from 'lucide-react';
import type { TrafficView } from '../api/types.js';
import { detailAt } from '../canvas/detail.js';
import { formatDuration, formatNumber } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import './traffic.css';

type NodeTraffic = TrafficView['nodes'][number];

/**
 * What real runs did, on each node of the graph it stands in: how often, how many failures, and the time that 95 of 100 stayed below. A
 * child of any `<ReactFlow>`, which gives it the places; nodes that it does not draw are left out.
 */
export function TrafficOverlay({ traffic }: { traffic: TrafficView }) {
  const places = useStore(({ nodeLookup }) => nodeLookup);
  // Where a step shows less, its mark does too, and keeps the size that can be read.
  const scale = useStore(({ transform: [, , zoom] }) => (detailAt(zoom) === 'full' ? 1 : 1 / zoom));
  return (
    <ViewportPortal>
      {traffic.nodes.map((node) => {
        const place = places.get(node.nodeId);
        if (!place) return null;
        const { x, y } = place.internals.positionAbsolute;
        const width = place.measured.width ?? place.width ?? 0;
        return (
          <div
            key={node.nodeId}
            className="traffic-mark"
            data-traffic={node.nodeId}
            // Seen small it hangs at the corner: in the middle it would hide what the step is called.
            style={{
              transform:
                scale > 1
                  ? `translate(${x + width}px, ${y}px) scale(${scale}) translate(-35%, -60%)`
                  : `translate(${x + width / 2}px, ${y}px) translate(-50%, -60%)`,
              transformOrigin: '0 0',
            }}
          >
            <Mark node={node} brief={scale > 1} />
          </div>
        );
      })}
    </ViewportPortal>
  );
}

/** `brief`: how often, and how many of these failed. */
function Mark({ node, brief }: { node: NodeTraffic; brief: boolean }) {
  const { t, locale } = useTexts();
  const share = node.count === 0 ? 0 : Math.ceil((node.failures / node.count) * 100);
  return (
    <span className={classes('num', node.failures > 0 && 'bad')}>
      <b>{formatNumber(locale, node.count)}</b>
      {brief && node.failures > 0 && (
        <em className="flex items-center gap-0.5">
          <CircleAlert size={11} aria-hidden="true" />
          <span aria-hidden="true">{formatNumber(locale, node.failures)}</span>
          <span className="sr-only">{t('runs.traffic.failures', { count: node.failures, share })}</span>
        </em>
      )}
      {!brief && node.failures > 0 && <em>{t('runs.traffic.failures', { count: node.failures, share })}</em>}
      {!brief && node.p95Ms !== null && (
        <span>{t('runs.traffic.p95', { time: formatDuration(locale, node.p95Ms) })}</span>
      )}
      {!brief && node.waiting > 0 && (
        <span className="flex items-center gap-1">
          <Hand size={11} aria-hidden="true" />
          {t('runs.traffic.waiting', { count: node.waiting })}
        </span>
      )}
    </span>
  );
}
