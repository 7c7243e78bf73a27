import { expect, it } from 'vitest';
import { addressKey } from './callerAddress.js';

it.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['::ffff:cb00:7109', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['::1', '0:0:0:0::/64'],
  ['not an address', 'not an address'],
  ['x'.repeat(1_000), 'x'.repeat(64)],
])('counts %s as %s', (ip, key) => {
  expect(addressKey(ip)).toBe(key);
});
