import ipaddr from 'ipaddr.js';

/** An IPv4 or IPv6 network, or one address as a network of itself. */
export type Network = ReturnType<typeof ipaddr.parseCIDR>;
type Address = ReturnType<typeof ipaddr.parse>;

/** Everything of IPv4 that is not somebody's public host: IANA's special-purpose registry (RFC 6890 and its updates), and what clouds keep for themselves. */
const closedV4 = networks(
  '0.0.0.0/8', // this network
  '10.0.0.0/8',
  '100.64.0.0/10', // carrier-grade NAT, and Alibaba's metadata (100.100.100.200)
  '127.0.0.0/8',
  '168.63.129.16/32', // Azure's WireServer, in the middle of public space
  '169.254.0.0/16', // link-local: metadata of AWS, GCP, Azure, ECS, EKS
  '172.16.0.0/12',
  '192.0.0.0/24', // protocol assignments, and Oracle's metadata (192.0.0.192)
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
);

/** Global unicast: nothing of IPv6 outside it is public. It leaves out mapped, compatible, translated (64:ff9b), local and multicast addresses at once. */
const globalV6 = networks('2000::/3');

/** What is special inside global unicast (IANA's IPv6 special-purpose registry). */
const closedV6 = networks(
  '2001::/23', // protocol assignments: Teredo, ORCHID, benchmarking
  '2001:db8::/32',
  '2002::/16', // 6to4 carries an IPv4 address
  '2620:4f:8000::/48',
  '3fff::/20',
);

function networks(...written: string[]): readonly Network[] {
  return written.map((each) => ipaddr.parseCIDR(each));
}

/** Every range that is closed, as CIDR: what the network around a worker should refuse as well. */
export const closedRanges = (): readonly string[] => [
  ...closedV4.map(written),
  // All that is not global unicast.
  ...['::/3', '4000::/2', '8000::/1'],
  ...closedV6.map(written),
];

const written = ([network, bits]: Network): string => `${network.toString()}/${bits}`;

/** Whether one of the networks holds the address. Families are never mixed: `::ffff:10.0.0.1` is not in `10.0.0.0/8`. */
export const isWithin = (address: Address, among: readonly Network[]): boolean =>
  among.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));

/** Whether an address, as a resolver or a URL gives it, is an ordinary public host's. */
export function isPublic(address: Address): boolean {
  if (address.kind() === 'ipv4') return !isWithin(address, closedV4);
  // An interface id of ISATAP (RFC 5214) carries an IPv4 address inside an ordinary prefix.
  const parts = (address as ipaddr.IPv6).parts;
  const isatap = ((parts[4] ?? 0) & 0xfdff) === 0 && parts[5] === 0x5efe;
  return isWithin(address, globalV6) && !isWithin(address, closedV6) && !isatap;
}

/** Strict: four decimal numbers, or IPv6 without a zone. `null` for anything else. */
export function parseAddress(text: string): Address | null {
  if (text.includes('%')) return null;
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : null;
}
