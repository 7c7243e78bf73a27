import { setTimeout as after } from 'node:timers/promises';
import type { RunView, RunWithSteps } from '#server/api/runs/schemas.js';
import { told } from './department.js';
import { PATIENCE } from './until.js';
import type { World } from './world.js';

/** What an account outside the platform says: Meta's own log against what customers were promised. */
export interface Verdict {
  readonly runs: number;
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
  /** Runs that the platform itself has not brought to an end, or more than one of a customer. */
  readonly unfinished: readonly string[];
  /** Effects whose outcome was not on record when their worker was gone. */
  readonly uncertain: { readonly reconciled: number; readonly surfaced: number; readonly open: number };
  readonly violations: readonly string[];
  /** Processes that ended by themselves: whatever is struck, nothing else ends one. */
  readonly crashed: readonly string[];
  /** Longest from a promise to the last message, without the time a person took to answer, in seconds. */
  readonly slowestSeconds: number;
  /** Where the slowest three spent it: seconds since the promise. */
  readonly slowest: readonly object[];
}

interface Asked {
  readonly id: string;
  readonly runId: string;
  readonly idempotencyKey: string;
}

/** Answers as an honest person who looks at WhatsApp: says of each uncertain message whether Meta has it. */
export async function answerForPerson(world: World): Promise<void> {
  const { body, status } = await world.call('GET', '/effects?limit=100');
  if (status !== 200) return;
  const known = new Set(world.outside.record().map(({ opaque }) => opaque));
  for (const { id, runId, idempotencyKey } of body.items as Asked[]) {
    const outcome = known.has(idempotencyKey) ? 'happened' : 'did_not_happen';
    const reply = await world.call('POST', `/runs/${runId}/effects/${id}/resolve`, { outcome });
    if (reply.status === 202) world.asked.set(id, runId);
  }
}

/** Waits until everything has come to rest, a person answering what they are asked. `seconds` at most. */
export async function settle(world: World, seconds: number): Promise<boolean> {
  for (const until = Date.now() + seconds * PATIENCE * 1_000; Date.now() < until; await after(500)) {
    await answerForPerson(world).catch(() => {});
    if (world.customers.all.some(({ acceptedAt }) => acceptedAt === null)) continue;
    const [open] = await world
      .rows<{ runs: number; events: number }>(
        `select (select count(*)::int from platform.runs where status in ('queued', 'running', 'waiting')) as runs,
           (select count(*)::int from platform.inbound_events where processed_at is null and sender_key is not null) as events`,
      )
      .catch(() => [null]);
    if (open?.runs === 0 && open.events === 0) return true;
  }
  return false;
}

/** Every run as the API shows it, by the customer it answers. */
async function runsByPhone(world: World): Promise<ReadonlyMap<string, readonly RunView[]>> {
  const runs = new Map<string, RunView[]>();
  for (let next: string | null = ''; next !== null;) {
    const path: string = `/runs?limit=100${next && `&cursor=${encodeURIComponent(next)}`}`;
    const { items, nextCursor } = (await world.expect('GET', path)).body as {
      items: RunView[];
      nextCursor: string | null;
    };
    for (const run of items) {
      const phone = (run.input as { contact?: { name?: string } } | null)?.contact?.name ?? '';
      runs.set(phone, [...(runs.get(phone) ?? []), run]);
    }
    next = nextCursor;
  }
  return runs;
}

export async function judge(world: World): Promise<Verdict> {
  const record = world.outside.record();
  const heard = new Map<string, string[]>();
  for (const { to, said } of record) heard.set(to, [...(heard.get(to) ?? []), said]);
  const lastAt = new Map(record.map(({ to, at }) => [to, at]));
  const runs = await runsByPhone(world);
  const askedOf = new Set(world.asked.values());
  const lost: string[] = [];
  const duplicated: string[] = [];
  const unfinished: string[] = [];
  const times: { readonly took: number; readonly since: number; readonly run: RunView }[] = [];
  for (const customer of world.customers.all) {
    const { phone, acceptedAt } = customer;
    for (const sentence of told(customer)) {
      const count = heard.get(phone)?.filter((said) => said === sentence).length ?? 0;
      if (count === 0) lost.push(`${phone}: ${sentence}`);
      if (count > 1) duplicated.push(`${phone}: ${sentence} (${count})`);
    }
    const [run, ...more] = runs.get(phone) ?? [];
    if (run?.status !== 'succeeded' || more.length > 0)
      unfinished.push(
        `${phone}: ${JSON.stringify([run, ...more].map((one) => one && [one.id, one.status, one.error]))}`,
      );
    const last = lastAt.get(phone);
    if (run && last && acceptedAt && !askedOf.has(run.id))
      times.push({ took: last - acceptedAt, since: acceptedAt, run });
  }
  times.sort((one, other) => other.took - one.took);
  const [effects] = await world.rows<{ reconciled: number; open: number }>(
    `select count(*) filter (where settled_by = 'provider')::int as reconciled,
       count(*) filter (where state in ('intended', 'uncertain'))::int as open from platform.effects`,
  );
  return {
    runs: world.customers.all.length,
    lost,
    duplicated,
    unfinished,
    uncertain: { reconciled: effects?.reconciled ?? 0, open: effects?.open ?? 0, surfaced: world.asked.size },
    violations: record.flatMap(({ violations }) => violations),
    crashed: [...world.fleet.crashes],
    slowestSeconds: Math.round((times[0]?.took ?? 0) / 100) / 10,
    slowest: await Promise.all(times.slice(0, 3).map(({ run, since }) => timeline(world, run, since))),
  };
}

async function timeline(
  world: World,
  { id, createdAt, startedAt, finishedAt }: RunView,
  since: number,
): Promise<object> {
  const { steps } = (await world.expect('GET', `/runs/${id}`)).body as Pick<RunWithSteps, 'steps'>;
  const after = (time: string | null): number | null =>
    time === null ? null : Math.round((Date.parse(time) - since) / 100) / 10;
  return {
    run: id,
    created: after(createdAt),
    started: after(startedAt),
    finished: after(finishedAt),
    steps: steps.map((step) => `${step.path} ${step.status} ${after(step.startedAt)}`).join(', '),
  };
}

export const isClean = ({ lost, duplicated, unfinished, violations, crashed, uncertain }: Verdict): boolean =>
  lost.length + duplicated.length + unfinished.length + violations.length + crashed.length + uncertain.open === 0;
