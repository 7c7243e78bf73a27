import { useReactFlow } from '@xyflow/react';
import { useEffect, useEffectEvent } from 'react';
import { usePeers, useSessionOf, useUi } from '../editor/session.js';
import { useFit } from './DepartmentCanvas.js';
import type { Plan } from './layout.js';

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

  const cursor = peer?.cursor;
  const level = peer?.level ?? null;
  const goWith = useEffectEvent(() => {
    if (!peer) return;
    if (ui.getState().level !== level) ui.setState({ level });
    if (cursor) void flow.setCenter(cursor.x, cursor.y, { zoom: flow.getZoom() });
  });
  useEffect(() => goWith(), [following, level, cursor]);
}
