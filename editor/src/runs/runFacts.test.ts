import { expect, it } from 'vitest';
import { askedIn, writerOf } from './runFacts.js';

it('a name or a message that turns writing around turns no words of ours', () => {
  const input = { text: '\u202egnirts\u202c \u2067oi', contact: { id: 'c', name: '\u202eمحمد\u200f' } };
  expect([askedIn({ input }), writerOf({ input })]).toEqual(['gnirts oi', 'محمد']);
  expect(writerOf({ input: { contact: { name: '\u202e' } } })).toBeNull();
});
