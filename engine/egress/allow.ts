import ipaddr from 'ipaddr.js';
import { isWithin, parseAddress, type Network } from './address.js';

/** What operators opened besides public addresses: a name or a network, at one port or at any that is usual. */
export type AllowEntry = { readonly port: number | null } & (
  { readonly host: string; readonly network: null } | { readonly host: null; readonly network: Network }
);

/** `10.0.0.0/8`, `10.1.2.3:8443`, `fd00::/8`, `[fd00::1]:8443`, `crm.internal`, `crm.internal:8080`. */
const form = /^(?:\[([^\]]+)\]|([^[\]:]+)|([0-9a-f:.]+(?:\/\d+)?))(?::(\d{1,5}))?$/i;

/** Reads EGRESS_ALLOW: entries apart by commas or spaces. Throws an `Error` that quotes the first one that cannot be understood. */
export function parseAllow(text: string): readonly AllowEntry[] {
  return text
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map((entry) => {
      const parsed = parseEntry(entry);
      if (!parsed) throw new Error(`"${entry}" is neither a host nor an address range, with or without a port`);
      return parsed;
    });
}

function parseEntry(entry: string): AllowEntry | null {
  // An IPv6 address without brackets is all colons and takes no port.
  const bare = networkOf(entry);
  if (bare) return { host: null, network: bare, port: null };
  const found = form.exec(entry);
  if (!found) return null;
  const [, bracketed, plain, , digits] = found;
  const port = digits === undefined ? null : Number(digits);
  if (port !== null && (port < 1 || port > 65_535)) return null;
  const network = networkOf(bracketed ?? plain ?? '');
  if (network) return { host: null, network, port };
  const host = bracketed ? null : hostOf(plain ?? '');
  return host === null ? null : { host, network: null, port };
}

function networkOf(text: string): Network | null {
  const [address = '', bits, ...rest] = text.split('/');
  const parsed = parseAddress(address);
  if (!parsed || rest.length > 0) return null;
  const most = parsed.kind() === 'ipv4' ? 32 : 128;
  if (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most)) return null;
  return ipaddr.parseCIDR(`${address}/${bits ?? most}`);
}

/** A name as a URL would have it. One that a URL reads as an address (`0x7f.1`) must be written as that address. */
function hostOf(text: string): string | null {
  if (!/^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.?$/u.test(text) || !URL.canParse(`http://${text}`)) return null;
  const host = new URL(`http://${text}`).hostname.replace(/\.$/, '');
  return host === '' || parseAddress(host) ? null : host;
}

/** Whether operators opened this port of the host, whatever it is otherwise. */
export const allowsPort = (
  allow: readonly AllowEntry[],
  host: string,
  addresses: readonly string[],
  port: number,
): boolean =>
  allow.some(
    (entry) =>
      entry.port === port &&
      (entry.network ? addresses.every((each) => holds(entry.network, each)) : entry.host === host),
  );

/** Whether operators opened this address of the host at the port. */
export const allowsAddress = (allow: readonly AllowEntry[], host: string, address: string, port: number): boolean =>
  allow.some(
    (entry) =>
      (entry.port === null || entry.port === port) &&
      (entry.network ? holds(entry.network, address) : entry.host === host),
  );

function holds(network: Network, address: string): boolean {
  const parsed = parseAddress(address);
  return parsed !== null && isWithin(parsed, [network]);
}
