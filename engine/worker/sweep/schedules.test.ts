import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { nextTime } from '#engine/graph/nextTime.js';
import { sketch } from '#tests/support/engine/graph.js';
import { World } from '#tests/support/engine/world.js';
import { priorityOf } from '../catalog.js';
import { fireSchedules } from './schedules.js';

/** The next times of a line, in UTC. */
function times(cron: string, timezone: string, from: string, count: number): string[] {
  const found: string[] = [];
  for (let at = new Date(from); found.length < count;) {
    const next = nextTime(cron, timezone, at);
    if (!next) break;
    found.push(next.toISOString().slice(0, 16));
    at = next;
  }
  return found;
}

describe('the times of a cron line', () => {
  it.each([
    [
      'in the hour that is left out in spring, once, at the end of the gap',
      '30 2 * * *',
      'America/New_York',
      '2026-03-07T08:00Z',
      ['2026-03-08T07:00', '2026-03-09T06:30'],
    ],
    [
      'in the hour that comes twice in autumn, once',
      '30 1 * * *',
      'America/New_York',
      '2026-10-31T06:00Z',
      ['2026-11-01T05:30', '2026-11-02T06:30'],
    ],
    [
      'of every hour, in each that really passes',
      '0 * * * *',
      'America/New_York',
      '2026-11-01T04:30Z',
      ['2026-11-01T05:00', '2026-11-01T06:00', '2026-11-01T07:00'],
    ],
    [
      'of every hour, when one is left out',
      '0 * * * *',
      'America/New_York',
      '2026-03-08T05:30Z',
      ['2026-03-08T06:00', '2026-03-08T07:00', '2026-03-08T08:00'],
    ],
    [
      'at a midnight that São Paulo never had',
      '0 0 * * *',
      'America/Sao_Paulo',
      '2018-11-03T04:00Z',
      ['2018-11-04T03:00', '2018-11-05T02:00'],
    ],
    [
      'at half past eleven, which São Paulo had twice',
      '30 23 * * *',
      'America/Sao_Paulo',
      '2019-02-16T02:00Z',
      ['2019-02-17T01:30', '2019-02-18T02:30'],
    ],
    [
      'on the 31st, in months that have one',
      '0 12 31 * *',
      'UTC',
      '2026-02-01T00:00Z',
      ['2026-03-31T12:00', '2026-05-31T12:00'],
    ],
    [
      'on the last day of each month',
      '0 8 L * *',
      'America/Recife',
      '2026-01-30T00:00Z',
      ['2026-01-31T11:00', '2026-02-28T11:00'],
    ],
    [
      'twice a day, one of them in the hour that comes twice',
      '30 1,13 * * *',
      'America/New_York',
      '2026-10-31T18:00Z',
      ['2026-11-01T05:30', '2026-11-01T18:30', '2026-11-02T06:30'],
    ],
    [
      'twice a day, one of them in the hour that is left out',
      '30 2,14 * * *',
      'America/New_York',
      '2026-03-07T20:00Z',
      ['2026-03-08T07:00', '2026-03-08T18:30'],
    ],
    [
      'several in the hour that is left out, all at the end of the gap',
      '15,45 2 * * *',
      'America/St_Johns',
      '2026-03-07T20:00Z',
      ['2026-03-08T05:30', '2026-03-09T04:45'],
    ],
    [
      'several in the hour that comes twice, each once, asked in the midst of it',
      '0,30 1 * * *',
      'Europe/Lisbon',
      '2026-10-25T00:20Z',
      ['2026-10-25T00:30', '2026-10-26T01:00'],
    ],
    [
      'in the half hour that Lord Howe leaves out',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T00:00Z',
      ['2026-10-03T15:30', '2026-10-04T15:15'],
    ],
    [
      'in the half hour that Lord Howe has twice',
      '45 1,2 * * *',
      'Australia/Lord_Howe',
      '2026-04-04T12:00Z',
      ['2026-04-04T14:45', '2026-04-04T16:15', '2026-04-05T15:15'],
    ],
    [
      'where the clock is three quarters of an hour off',
      '0 6-8 * * 1-5',
      'Asia/Kathmandu',
      '2026-01-01T00:00Z',
      ['2026-01-01T00:15', '2026-01-01T01:15', '2026-01-01T02:15', '2026-01-02T00:15'],
    ],
    ['on a leap day', '0 0 29 2 *', 'UTC', '2026-01-01T00:00Z', ['2028-02-29T00:00', '2032-02-29T00:00']],
  ])('%s', (_, cron, timezone, from, expected) => {
    expect(times(cron, timezone, from, expected.length)).toEqual(expected);
  });

  it('are none of what is no line or no zone', () => {
    expect(nextTime('every day', 'UTC', new Date())).toBeNull();
    expect(nextTime('0 8 * * *', 'America/Recífe', new Date())).toBeNull();
  });
});

