import { flowInput } from './departments.js';
import { cpuSpent } from './cpuTime.js';
import { load, requestOf } from './load.js';
import { openShop } from './platform.js';
import type { BenchDatabase } from './stores.js';
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
    await database.rows('truncate platform.runs, platform.run_steps cascade');
    const spent = cpuSpent(pids);
    const began = performance.now();
    const { done, perSecond: accepted } = await load({ url, connections: 50, seconds, request: () => request });
    const under = `select exists(select 1 from platform.runs where status in ('queued', 'running')) as more`;
    while ((await database.rows<{ more: boolean }>(under))[0]?.more) {
      if (performance.now() - began > (seconds + 120) * 1_000)
        throw new Error('The runs did not end within two minutes');
      await after(25);
    }
    const took = (performance.now() - began) / 1_000;
    const cpu = spent().map((used) => (used ?? Number.NaN) / done);
    const [ended] = await database.rows<{ succeeded: number; p50: number; p99: number }>(
      `select count(*) filter (where status = 'succeeded')::int as succeeded,
         percentile_cont(0.5) within group (order by extract(epoch from finished_at - created_at))::float8 * 1000 as p50,
         percentile_cont(0.99) within group (order by extract(epoch from finished_at - created_at))::float8 * 1000 as p99 from platform.runs`,
    );
    const [recorded] = await database.rows<{ steps: number }>('select count(*)::int as steps from platform.run_steps');
    if (!ended || ended.succeeded !== done) throw new Error(`Of ${done} runs ${ended?.succeeded ?? 0} succeeded`);
    return {
      finished: done / took,
      accepted,
      p50: ended.p50,
      p99: ended.p99,
      steps: (recorded?.steps ?? 0) / done,
      cpu,
    };
  };
}
