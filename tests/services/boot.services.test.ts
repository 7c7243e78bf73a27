import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { lineTo } from '#tests/support/outage.js';
import { notBuilt, startProcess } from '#tests/support/processes.js';

const settings = (): Record<string, string> => ({
  ROLE: 'worker',
  DATABASE_URL: process.env['DATABASE_URL'] ?? '',
  REDIS_URL: process.env['REDIS_URL'] ?? '',
  MASTER_KEY: randomBytes(32).toString('base64'),
});

/** How the start ends that was given these instead of the right settings, and what it says. */
async function refusal(wrong: Record<string, string>): Promise<{ code: number | null; lines: string[] }> {
  const child = startProcess({ ...settings(), ...wrong });
  const { code } = await child.ended;
  return { code, lines: child.said().trimEnd().split('\n') };
}
const withPassword = (url: string, password: string): string => Object.assign(new URL(url), { password }).href;
const withPath = (url: string, pathname: string): string => Object.assign(new URL(url), { pathname }).href;

describe.skipIf(notBuilt)(
  'a start that cannot succeed says so in one line that names the setting',
  { timeout: 240_000 },
  () => {
    it('a Redis that may evict jobs', async () => {
      const line = await lineTo(settings()['REDIS_URL'] ?? '', (said) =>
        said.replace('maxmemory_policy:noeviction', 'maxmemory_policy:allkeysLRU'),
      );
      const { code, lines } = await refusal({ REDIS_URL: line.url });
      await line.close();
      expect({ code, lines }).toEqual({
        code: 1,
        lines: [expect.stringMatching(/^REDIS_URL: .*set it to noeviction$/)],
      });
    });

    it.each<[string, string, () => Record<string, string>]>([
      ['no MASTER_KEY', 'MASTER_KEY', () => ({ MASTER_KEY: '' })],
      ['half a MASTER_KEY', 'MASTER_KEY', () => ({ MASTER_KEY: randomBytes(16).toString('base64') })],
      ['a worker without Redis', 'REDIS_URL', () => ({ REDIS_URL: '' })],
      ['nobody at DATABASE_URL', 'DATABASE_URL', () => ({ DATABASE_URL: 'postgres://postgres:secret@127.0.0.1:9/x' })],
      ['nobody at REDIS_URL', 'REDIS_URL', () => ({ REDIS_URL: 'redis://127.0.0.1:9' })],
      [
        'a wrong password',
        'DATABASE_URL',
        () => ({ DATABASE_URL: withPassword(settings()['DATABASE_URL'] ?? '', 'secret') }),
      ],
      [
        'a database that does not exist',
        'DATABASE_URL',
        () => ({ DATABASE_URL: withPath(settings()['DATABASE_URL'] ?? '', '/nothing') }),
      ],
      ['no PostgreSQL but Redis', 'DATABASE_URL', () => ({ DATABASE_URL: '', ROLE: 'all' })],
    ])('%s', async (_, name, wrong) => {
      const { code, lines } = await refusal(wrong());
      expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringMatching(new RegExp(`^${name}: `))] });
      expect(lines.join()).not.toContain('secret');
    });
  },
);
