// Loaded before the platform, by the chaos suite alone (`--import`): arms the failpoints of this process as its parent says.
import { appendFileSync } from 'node:fs';
import { armFailpoints } from '../../dist/start/failpoint.js';

const armed = new Map();
let odds = 0;
const { CHAOS_LOG: log, CHAOS_ARM: first } = process.env;
if (first) armed.set(first, 'kill');
process.on('message', ({ name, action, odds: given, blockMs }) => {
  if (name) armed.set(name, action);
  if (given !== undefined) odds = given;
  // The event loop stands still for so long.
  if (blockMs) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockMs);
});
process.channel?.unref();

/** What a store says when it errs: a connection that broke, two that met, one that does not answer. */
const faults = [
  () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
  () => Object.assign(new Error('could not serialize access due to concurrent update'), { code: '40001' }),
  () => new Error('Query read timeout'),
];

armFailpoints((name) => {
  const action = armed.get(name) ?? (Math.random() < odds ? 'err' : undefined);
  if (action === undefined) return undefined;
  armed.delete(name);
  // Written before it strikes: the process may not live to tell.
  appendFileSync(log, `${JSON.stringify({ at: Date.now(), pid: process.pid, name, action })}\n`);
  if (action === 'kill') {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => {});
  }
  const [broken, , unanswered] = faults;
  if (action === 'throw') return Promise.reject(broken());
  if (action === 'err') return Promise.reject(faults[Math.floor(Math.random() * faults.length)]());
  // A statement that is never answered ends by its own time; whoever calls the outside loses the connection.
  const late = name.startsWith('outbound.') ? broken : unanswered;
  return new Promise((_, reject) => setTimeout(reject, 3_000, late()));
});
