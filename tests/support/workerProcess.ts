import { connect } from '#db/connect.js';
import { openKeyring } from '#db/seal.js';
import { createWhatsAppClient } from '#engine/channels/whatsapp/client.js';
import { createModels } from '#engine/models/gateway.js';
import { createLocalBus } from '#engine/worker/bus.js';
import type { QueueSettings } from '#engine/worker/backend.js';
import { startWorker } from '#engine/worker/main.js';
import { Gate, testNodeTypes } from './worker.js';

/** A worker in a process of its own, for tests that kill it. Its gate is shut for ever: a run that reaches `test.gate` stays there. */
const { queue, graphUrl, masterKey, leaseMs } = JSON.parse(process.argv[2] ?? '{}') as {
  queue: QueueSettings;
  graphUrl: string;
  masterKey: string;
  leaseMs: number;
};
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
