import { setTimeout as after } from 'node:timers/promises';
import { told, type World } from './world.js';

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
  /** Longest from a promise to the last message, without the time a person took to answer, in seconds. */
  readonly slowestSeconds: number;
  /** Where the slowest three spent it: seconds since they were stored. */
  readonly slowest: readonly object[];
}

interface Asked {
  readonly id: string;
  readonly runId: string;
  readonly idempotencyKey: string;
}

/** Answers as an honest person who looks at WhatsApp: says of each uncertain message whether Meta has it. Returns how many were answered. */
export async function answerForPerson(world: World): Promise<number> {
  const { body, status } = await world.call('GET', '/effects?limit=100');
  if (status !== 200) return 0;
  const known = new Set(world.metaRecord().map(({ opaque }) => opaque));
  let answered = 0;
  for (const { id, runId, idempotencyKey } of body.items as Asked[]) {
    const outcome = known.has(idempotencyKey) ? 'happened' : 'did_not_happen';
    const reply = await world.call('POST', `/runs/${runId}/effects/${id}/resolve`, { outcome });
    if (reply.status === 202) answered += 1;
  }
  return answered;
}

/** Waits until everything has come to rest, a person answering what they are asked. `seconds` at most. */
export async function settle(world: World, seconds: number, person = true): Promise<boolean> {
  for (const until = Date.now() + seconds * 1_000; Date.now() < until; await after(500)) {
    if (person) await answerForPerson(world).catch(() => 0);
    if (world.customers.some(({ acceptedAt }) => acceptedAt === null)) continue;
    const [open] = await world
      .rows<{ runs: number; events: number }>(
        `select (select count(*)::int from platform.runs where status in ('queued', 'running', 'waiting')) as runs,
           (select count(*)::int from platform.inbound_events where processed_at is null and payload ->> 'kind' = 'message') as events`,
      )
      .catch(() => [null]);
    if (open?.runs === 0 && open.events === 0) return true;
  }
  return false;
}

export async function judge(world: World): Promise<Verdict> {
  const record = world.metaRecord();
  const lost: string[] = [];
  const duplicated: string[] = [];
  const asked = await world.rows<{ phone: string; surfaced: boolean }>(
    `select k.external_id as phone, bool_or(e.settled_by = 'person' or e.surfaced_at is not null) as surfaced
     from platform.effects e join platform.runs r on r.id = e.run_id join platform.conversations c on c.id = r.conversation_id
     join platform.contacts k on k.id = c.contact_id group by 1`,
  );
  const surfaced = new Set(asked.filter((row) => row.surfaced).map((row) => row.phone));
  const times = new Map<string, number>();
  for (const customer of world.customers) {
    const mine = record.filter(({ to }) => to === customer.phone);
    for (const sentence of told(customer)) {
      const times = mine.filter(({ said }) => said === sentence).length;
      if (times === 0) lost.push(`${customer.phone}: ${sentence}`);
      if (times > 1) duplicated.push(`${customer.phone}: ${sentence} (${times})`);
    }
    const last = mine.at(-1)?.at;
    if (last && customer.acceptedAt && !surfaced.has(customer.phone))
      times.set(customer.phone, last - customer.acceptedAt);
  }
  const runs = await world.rows<{ phone: string; statuses: string[] }>(
    `select k.external_id as phone, array_agg(r.status || coalesce(' ' || r.error::text, '')) as statuses from platform.runs r join platform.conversations c on c.id = r.conversation_id
     join platform.contacts k on k.id = c.contact_id group by 1`,
  );
  const statuses = new Map(runs.map((row) => [row.phone, row.statuses]));
  const unfinished = world.customers
    .map(({ phone }) => `${phone}: ${statuses.get(phone)?.join() ?? 'no run'}`)
    .filter((line) => !line.endsWith(': succeeded'));
  const [effects] = await world.rows<{ reconciled: number; surfaced: number; open: number }>(
    `select count(*) filter (where settled_by = 'provider')::int as reconciled, count(*) filter (where settled_by = 'person' or surfaced_at is not null)::int as surfaced,
       count(*) filter (where state in ('intended', 'uncertain'))::int as open from platform.effects`,
  );
  return {
    runs: world.customers.length,
    lost,
    duplicated,
    unfinished,
    uncertain: effects ?? { reconciled: 0, surfaced: 0, open: 0 },
    violations: record.flatMap(({ violations }) => violations),
    slowestSeconds: Math.round(Math.max(0, ...times.values()) / 100) / 10,
    slowest: await timelines(world, times),
  };
}

const timelines = (world: World, times: ReadonlyMap<string, number>): Promise<object[]> =>
  world.rows(
    `select k.external_id as phone, r.attempts, extract(epoch from e.processed_at - e.received_at)::float4 as taken,
       extract(epoch from r.created_at - e.received_at)::float4 as created, extract(epoch from r.started_at - e.received_at)::float4 as started,
       extract(epoch from r.finished_at - e.received_at)::float4 as finished,
       (select string_agg(s.path || ' ' || s.status || ' ' || round(extract(epoch from s.started_at - e.received_at)::numeric, 1), ', ' order by s.started_at)
          from platform.run_steps s where s.run_id = r.id) as steps
     from platform.inbound_events e
     join platform.contacts k on e.external_id like '%' || k.external_id
     join platform.conversations c on c.contact_id = k.id join platform.runs r on r.conversation_id = c.id
     where k.external_id = any($1)`,
    [
      [...times]
        .toSorted(([, a], [, b]) => b - a)
        .slice(0, 3)
        .map(([phone]) => phone),
    ],
  );

export const isClean = ({ lost, duplicated, unfinished, violations, uncertain }: Verdict): boolean =>
  lost.length + duplicated.length + unfinished.length + violations.length + uncertain.open === 0;
