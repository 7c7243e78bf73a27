import { existsSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { connect } from '#db/connect.js';
import { armFailpoints, type Failpoint } from '#db/failpoint.js';
import { openKeyring } from '#db/seal.js';
import { createWhatsAppClient } from '#engine/channels/whatsapp/client.js';
import { createModels } from '#engine/models/gateway.js';
import { createLocalBus } from '#engine/worker/bus.js';
import type { QueueSettings } from '#engine/worker/backend.js';
import { startWorker } from '#engine/worker/main.js';
import { Gate, testNodeTypes } from './testNodes.js';

/**
 * A worker in a process of its own, for tests that kill it. Its gate is shut for ever: a run that reaches `test.gate` stays there. With `hold` it
 * says `held` at the first pass of that place and stands there until the file is there, its event loop going on or not. Its clock
 * may be `minutesOff`.
 */
const { queue, graphUrl, masterKey, leaseMs, hold, minutesOff } = JSON.parse(process.argv[2] ?? '{}') as {
  queue: QueueSettings;
  graphUrl: string;
  masterKey: string;
  leaseMs: number;
  minutesOff: number;
  hold?: { at: Failpoint; until: string; how: 'waiting' | 'blocked' };
};
if (minutesOff !== 0) {
  const Right = Date;
  const now = (): number => Right.now() + minutesOff * 60_000;
  globalThis.Date = new Proxy(Right, {
    construct: (_, given: [number]) => new Right(...(given.length > 0 ? given : ([now()] as const))),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}
if (hold) {
  let held = false;
  armFailpoints((name) => {
    if (name !== hold.at || held) return undefined;
    held = true;
    console.log('held');
    if (hold.how === 'blocked')
      while (!existsSync(hold.until)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    return (async () => {
      while (!existsSync(hold.until)) await after(50);
    })();
  });
}
const gate = new Gate();
gate.shut();
await startWorker({
  database: connect(queue.databaseUrl),
  queue,
  bus: createLocalBus(),
  models: createModels({}),
  keyring: openKeyring(Buffer.from(masterKey, 'base64')),
  whatsapp: createWhatsAppClient({ graphUrl }),
  nodeTypes: testNodeTypes(gate),
  log: console,
  settings: { leaseMs, sweepMs: 200 },
});
console.log('ready');
