import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { contract, hasContracts } from '#tests/support/contracts.js';
import { isSignedByMeta } from './signature.js';

const secret = 'a secret';
const body = Buffer.from('{"text":"pão de queijo 🧀"}');
const header = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

describe('isSignedByMeta', () => {
  it('accepts the very bytes that were signed, accents and emoji included', () => {
    expect(isSignedByMeta(body, header, secret)).toBe(true);
  });

  it.each([
    ['missing', undefined, body],
    ['empty', '', body],
    ['of another secret', `sha256=${createHmac('sha256', 'other').update(body).digest('hex')}`, body],
    ['SHA-1', `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`, body],
    ['cut short', header.slice(0, -2), body],
    ['of the same JSON written again', header, Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 1))],
    ['with one bit changed', header, Buffer.from(body.map((byte, i) => (i === 3 ? byte ^ 1 : byte)))],
  ])('refuses a signature %s', (_, given, bytes) => {
    expect(isSignedByMeta(bytes, given, secret)).toBe(false);
  });

  it('refuses everything while no secret is set', () => {
    expect(isSignedByMeta(body, `sha256=${createHmac('sha256', '').update(body).digest('hex')}`, '')).toBe(false);
  });

  it.skipIf(!hasContracts)('agrees with deliveries that Meta itself signed', () => {
    const { whatsapp } = contract('test-vectors.json') as {
      whatsapp: { secret: string; raw_body: string; header: string; valid: boolean }[];
    };
    expect(whatsapp.length).toBeGreaterThan(0);
    for (const vector of whatsapp)
      expect(isSignedByMeta(Buffer.from(vector.raw_body), vector.header, vector.secret)).toBe(vector.valid);
  });
});
