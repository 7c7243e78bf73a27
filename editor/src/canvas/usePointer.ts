import { useRef, type PointerEvent, type RefObject } from 'react';
import { useReactFlow } from '@xyflow/react';
import { useSessionOf } from '../editor/session.js';
import type { Point } from './routes.js';
import { betweenShows } from './useCanvasEdits.js';

/** Where the pointer is on the canvas: for the others to see, and for what opens there by key. */
export function usePointer(host: RefObject<HTMLElement | null>) {
  const { presence } = useSessionOf();
  const flow = useReactFlow();
  const last = useRef<Point | null>(null);
  const lastShown = useRef(0);
  return {
    onPointerMove(event: PointerEvent): void {
      last.current = { x: event.clientX, y: event.clientY };
      // About as often as a screen is drawn, divided by two: enough to look alive.
      if (event.timeStamp - lastShown.current < betweenShows) return;
      lastShown.current = event.timeStamp;
      presence.show({ cursor: flow.screenToFlowPosition(last.current) });
    },
    onPointerLeave(): void {
      last.current = null;
      presence.show({ cursor: null });
    },
    /** On the screen; a place that one sees when the pointer is elsewhere. */
    place(): Point {
      const box = host.current?.getBoundingClientRect();
      return (
        last.current ?? {
          x: (box?.left ?? 0) + (box?.width ?? 0) / 2,
          y: (box?.top ?? 0) + (box?.height ?? 0) / 3,
        }
      );
    },
  };
}
