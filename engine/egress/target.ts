import { lookup } from 'node:dns/promises';
import { detail } from '#nodes/sdk/details.js';
import { isPublic, parseAddress } from './address.js';
import { allowsAddress, allowsPort, type AllowEntry } from './allow.js';
import { failed, refused, type Stage } from './errors.js';

/** Every address of a name, as the system's resolver gives them. */
export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export const resolveBySystem: Resolve = (host) => lookup(host, { all: true });

/** A place that was checked, and the addresses to connect to: the name is not looked up again. */
export interface Target {
  readonly url: URL;
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly { readonly address: string; readonly family: 4 | 6 }[];
}

/** Well-known services above 1023 that speak no HTTP, or speak it to administrators: no department has business there. */
const closedPorts = new Set([
  ...[1080, 1099, 1433, 1434, 1521, 1723, 2049, 2181, 2375, 2376, 2379, 2380, 3260, 3306, 3389, 4369, 5060, 5061, 5432],
  ...[5433, 5671, 5672, 5900, 5984, 6000, 6379, 6380, 6432, 6443, 6666, 6667, 6697, 7000, 7001, 7199, 7474, 7687, 8086],
  ...[8500, 9042, 9092, 9160, 9200, 9300, 10250, 10255, 11211, 15672, 16379, 26257, 26379, 27017, 27018, 27019, 28015],
  ...[28017, 33060, 50000, 61616],
]);

const isUsualPort = (port: number): boolean => port === 80 || port === 443 || (port >= 1024 && !closedPorts.has(port));

const longestUrl = 8_192;

/**
 * Reads an address as written. Browsers repair much (`http:\\host`, tabs inside, `user@`); what needs repair is refused here, so that no
 * two readers ever disagree about the host. Throws `egress_refused`.
 */
export function parseTarget(written: string, stage: Stage): URL {
  if (written.length > longestUrl) throw refused(stage, detail('address.long', { limit: longestUrl }));
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  if (/[\u0000-\u0020\u007f\\]/.test(written)) throw refused(stage, detail('address.blanks'));
  const authority = /^https?:\/\/([^/?#]+)/i.exec(written)?.[1];
  if (authority === undefined) throw refused(stage, detail('address.no_host'));
  if (authority.includes('@')) throw refused(stage, detail('address.password'));
  if (authority.includes('%')) throw refused(stage, detail('address.percent'));
  if (!URL.canParse(written)) throw refused(stage, detail('address.none'));
  const url = new URL(written);
  if (url.hostname === '' || url.hostname.includes('..') || url.port === '0')
    throw refused(stage, detail('address.none'));
  url.hash = '';
  return url;
}

/** Looks the host up, once, and checks every address of it: one that is not public closes the name. Throws `egress_refused` or `egress_failed`. */
export async function findTarget(
  url: URL,
  allow: readonly AllowEntry[],
  resolve: Resolve,
  stage: Stage,
): Promise<Target> {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const literal = parseAddress(host);
  const named = allow.some((entry) => entry.port === port);
  // Unusual ports are refused before a name is looked up, unless it might be one that operators opened.
  if (!isUsualPort(port) && !named) throw refused(stage, detail('address.port'));
  const found = literal ? [{ address: host }] : await lookUp(host, resolve, stage);
  const addresses = found.map(({ address }) => {
    const parsed = parseAddress(address);
    if (!parsed || !(isPublic(parsed) || allowsAddress(allow, host, address, port)))
      throw refused(stage, detail('address.private'));
    return { address, family: parsed.kind() === 'ipv4' ? 4 : 6 } as const;
  });
  const written = addresses.map(({ address }) => address);
  if (!isUsualPort(port) && !allowsPort(allow, host, written, port)) throw refused(stage, detail('address.port'));
  return { url, host, port, addresses };
}

async function lookUp(host: string, resolve: Resolve, stage: Stage): Promise<readonly { address: string }[]> {
  try {
    const found = await resolve(host);
    if (found.length > 0) return found;
  } catch {
    // The resolver's own words may tell of the network inside.
  }
  throw failed(stage, detail('egress.no_such_host'));
}
