import { useStore, ViewportPortal } from '@xyflow/react';
import { Hand } from 'lucide-react';
import type { TrafficView } from '../api/types.js';
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
            style={{ transform: `translate(${x + width / 2}px, ${y}px) translate(-50%, -60%)` }}
          >
            <Mark node={node} />
          </div>
        );
      })}
    </ViewportPortal>
  );
}

function Mark({ node }: { node: NodeTraffic }) {
  const { t, locale } = useTexts();
  const share = node.count === 0 ? 0 : Math.ceil((node.failures / node.count) * 100);
  return (
    <span className={classes('num', node.failures > 0 && 'bad')}>
      <b>{formatNumber(locale, node.count)}</b>
      {node.failures > 0 && <em>{t('runs.traffic.failures', { count: node.failures, share })}</em>}
      {node.p95Ms !== null && <span>{t('runs.traffic.p95', { time: formatDuration(locale, node.p95Ms) })}</span>}
      {node.waiting > 0 && (
        <span className="flex items-center gap-1">
          <Hand size={11} aria-hidden="true" />
          {t('runs.traffic.waiting', { count: node.waiting })}
        </span>
      )}
    </span>
  );
}
