import type { LiveEvent } from './types.js';

export interface LiveSettings {
  /** The address with a fresh token; `null` when signed out, and then nothing is opened. */
  readonly address: () => Promise<string | null>;
  readonly open?: (address: string) => WebSocket;
  /** Milliseconds before the given try, the first being 0. */
  readonly backoff?: (tries: number) => number;
}

/** Half a second, doubled up to 30 s, with jitter so that a restart of the server is not answered by everyone at once. */
export const defaultBackoff = (tries: number): number => Math.min(30_000, 500 * 2 ** tries) * (0.5 + Math.random() / 2);

export interface Live {
  /** Returns how to stop. `onGap` runs once the connection stands, the first time too: what was read before it did may lack what happened since, so reload. */
  listen(listener: (event: LiveEvent) => void, onGap?: () => void): () => void;
  onState(listener: (connected: boolean) => void): () => void;
  close(): void;
}

/** One socket for the whole app, opened while anybody listens. */
export function createLive(settings: LiveSettings): Live {
  const { address, open = (url) => new WebSocket(url), backoff = defaultBackoff } = settings;
  const listeners = new Set<{ event: (event: LiveEvent) => void; gap: () => void }>();
  const states = new Set<(connected: boolean) => void>();
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let tries = 0;
  let connecting = false;

  async function connect(): Promise<void> {
    if (connecting || socket || listeners.size === 0) return;
    connecting = true;
    const url = await address().catch(() => undefined);
    connecting = false;
    if (listeners.size === 0 || url === null) return;
    if (url === undefined) return again();
    const opened = open(url);
    socket = opened;
    opened.onmessage = (message) => receive(String(message.data));
    opened.onclose = () => {
      if (socket !== opened) return;
      socket = null;
      tell(false);
      again();
    };
  }

  function again(): void {
    if (listeners.size === 0) return;
    timer = setTimeout(() => void connect(), backoff(tries++));
  }

  function receive(text: string): void {
    const event = JSON.parse(text) as LiveEvent | { type: 'ready' } | { type: 'gap' };
    if (event.type !== 'ready' && event.type !== 'gap') {
      for (const listener of listeners) listener.event(event);
      return;
    }
    if (event.type === 'ready') {
      tries = 0;
      tell(true);
    }
    // Of a connection that stands the server may have left events out: it could not keep up.
    for (const listener of listeners) listener.gap();
  }

  const tell = (connected: boolean): void => states.forEach((listener) => listener(connected));

  function close(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    tries = 0;
    const open = socket;
    socket = null;
    open?.close();
  }

  return {
    listen(event, gap = () => {}) {
      const listener = { event, gap };
      listeners.add(listener);
      void connect();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) close();
      };
    },
    onState(listener) {
      states.add(listener);
      return () => states.delete(listener);
    },
    close,
  };
}
