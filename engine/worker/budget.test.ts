import { afterAll, beforeAll, expect, test } from 'vitest';
import { createModels } from '#engine/models/gateway.js';
import { costMicros } from '#engine/models/prices.js';
import { startOpenAI } from '#tests/support/openai/server.js';
import { workerBench, type WorkerBench } from '#tests/support/worker.js';
import { createBudget, forgetReservations } from './budget.js';

let bench: WorkerBench;
beforeAll(async () => {
  bench = await workerBench();
});
afterAll(() => bench.close());

/** At one real a dollar a centavo is 10,000 micros. */
const budget = () => createBudget(bench.db.engine, 1);
async function organizationWith(cents: number | null): Promise<string> {
  const { id } = await bench.organization();
  await bench.db.withOrganization(id, (trx) =>
    trx.raw('update platform.organizations set daily_budget_cents = ?', [cents]),
  );
  return id;
}
const spend = async (id: string) =>
  (
    await bench.rows<{ micros: string; reserved: string }>(
      'select micros, reserved from platform.model_spend where organization_id = $1',
      [id],
    )
  )[0];

test('a hundred calls at once go past the limit of the day by one at most', async () => {
  const id = await organizationWith(1);
  const money = budget();
  const calls = await Promise.all(Array.from({ length: 100 }, () => money.reserve(id, 3_000)));
  const allowed = calls.flatMap((settle) => settle ?? []);
  // 10,000 micros: the fourth begins while some is left, and is the one that may go past.
  expect(allowed).toHaveLength(4);
  await Promise.all(allowed.map((settle) => settle(3_000)));
  expect(await spend(id)).toEqual({ micros: '12000', reserved: '0' });
  expect(await money.reserve(id, 1)).toBeNull();
});

test('what a call cost less than was set aside is there for the next', async () => {
  const id = await organizationWith(1);
  const money = budget();
  const first = await money.reserve(id, 10_000);
  expect(await money.reserve(id, 10_000)).toBeNull();
  await first?.(2_500);
  const second = await money.reserve(id, 10_000);
  expect(second).not.toBeNull();
  await second?.(0);
  expect(await spend(id)).toEqual({ micros: '2500', reserved: '0' });
});

test('what a lost process had set aside comes back, and is counted once when it lives after all', async () => {
  const id = await organizationWith(1);
  const money = budget();
  const lost = await money.reserve(id, 10_000);
  await bench.db.engine.query(`insert into platform.model_reservations (id, organization_id, day, micros, created_at)
    select gen_random_uuid(), organization_id, day, micros, now() - interval '1 hour' from platform.model_reservations where organization_id = '${id}'`);
  await bench.db.engine.query(
    "delete from platform.model_reservations where organization_id = $1 and created_at > now() - interval '1 minute'",
    [id],
  );
  await forgetReservations(bench.db.engine);
  expect(await spend(id)).toEqual({ micros: '0', reserved: '0' });
  await lost?.(700);
  expect(await spend(id)).toEqual({ micros: '700', reserved: '0' });
});

test('nothing set aside for nothing: a limit of zero allows no call, and without a limit costs are only added up', async () => {
  const money = budget();
  expect(await money.reserve(await organizationWith(0), 1)).toBeNull();
  const id = await organizationWith(null);
  await Promise.all(Array.from({ length: 20 }, () => money.spent(id, 5)));
  expect(await spend(id)).toEqual({ micros: '100', reserved: '0' });
});

test('once the money of the day is gone no provider is asked, and the run is told who must act', async () => {
  const openai = await startOpenAI();
  try {
    const id = await organizationWith(1);
    const models = createModels({
      openai: { apiKey: 'sk-test', baseUrl: openai.baseUrl },
      models: { write: 'gpt-6-astra' },
      budget: createBudget(bench.db.engine, 1),
    }).forRun({
      organizationId: id,
      keys: 'platform',
      capped: true,
      signal: new AbortController().signal,
      charge: () => {},
    });
    const ask = () =>
      models.chat({
        role: 'write',
        task: 'answer',
        instructions: 'Atenda.',
        messages: [{ role: 'user', content: 'Oi' }],
        locale: 'pt-BR',
        maxOutputTokens: 100,
      });
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, ask));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(refused.length).toBeGreaterThan(0);
    for (const error of refused)
      expect(error).toMatchObject({ code: 'budget_spent', actor: 'author', retryable: false });
    expect(openai.log).toHaveLength(40 - refused.length);
    const used = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.usage] : []));
    const cost = used.reduce((total, { costMicros: micros }) => total + micros, 0);
    expect(Number((await spend(id))?.micros)).toBe(cost);
    const one = Math.max(
      ...used.map(({ inputTokens, outputTokens }) =>
        costMicros('gpt-6-astra', { input: inputTokens, cachedInput: 0, output: outputTokens }, new Date()),
      ),
    );
    expect(cost).toBeLessThanOrEqual(10_000 + one);
  } finally {
    await openai.close();
  }
});
