import { useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { useEffect, useEffectEvent, useRef } from 'react';
import { usePeers, useSessionOf, useUi } from '../editor/session.js';
import { useFit } from './DepartmentCanvas.js';
import type { Plan } from './layout.js';
import { noteBox } from './notePlace.js';
import { around } from './room.js';

/** In px of the screen, between a step and the edge that it was behind. */
const besideEdge = 24;

/** What other parts of the editor ask of the view: show these steps, fit, follow somebody. */
export function useViewCommands(plan: Plan): void {
  const flow = useReactFlow();
  const { ui, store } = useSessionOf();
  const size = useStoreApi();
  const reveal = useUi((state) => state.reveal);
  const following = useUi((state) => state.following);
  const peer = usePeers().find(({ clientId }) => clientId === following);
  const fit = useFit(plan.bounds);

  const showThese = useEffectEvent((ids: readonly string[], least: boolean) => {
    if (ids.length === 0) return void fit();
    const { notes = {} } = store.getSettings();
    const boxes = ids.flatMap((id) => plan.boxes.get(id) ?? (notes[id] ? [noteBox(notes[id])] : []));
    if (boxes.length === 0) return;
    const box = around(boxes);
    const duration = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 260;
    if (!least)
      return void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, {
        zoom: Math.max(flow.getZoom(), 0.7),
        duration,
      });
    const { x, y, zoom } = flow.getViewport();
    const { width: across, height: down } = size.getState();
    const by = {
      x: shiftInto(x + box.x * zoom, box.width * zoom, across),
      y: shiftInto(y + box.y * zoom, box.height * zoom, down),
    };
    if (by.x !== 0 || by.y !== 0) void flow.setViewport({ x: x + by.x, y: y + by.y, zoom }, { duration });
  });
  useEffect(() => {
    if (reveal) showThese(reveal.ids, reveal.least === true);
  }, [reveal]);

  // The inspector takes room from the canvas as soon as a step is selected: not over that step.
  const chosen = useUi((state) => (state.nodes.length === 1 ? state.nodes[0] : undefined));
  const width = useStore((state) => state.width);
  const before = useRef(width);
  const uncover = useEffectEvent(() => {
    const box = chosen === undefined ? undefined : plan.boxes.get(chosen);
    if (!box || ui.getState().dragging) return;
    const { x, y, zoom } = flow.getViewport();
    const [left, right] = [x + box.x * zoom, x + (box.x + box.width) * zoom];
    // It was there to be chosen, and is not any more.
    if (left > before.current || right <= width) return;
    void flow.setViewport({ x: x - Math.min(right - width + besideEdge, Math.max(0, left - besideEdge)), y, zoom });
  });
  useEffect(() => {
    if (width < before.current) uncover();
    before.current = width;
  }, [width]);

  const cursor = peer?.cursor;
  const level = peer?.level ?? null;
  const goWith = useEffectEvent(() => {
    if (!peer) return;
    if (ui.getState().level !== level) ui.setState({ level });
    if (cursor) void flow.setCenter(cursor.x, cursor.y, { zoom: flow.getZoom() });
  });
  useEffect(() => goWith(), [following, level, cursor]);
}

/** By how much something moves so that it is seen whole, with some room around; its beginning where it is longer than what is seen. */
export function shiftInto(from: number, length: number, room: number): number {
  const most = Math.max(besideEdge, room - besideEdge - length);
  return Math.min(Math.max(from, besideEdge), most) - from;
}
