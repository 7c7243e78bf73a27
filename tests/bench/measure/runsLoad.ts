import { flowInput } from './departments.js';
import { cpuSpent } from './cpuTime.js';
import { load, requestOf } from './load.js';
import { openShop } from './platform.js';
import type { BenchDatabase } from './stores.js';
import { isDeadlock } from '#db/errors.js';
import type { Definition } from '#engine/graph/definition.js';
import { setTimeout as after } from 'node:timers/promises';

export interface RunsSample {
  /** Runs finished a second, over load and drain. */
  readonly finished: number;
  /** Runs accepted a second while the load lasted. */
  readonly accepted: number;
  /** Milliseconds from a run's row to its end. */
  readonly p50: number;
  readonly p99: number;
  readonly steps: number;
  /** CPU of each process for one run, in microseconds. */
  readonly cpu: readonly number[];
}

/**
 * Starts runs of a department through the API from 50 connections for `seconds`, then waits until the last has ended. Throws when one
 * did not succeed.
 */
export async function runsLoad(api: URL, definition: Definition, database: BenchDatabase, pids: readonly number[]) {
  const shop = await openShop(api, definition);
  const url = new URL(`/api/v1/departments/${shop.departmentId}/runs`, api);
  const request = requestOf(
    url,
    'POST',
    { authorization: `Bearer ${shop.token}` },
    JSON.stringify({ input: flowInput }),
  );
  return async (seconds: number): Promise<RunsSample> => {
    await emptied(database);
    const spent = cpuSpent(pids);
    const began = performance.now();
    const sent = await load({ url, connections: 50, seconds, request: () => request });
    const refused = [...sent.failures.values()].reduce((sum, count) => sum + count, 0);
    const done = sent.done - refused;
    const under = `select exists(select 1 from platform.runs where status in ('queued', 'running')) as more`;
    while ((await database.rows<{ more: boolean }>(under))[0]?.more) {
      if (performance.now() - began > (seconds + 120) * 1_000)
        throw new Error('The runs did not end within two minutes');
      await after(25);
    }
    const took = (performance.now() - began) / 1_000;
    const cpu = spent().map((used) => (used ?? Number.NaN) / done);
    const [ended] = await database.rows<{ all: number; succeeded: number; p50: number; p99: number }>(
      `select count(*)::int as all, count(*) filter (where status = 'succeeded')::int as succeeded,
         percentile_cont(0.5) within group (order by extract(epoch from finished_at - created_at))::float8 * 1000 as p50,
         percentile_cont(0.99) within group (order by extract(epoch from finished_at - created_at))::float8 * 1000 as p99 from platform.runs`,
    );
    const [recorded] = await database.rows<{ steps: number }>('select count(*)::int as steps from platform.run_steps');
    // One whose answer was lost on the way is there as well.
    if (!ended || ended.succeeded !== ended.all || ended.all < done)
      throw new Error(`Of ${done} accepted runs ${ended?.all ?? 0} are there and ${ended?.succeeded ?? 0} succeeded`);
    return {
      finished: done / took,
      accepted: sent.perSecond,
      p50: ended.p50,
      p99: ended.p99,
      steps: (recorded?.steps ?? 0) / done,
      cpu,
    };
  };
}

/** Tries of emptying, which wants every table for itself while the worker looks through them for what is due: of two that wait for each other one is ended. */
const TRIES = 5;

async function emptied(database: BenchDatabase): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await database.rows('truncate platform.runs, platform.run_steps cascade');
      return;
    } catch (error) {
      if (tries === TRIES || !isDeadlock(error)) throw error;
    }
  }
}
