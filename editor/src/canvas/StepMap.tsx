import { Panel, useReactFlow, useStore } from '@xyflow/react';
import { memo, useEffect, useEffectEvent, useMemo, useRef, type PointerEvent } from 'react';
import { useStore as useZustand } from 'zustand';
import { shallow } from 'zustand/shallow';
import type { Box, Point } from './routes.js';
import { together, type Places, type PlacesStore } from './usePlaces.js';

/** A step or a note on the map. */
export interface MapItem {
  readonly id: string;
  /** Tells its colour. */
  readonly kind: string;
  readonly box: Box;
  /** What its place is counted from: the corner of the loop around it. */
  readonly origin: Point;
}

interface StepMapProps {
  readonly items: readonly MapItem[];
  /** Where the others, and where one oneself, have steps in hand. */
  readonly theirs: Places;
  readonly mine: PlacesStore;
  readonly label: string;
}

/** On the screen, in px, and the margin around the drawing. */
const size = { width: 132, height: 96, margin: 5 } as const;
/** Farther than this, in px, a press is no click any more. */
const clickWithin = 4;

/**
 * The whole department in a corner: a click goes there, dragging pans, the wheel zooms. One shape for each kind of step, drawn again when steps
 * came to stand elsewhere: an element of its own for each step would look at everything that happens on the canvas.
 */
export const StepMap = memo(function StepMap({ items, theirs, mine, label }: StepMapProps) {
  const dragged = together(theirs, useZustand(mine));
  const flow = useReactFlow();
  const element = useRef<SVGSVGElement>(null);
  const moving = [...dragged.keys()].join();
  const still = useMemo(() => {
    const away = new Set(moving.split(','));
    return shapesOf(items.filter(({ id }) => !away.has(id)));
  }, [items, moving]);
  const byId = useMemo(() => new Map(items.map((item) => [item.id, item])), [items]);
  const bounds = useMemo(() => boundsOf(items), [items]);
  const view = useStore(
    ({ transform: [x, y, zoom], width, height }) => ({
      x: -x / zoom,
      y: -y / zoom,
      width: width / zoom,
      height: height / zoom,
    }),
    shallow,
  );
  const frame = frameOf(bounds, view);
  const press = useRef<{ at: Point; viewport: Point; moved: boolean } | null>(null);

  const zoomBy = useEffectEvent((event: WheelEvent): void => {
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 20 : event.deltaY;
    void flow.zoomTo(flow.getZoom() * 2 ** (-pixels * (event.ctrlKey ? 0.01 : 0.002)));
  });
  useEffect(() => {
    const svg = element.current;
    const onWheel = (event: WheelEvent): void => zoomBy(event);
    svg?.addEventListener('wheel', onWheel, { passive: false });
    return () => svg?.removeEventListener('wheel', onWheel);
  }, []);

  const drag = (event: PointerEvent): void => {
    const from = press.current;
    if (!from) return;
    const [x, y] = [event.clientX - from.at.x, event.clientY - from.at.y];
    from.moved ||= Math.hypot(x, y) > clickWithin;
    if (!from.moved) return;
    const zoom = flow.getZoom();
    void flow.setViewport({
      x: from.viewport.x - x * frame.scale * zoom,
      y: from.viewport.y - y * frame.scale * zoom,
      zoom,
    });
  };

  return (
    <Panel position="top-left" className="graph-map">
      <svg
        ref={element}
        role="img"
        aria-label={label}
        width={size.width}
        height={size.height}
        viewBox={`${frame.x} ${frame.y} ${frame.width} ${frame.height}`}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          press.current = { at: { x: event.clientX, y: event.clientY }, viewport: flow.getViewport(), moved: false };
        }}
        onPointerMove={drag}
        onPointerCancel={() => (press.current = null)}
        onPointerUp={(event) => {
          const clicked = press.current?.moved === false;
          press.current = null;
          if (!clicked) return;
          const { left, top } = event.currentTarget.getBoundingClientRect();
          void flow.setCenter(
            frame.x + (event.clientX - left) * frame.scale,
            frame.y + (event.clientY - top) * frame.scale,
            { zoom: flow.getZoom() },
          );
        }}
      >
        {still.map(([kind, path]) => (
          <path key={kind} className={kind} d={path} />
        ))}
        {[...dragged].map(([id, at]) => {
          const item = byId.get(id);
          if (!item) return null;
          const { kind, box, origin } = item;
          return <path key={id} className={kind} d={shapeOf({ ...box, x: origin.x + at.x, y: origin.y + at.y })} />;
        })}
        <path
          className="map-mask"
          fillRule="evenodd"
          d={`M${frame.x} ${frame.y}h${frame.width}v${frame.height}h${-frame.width}z${shapeOf(view)}`}
        />
      </svg>
    </Panel>
  );
});

const shapeOf = ({ x, y, width, height }: Box): string =>
  `M${Math.round(x)} ${Math.round(y)}h${Math.round(width)}v${Math.round(height)}h${-Math.round(width)}z`;

/** One path for each kind, in the order in which kinds first come: what is around others comes first. */
export function shapesOf(items: readonly MapItem[]): [kind: string, path: string][] {
  const paths = new Map<string, string[]>();
  for (const { kind, box } of items) {
    const path = paths.get(kind) ?? [];
    paths.set(kind, path);
    path.push(shapeOf(box));
  }
  return [...paths].map(([kind, path]) => [kind, path.join('')]);
}

function boundsOf(items: readonly MapItem[]): Box | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { box } of items) {
    left = Math.min(left, box.x);
    top = Math.min(top, box.y);
    right = Math.max(right, box.x + box.width);
    bottom = Math.max(bottom, box.y + box.height);
  }
  return left < right ? { x: left, y: top, width: right - left, height: bottom - top } : null;
}

/** The part of the canvas that the map shows: all steps, and where one looks. `scale`: how much of the canvas a pixel of the map is. */
function frameOf(bounds: Box | null, view: Box): Box & { readonly scale: number } {
  const all = bounds ?? view;
  const left = Math.min(all.x, view.x);
  const top = Math.min(all.y, view.y);
  const across = Math.max(all.x + all.width, view.x + view.width) - left;
  const down = Math.max(all.y + all.height, view.y + view.height) - top;
  const scale = Math.max(across / (size.width - 2 * size.margin), down / (size.height - 2 * size.margin)) || 1;
  const [width, height] = [size.width * scale, size.height * scale];
  return { x: left - (width - across) / 2, y: top - (height - down) / 2, width, height, scale };
}
