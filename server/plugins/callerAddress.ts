import ipaddr from 'ipaddr.js';

/**
 * What requests of one address are counted under. Whoever has one IPv6 address has the other 2^64 of its subnet, too (RFC 6177), so
 * a /64 is one caller; an IPv4 address written as IPv6 is that IPv4 address.
 * @param ip `request.ip`: only proxies of TRUST_PROXY may say another one than the socket's
 */
export function addressKey(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip.slice(0, 64);
  const address = ipaddr.process(ip);
  if (!(address instanceof ipaddr.IPv6)) return address.toString();
  return `${address.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
