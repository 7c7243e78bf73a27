import type { WebSocket } from 'ws';

/** A browser that has not read this much is too slow: what comes next is dropped until it has caught up. */
const TOO_FULL = 1_000_000;
const CAUGHT_UP = 100_000;

/** Sends to one browser as fast as it reads. What is dropped is announced once with `{ type: 'gap' }`: the browser then reloads. */
export function createOutbox(socket: Pick<WebSocket, 'send' | 'bufferedAmount' | 'readyState' | 'OPEN'>) {
  let gap = false;

  const write = (event: object): void => {
    socket.send(JSON.stringify(event), catchUp);
  };
  const catchUp = (): void => {
    if (!gap || socket.readyState !== socket.OPEN || socket.bufferedAmount > CAUGHT_UP) return;
    gap = false;
    write({ type: 'gap' });
  };

  return {
    send(event: object): void {
      if (socket.readyState !== socket.OPEN) return;
      if (gap || socket.bufferedAmount > TOO_FULL) {
        gap = true;
        catchUp();
      } else {
        write(event);
      }
    },
  };
}
