/** Entry of the worker thread that holds the embedded database; start.ts is on the other side. */
import { parentPort, workerData } from 'node:worker_threads';
import { openGateway, type GatewayOptions } from './gateway.js';
import { tierLater } from './tierLater.js';

export type FromWorker = { ready: number } | { closed: true } | { died: string };

const parent = parentPort;
if (!parent) throw new Error('the embedded database runs in a worker thread');
const say = (words: FromWorker): void => parent.postMessage(words);

tierLater();

/** Rejects with what kept the database from opening, which ends the thread unless somebody hears it. */
export const opened = open();

async function open(): Promise<void> {
  const gateway = await openGateway(workerData as GatewayOptions, (error) => say({ died: error.message }));
  parent?.on('message', (words: 'close') => {
    if (words !== 'close') return;
    gateway.close().then(
      () => say({ closed: true }),
      (error: unknown) => say({ died: error instanceof Error ? error.message : String(error) }),
    );
  });
  say({ ready: gateway.port });
}
