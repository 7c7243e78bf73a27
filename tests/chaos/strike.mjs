// Loaded before the platform, by the chaos suite alone (`--import`): arms the failpoints of this process as its parent says.
import { appendFileSync } from 'node:fs';
import { armFailpoints } from '../../dist/db/failpoint.js';

const armed = new Map();
const { CHAOS_LOG: log } = process.env;
process.on('message', ({ name, action }) => armed.set(name, action));
process.channel?.unref();

armFailpoints((name) => {
  const action = armed.get(name);
  if (action === undefined) return undefined;
  armed.delete(name);
  // Written before it strikes: the process may not live to tell.
  appendFileSync(log, `${JSON.stringify({ at: Date.now(), pid: process.pid, name, action })}\n`);
  if (action === 'kill') {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => {});
  }
  const broken = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  if (action === 'throw') return Promise.reject(broken);
  return new Promise((_, reject) => setTimeout(reject, 3_000, broken));
});

/** Scenario `blocked`: the event loop stands still for so long. */
process.on('message', ({ blockMs }) => {
  if (blockMs) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockMs);
});
