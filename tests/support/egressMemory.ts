import { openEgress } from '#engine/egress/egress.js';
import { parseAllow } from '#engine/egress/allow.js';

/**
 * A process that only asks, so that its memory is that of asking: an ordinary answer first, then each of the addresses that it was given. Prints how
 * each ended and by how many bytes the most that it ever took grew over that.
 */
const [ordinary = '', ...urls] = process.argv.slice(2);
const egress = openEgress({ allow: parseAllow('127.0.0.1') });
for (let time = 0; time < 3; time++) await egress.request({ url: ordinary });
/** `ru_maxrss` is in KiB on Linux (getrusage(2)). */
const most = (): number => process.resourceUsage().maxRSS * 1024;
const before = most();
const ended: string[] = [];
for (const url of urls) {
  // What one left for the collector is not what the next one costs.
  globalThis.gc?.();
  ended.push(await egress.request({ url }).then(String, (error: { code?: string }) => error.code ?? 'unknown'));
}
console.log(JSON.stringify({ ended, grown: most() - before }));
