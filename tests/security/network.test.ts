import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import ipaddr from 'ipaddr.js';
import { closedRanges, isPublic, parseAddress } from '#engine/egress/address.js';
import { closedTargets } from '#tests/support/egressTargets.js';
import { canMakeNetworks, joinHosts, type Network } from '#tests/support/netns/network.js';

/**
 * The second layer (scorecard 56): a process without any guard, on a host with `deploy/network/closed.routes`, before a host that owns every
 * address. Loopback is the worker's own host, where it listens at nothing; no network can close it.
 */
const routes = join(import.meta.dirname, '../../deploy/network/closed.routes');
const open = ['8.8.8.8', '93.184.215.14', '2606:4700::1111'];
/** Leads to an ordinary public host, unless somebody set up a tunnel of ISATAP: the guard refuses it, routes cannot tell it. */
const tunneled = (address: string): boolean => address.includes(':5efe:');
/** What the kernel itself connects to nowhere outside: this host, and groups. */
const neverOutside = (address: string): boolean =>
  /^(0\.|127\.|::ffff:7f|22[4-9]\.|23\d\.|255\.255|::1?$|fe80:|ff)/.test(address);

/** The addresses of every target, and the second of every closed range. */
function addresses(): string[] {
  const named = closedTargets(80).flatMap((target) => {
    const host = URL.canParse(target) ? new URL(target).hostname.replace(/^\[|\]$/g, '') : '';
    const parsed = parseAddress(host);
    return parsed && !isPublic(parsed) ? [parsed.toString()] : [];
  });
  const inRanges = closedRanges().map((range) => {
    const [network, bits] = ipaddr.parseCIDR(range);
    const bytes = network.toByteArray();
    const whole = network.kind() === 'ipv4' ? 32 : 128;
    if (bits < whole) bytes[bytes.length - 1] = 2;
    return ipaddr.fromByteArray(bytes).toString();
  });
  return [...new Set([...named, ...inRanges])].filter((address) => !neverOutside(address) && !tunneled(address));
}

describe.skipIf(!canMakeNetworks())('a worker without a guard, in a network that has one', () => {
  let network: Network;
  beforeAll(async () => {
    network = await joinHosts();
  });
  afterAll(() => network.remove());

  it('would reach every closed address, and reaches none once the routes are loaded', () => {
    const closed = addresses();
    expect(closed.length).toBeGreaterThan(40);
    expect(network.reachable([...closed, ...open])).toEqual([...closed, ...open]);
    network.close(routes);
    expect(network.reachable([...closed, ...open])).toEqual(open);
    console.log(
      `network: ${closed.length} closed addresses, 0 reached with the routes, ${open.length} public ones allowed`,
    );
  });
});
