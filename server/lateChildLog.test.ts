import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { LateChildLog } from './lateChildLog.js';

describe('the log of a request', () => {
  it('is made when something is said, and says whose each line is', () => {
    const lines: Record<string, unknown>[] = [];
    let made = 0;
    const options = {
      level: 'trace',
      redact: { paths: ['token'], censor: '[secret]' },
      onChild: () => void (made += 1),
    };
    const log = new LateChildLog(
      pino(options, { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) }),
      { reqId: 'a request', token: 'of somebody' },
    );
    expect(made).toBe(0);

    const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
    for (const level of levels) log[level]({ token: level }, `said at ${level}`);
    log.child({ part: 'of it' }).info({}, 'said by a part');
    expect(lines).toMatchObject([
      ...levels.map((level) => ({ reqId: 'a request', token: '[secret]', msg: `said at ${level}` })),
      { reqId: 'a request', part: 'of it', msg: 'said by a part' },
    ]);
    expect(JSON.stringify(lines)).not.toContain('of somebody');
    // Its own and that of the part.
    expect(made).toBe(2);

    expect(log.level).toBe('trace');
    log.level = 'error';
    log.warn({}, 'not said');
    expect(lines).toHaveLength(levels.length + 1);
  });
});
