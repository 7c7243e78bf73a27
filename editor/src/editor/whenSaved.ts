import type { Connection } from '../document/connection.js';

/** How long an edit may be on its way before one goes on without it, milliseconds. */
const PATIENCE_MS = 8_000;

/** Resolves once what was done here is on the server's disk, so that the server works on what one sees; at once offline, where that may be long. */
export const whenSaved = (connection: Pick<Connection, 'getStatus' | 'subscribe'>): Promise<void> =>
  new Promise((resolve) => {
    const isOver = (): boolean => {
      const { saved, state } = connection.getStatus();
      return saved || state !== 'connected';
    };
    if (isOver()) return resolve();
    const end = (): void => {
      stop();
      clearTimeout(timer);
      resolve();
    };
    const stop = connection.subscribe(() => isOver() && end());
    const timer = setTimeout(end, PATIENCE_MS);
  });
