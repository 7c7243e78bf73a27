import { setImmediate as turn } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../../errors.js';
import { hashPassword, setHashCost, verifyPassword } from './passwords.js';

describe('a password', () => {
  beforeAll(() => setHashCost('full'));

  it('is kept as argon2id with more than OWASP asks, and never twice the same', async () => {
    const [one, other] = await Promise.all([hashPassword('pão quentinho'), hashPassword('pão quentinho')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=65536,t=5,p=1\$/);
    expect(other).not.toBe(one);
  });

  it('is right however a keyboard writes its accents, and wrong with any other letter', async () => {
    const stored = await hashPassword('p\u00e3o quentinho');
    expect(await verifyPassword(stored, 'pa\u0303o quentinho')).toBe(true);
    expect(await verifyPassword(stored, 'Pão quentinho')).toBe(false);
    expect(await verifyPassword(stored, 'pao quentinho')).toBe(false);
  });

  it('opens nothing where there is no account or no password', async () => {
    for (const stored of [null, 'none', '', '$2b$10$abcdefghijklmnopqrstuv'])
      expect(await verifyPassword(stored, 'nobody has this password')).toBe(false);
  });

  it('is hashed beside the event loop, which turns meanwhile', async () => {
    let turns = 0;
    let over = false;
    const hashed = hashPassword('pão quentinho').finally(() => (over = true));
    while (!over) {
      await turn();
      turns += 1;
    }
    await hashed;
    expect(turns).toBeGreaterThan(50);
  });

  it('waits its turn in a flood, and is refused with a time to come back when too many wait', async () => {
    const stored = await hashPassword('pão quentinho');
    const answers = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) => verifyPassword(stored, index % 2 ? 'pão quentinho' : 'errada')),
    );
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused).toHaveLength(38);
    for (const { reason } of refused) {
      expect(reason).toBeInstanceOf(ApiError);
      expect(reason).toMatchObject({ code: 'unavailable', retryAfterSeconds: 5 });
    }
    const taken = answers.flatMap((answer, index) =>
      answer.status === 'fulfilled' ? [[index % 2 === 1, answer.value]] : [],
    );
    for (const [expected, got] of taken) expect(got).toBe(expected);
    // And afterwards everybody is served again.
    expect(await verifyPassword(stored, 'pão quentinho')).toBe(true);
  });
});
