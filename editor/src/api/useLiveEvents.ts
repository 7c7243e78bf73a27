import { useEffect, useEffectEvent, useState } from 'react';
import { client } from './api.js';
import { createLive } from './live.js';
import type { LiveEvent } from './types.js';

export const live = createLive({
  async address() {
    const token = await client.freshToken();
    if (!token) return null;
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    return `${scheme}://${location.host}/api/v1/realtime?token=${encodeURIComponent(token)}`;
  },
});

/** Calls back with what happens in the organization while the component is on the page. Reload what you show in `onGap`. */
export function useLiveEvents(onEvent: (event: LiveEvent) => void, onGap: () => void = () => {}): void {
  const event = useEffectEvent(onEvent);
  const gap = useEffectEvent(onGap);
  useEffect(
    () =>
      live.listen(
        (received) => event(received),
        () => gap(),
      ),
    [],
  );
}

/** Whether the socket is lost: false at first, true after a disconnection until it is back. */
export function useLiveLost(): boolean {
  const [lost, setLost] = useState(false);
  useEffect(() => live.onState((connected) => setLost(!connected)), []);
  return lost;
}
