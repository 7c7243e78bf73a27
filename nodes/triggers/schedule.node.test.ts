import { describe, expect, it } from 'vitest';
import { aNodeContext } from '#tests/support/nodeContext.js';
import { scheduleTrigger } from './schedule.node.js';

describe('trigger.schedule', () => {
  it('tells the moment the schedule meant, not the moment it ran', async () => {
    const context = aNodeContext().at('2026-11-22T11:00:07.000Z').trigger({ at: '2026-11-22T11:00:00.000Z' });
    expect((await context.run(scheduleTrigger)).value).toEqual({ at: '2026-11-22T11:00:00.000Z' });
  });

  it('takes the clock when it was started by hand', async () => {
    const context = aNodeContext().at('2026-11-22T11:00:07.000Z');
    expect((await context.run(scheduleTrigger)).value).toEqual({ at: '2026-11-22T11:00:07.000Z' });
  });

  it.each(['0 8 * * 1-5', '*/15 * * * *', '0 9 L * *', '30 7 1,15 JAN-MAR MON#1'])('takes the line %s', (cron) => {
    expect(scheduleTrigger.config.safeParse({ cron }).success).toBe(true);
  });

  it.each(['', 'every day', '0 8 * *', '0 8 * * 1-5; rm', '* * * * * *'])('refuses the line %j', (cron) => {
    expect(scheduleTrigger.config.safeParse({ cron }).success).toBe(false);
  });
});
