import { useReactFlow, useStore } from '@xyflow/react';
import { useEffect, useEffectEvent, useRef } from 'react';
import { usePeers, useSessionOf, useUi } from '../editor/session.js';
import { useFit } from './DepartmentCanvas.js';
import type { Plan } from './layout.js';

/** In px of the screen, between a step and the edge that it was behind. */
const besideEdge = 24;

/** What other parts of the editor ask of the view: show these steps, fit, follow somebody. */
export function useViewCommands(plan: Plan): void {
  const flow = useReactFlow();
  const { ui } = useSessionOf();
  const reveal = useUi((state) => state.reveal);
  const following = useUi((state) => state.following);
  const peer = usePeers().find(({ clientId }) => clientId === following);
  const fit = useFit(plan.bounds);

  const showSteps = useEffectEvent((ids: readonly string[]) => {
    if (ids.length === 0) return void fit();
    const boxes = ids.flatMap((id) => plan.boxes.get(id) ?? []);
    const [first] = boxes;
    if (!first) return;
    const x = (Math.min(...boxes.map((box) => box.x)) + Math.max(...boxes.map((box) => box.x + box.width))) / 2;
    const y = (Math.min(...boxes.map((box) => box.y)) + Math.max(...boxes.map((box) => box.y + box.height))) / 2;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    void flow.setCenter(x, y, { zoom: Math.max(flow.getZoom(), 0.7), duration: calm ? 0 : 260 });
  });
  useEffect(() => {
    if (reveal) showSteps(reveal.ids);
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