describe('many schedules and several workers', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open();
    await world.start(sketch(['start:start'], ''));
    await world.rows('delete from platform.runs');
    await world.rows(`update platform.departments set status = 'active', published_version = 1`);
  });
  afterAll(() => world.close());
  afterEach(async () => {
    vi.useRealTimers();
    await world.rows('delete from platform.schedules');
    await world.rows('delete from platform.runs');
  });

  const schedule = (crons: readonly string[], timezone: string, from: Date, catchUp = true) =>
    world.rows(
      `insert into platform.schedules (id, organization_id, department_id, node_id, cron, timezone, next_at, catch_up)
       select n.id, $2, $3, n.node, n.cron, $4, n.at, $7 from unnest($1::uuid[], $5::text[], $6::timestamptz[], $8::text[]) n(id, cron, at, node)`,
      [
        crons.map(() => uuidv7()),
        world.organizationId,
        world.departmentId,
        timezone,
        crons,
        crons.map((cron) => nextTime(cron, timezone, from)),
        catchUp,
        crons.map((_, index) => `${timezone} ${index}`),
      ],
    );
  const fired = () =>
    world.rows<{ node: string; at: string; times: number }>(
      `select trigger_node as node, input ->> 'at' as at, count(*)::int as times from platform.runs group by 1, 2`,
    );

  it('fire each hour exactly once, whatever the clocks of the workers say: 10,000 triggers, none twice, none missed', async () => {
    // Ten minutes apart around the night in which New York turns its clocks back: 24 hours and an hour that comes twice.
    const from = new Date('2026-11-01T00:00:00Z');
    const crons = Array.from({ length: 100 }, (_, index) => `${index % 60} * * * *`);
    for (const timezone of ['America/New_York', 'America/Sao_Paulo', 'America/Recife', 'Europe/Lisbon'])
      await schedule(crons, timezone, from);
    const hours = 25;
    for (let hour = 1; hour <= hours; hour += 1) {
      const at = new Date(from.getTime() + hour * 3_600_000);
      await Promise.all(
        [-600_000, 0, 600_000, 17].map((skew) => {
          vi.useFakeTimers({ toFake: ['Date'], now: at.getTime() + skew });
          return fireSchedules(world.database.db.engine, at);
        }),
      );
    }
    const runs = await fired();
    expect(runs.filter(({ times: count }) => count !== 1)).toEqual([]);
    expect(runs).toHaveLength(4 * 100 * hours);
    const odd = runs.filter(
      ({ at }) => !(new Date(at) > from && new Date(at).getTime() <= from.getTime() + hours * 3_600_000),
    );
    expect(odd).toEqual([]);
  });

  it('make one run of the hours that passed while nobody worked, or none', async () => {
    const from = new Date('2026-06-01T00:00:00Z');
    await schedule(['0 * * * *'], 'UTC', from);
    await schedule(['0 * * * *'], 'Europe/Lisbon', from, false);
    const late = new Date('2026-06-01T07:20:00Z');
    await fireSchedules(world.database.db.engine, late);
    expect(await fired()).toEqual([{ node: 'UTC 0', at: '2026-06-01T01:00:00.000Z', times: 1 }]);
    await fireSchedules(world.database.db.engine, new Date('2026-06-01T08:00:01Z'));
    expect((await fired()).map(({ node, at }) => [node, at]).sort()).toEqual([
      ['Europe/Lisbon 0', '2026-06-01T08:00:00.000Z'],
      ['UTC 0', '2026-06-01T01:00:00.000Z'],
      ['UTC 0', '2026-06-01T08:00:00.000Z'],
    ]);
    // Behind whatever a customer or a person waits for.
    expect(await world.rows('select distinct priority from platform.runs')).toEqual([{ priority: priorityOf('low') }]);
  });

  it('start nothing of a paused department', async () => {
    await schedule(['0 * * * *'], 'UTC', new Date('2026-06-01T00:00:00Z'));
    await world.rows(`update platform.departments set status = 'paused'`);
    await fireSchedules(world.database.db.engine, new Date('2026-06-01T01:00:01Z'));
    expect(await fired()).toEqual([]);
    await world.rows(`update platform.departments set status = 'active'`);
    await fireSchedules(world.database.db.engine, new Date('2026-06-01T02:00:01Z'));
    expect((await fired()).map(({ at }) => at)).toEqual(['2026-06-01T02:00:00.000Z']);
  });
});
