import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

/** docs/api.md is run as it is written, in one shell, and prints what it says it prints. */
const guide = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
const steps = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
const promised = (code: string): string[] => [...code.matchAll(/^# (.+)$/gm)].map(([, text = '']) => text);
const MARK = 'the next step';

describe('the guide to the API', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await startTestPlatform({ RATE_LIMIT: '600' });
  });
  afterAll(() => platform.close());

  it('has steps that promise something', () => {
    expect(steps.length).toBeGreaterThan(8);
    expect(steps.flatMap(promised).length).toBeGreaterThan(10);
  });

  it('works step by step as it is written', async () => {
    const script = ['set -euo pipefail', ...steps].join(`\necho '${MARK}'\n`);
    const env = { ...process.env, API: `${platform.url}/api/v1`, EMAIL: `${randomUUID()}@example.com` };
    const { stdout } = await promisify(execFile)('bash', ['-c', script], { env, timeout: 100_000 });
    const printed = stdout.split(`${MARK}\n`).slice(1);
    expect(printed).toHaveLength(steps.length);
    for (const [at, code] of steps.entries())
      for (const text of promised(code)) expect(printed[at]?.toLowerCase(), `step ${at}`).toContain(text);
  }, 120_000);
});
