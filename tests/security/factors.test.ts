import { generateSync } from 'otplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '#server/api/auth/schemas.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { password } from '#tests/support/people.js';

/** Somebody has the password of a person with an authenticator app, and 500 addresses to guess its codes from. */
const TRIES = 10_000;
const ADDRESSES = 500;
const CHALLENGES = 20;
const AT_ONCE = 50;

let server: TestApp;
beforeAll(async () => {
  server = await buildTestApp({ trustProxy: '127.0.0.1' });
});
afterAll(() => server.close());

const from = (address: number, path: string, body: unknown, as?: Session) =>
  server.call('POST', path, {
    body,
    headers: { 'x-forwarded-for': `203.0.${address >> 8}.${address & 255}` },
    ...(as && { as }),
  });

describe('guessing at the codes of an authenticator app', () => {
  it(
    `${TRIES} times from ${ADDRESSES} addresses looks at ten codes, and opens nothing`,
    { timeout: 300_000 },
    async () => {
      const session = await server.register();
      const totp = await from(0, '/account/totp', { password }, session);
      const code = generateSync({ secret: totp.body.secret });
      expect((await from(0, '/account/totp/confirm', { code }, session)).status).toBe(200);
      const challenges: string[] = [];
      for (let i = 0; i < CHALLENGES; i++) {
        const { body } = await from(i, '/auth/login', { email: session.user.email, password });
        challenges.push(body.challenge);
      }
      const counted = new Map<string, number>();
      for (let begin = 0; begin < TRIES; begin += AT_ONCE) {
        const answers = await Promise.all(
          Array.from({ length: AT_ONCE }, (_, index) => {
            const guess = begin + index;
            return from(guess % ADDRESSES, '/auth/login/totp', {
              challenge: challenges[guess % CHALLENGES],
              code: String((guess * 7_919) % 1_000_000).padStart(6, '0'),
            });
          }),
        );
        for (const { status, body } of answers) {
          const outcome = status === 200 ? 'entered' : body.error.code;
          counted.set(outcome, (counted.get(outcome) ?? 0) + 1);
        }
      }
      console.log(`second factor: ${TRIES} guesses`, Object.fromEntries(counted));
      expect(counted.get('entered')).toBeUndefined();
      expect(counted.get('wrong_code')).toBe(10);
      expect([...counted.values()].reduce((sum, each) => sum + each, 0)).toBe(TRIES);
    },
  );
});
