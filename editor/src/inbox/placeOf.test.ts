import { expect, it } from 'vitest';
import { placeOf } from './placeOf.js';

const map = (query: string): string => `https://www.google.com/maps/search/?api=1&query=${query}`;

it.each([
  ['-8.05, -34.9', '', '-8.05%2C+-34.9'],
  ['-8.0476, 134', '', '-8.0476%2C+134'],
  ['Padaria da Lúcia, Rua do Sol 12\n-8.05, -34.9', 'Padaria da Lúcia, Rua do Sol 12', '-8.05%2C+-34.9'],
  ['Casa\n-8.05, -34.9\n-8.06, -34.8', 'Casa', '-8.05%2C+-34.9'],
  ['Rua do Sol 12, 3', 'Rua do Sol 12, 3', 'Rua+do+Sol+12%2C+3'],
  ['javascript:alert(1)&x=', 'javascript:alert(1)&x=', 'javascript%3Aalert%281%29%26x%3D'],
])('%j is called %j and is at %s', (text, name, query) =>
  expect(placeOf({ kind: 'location', text, changed: null })).toEqual({ name, map: map(query) }),
);

it.each([
  { kind: 'text', text: '-8.05, -34.9', changed: null },
  { kind: 'location', text: '', changed: null },
  { kind: 'location', text: '', changed: 'deleted' },
] as const)('%j tells of no place', (message) => expect(placeOf(message)).toBeNull());
