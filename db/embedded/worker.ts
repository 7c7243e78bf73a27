/** Entry of the worker thread that holds the embedded database; start.ts is on the other side. */
import { setFlagsFromString } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { openGateway, type GatewayOptions } from './gateway.js';

export type FromWorker = { ready: number } | { closed: true } | { died: string };

const parent = parentPort;
if (!parent) throw new Error('the embedded database runs in a worker thread');
const say = (words: FromWorker): void => parent.postMessage(words);

// Node 20 optimizes WebAssembly after 1,800,000 bytes of it were executed, so a start spends a second of processor time on functions that only a start
// calls. 13,000,000 is what V8 itself came to (Node 24: `node --v8-options`). Flags hold for modules compiled from here on.
if (Number.parseInt(process.versions.node) < 22) setFlagsFromString('--wasm-tiering-budget=13000000');

const gateway = await openGateway(workerData as GatewayOptions, (error) => say({ died: error.message }));
parent.on('message', (words: 'close') => {
  if (words !== 'close') return;
  gateway.close().then(
    () => say({ closed: true }),
    (error: unknown) => say({ died: error instanceof Error ? error.message : String(error) }),
  );
});
say({ ready: gateway.port });
