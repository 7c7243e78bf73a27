import type { Pool } from 'pg';
import type { EventBus } from '#engine/graph/events.js';
import { groupBy } from '#engine/graph/group.js';
import { transaction, type Query } from '../query.js';

/** Most runs of one transaction, so that none holds rows for long; most transactions of one look. What is left the next one takes. */
const AT_ONCE = 200;
const MOST_ROUNDS = 20;

export interface Pruned {
  /** Runs whose payloads were taken out. */
  readonly emptied: number;
  /** Runs that are gone. */
  readonly deleted: number;
  /** Runs whose checkpoints were left behind. */
  readonly checkpoints: number;
}

/**
 * Keeps what organizations want kept and no more: of runs that ended long enough ago, first the payloads go (input, output, steps, answers,
 * results of effects), later the runs. Messages, contacts and the audit log have rules of their own. Any number of workers may do this
 * at once, beside whatever else goes on. Whoever looks at one of these runs is told.
 */
export async function pruneRuns(engine: Pool, bus: Pick<EventBus, 'publish'>): Promise<Pruned> {
  const prune = (some: (query: Query) => Promise<PrunedRun[]>, gone: boolean): Promise<number> =>
    inRounds(async () => {
      const runs = await transaction(engine, some);
      for (const [departmentId, its] of groupBy(runs, (run) => run.departmentId)) {
        const [organizationId, runIds] = [its[0]?.organizationId ?? '', its.map(({ id }) => id)];
        bus.publish(organizationId, { type: 'pruned', departmentId, runIds, gone });
      }
      return runs.length;
    });
  return {
    emptied: await prune(emptySome, false),
    deleted: await prune(deleteSome, true),
    checkpoints: await inRounds(() => transaction(engine, dropCheckpoints)),
  };
}

async function inRounds(some: () => Promise<number>): Promise<number> {
  let all = 0;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const done = await some();
    all += done;
    if (done < AT_ONCE) break;
  }
  return all;
}

interface PrunedRun {
  readonly id: string;
  readonly organizationId: string;
  readonly departmentId: string;
}

/** Runs past an organization's limit, held. One look into an index for each organization. */
const past = (days: 'payload_days' | 'run_days', condition: string): string =>
  `select r.id, r.organization_id as "organizationId", r.department_id as "departmentId"
   from platform.organizations o cross join lateral (
     select id, organization_id, department_id from platform.runs where organization_id = o.id and ${condition}
       and finished_at < now() - make_interval(days => o.${days}) and status in ('succeeded', 'failed', 'canceled') order by finished_at limit ${AT_ONCE} for update skip locked) r limit ${AT_ONCE}`;

async function emptySome(query: Query): Promise<PrunedRun[]> {
  const runs = await query<PrunedRun>(past('payload_days', 'pruned_at is null and finished_at is not null'));
  if (runs.length === 0) return runs;
  const ids = [runs.map(({ id }) => id)];
  await query(
    `update platform.runs set input = 'null', output = null, words = null, forked_input = null, pins = null, pruned_at = now() where id = any($1::uuid[])`,
    ids,
  );
  await query(
    `update platform.run_steps set payload = null, pack = null, place = null, input = null, output = null, whole = null where run_id = any($1::uuid[])`,
    ids,
  );
  await query('delete from platform.step_packs where run_id = any($1::uuid[])', ids);
  await query(`update platform.waits set question = null, answer = null where run_id = any($1::uuid[])`, ids);
  await query(`update platform.effects set result = null where run_id = any($1::uuid[]) and result is not null`, ids);
  return runs;
}

async function deleteSome(query: Query): Promise<PrunedRun[]> {
  const runs = await query<PrunedRun>(past('run_days', 'pruned_at is not null'));
  if (runs.length === 0) return runs;
  const ids = [runs.map(({ id }) => id)];
  for (const table of ['run_steps', 'step_packs', 'effects', 'waits'])
    await query(`delete from platform.${table} where run_id = any($1::uuid[])`, ids);
  await query(`delete from platform.runs where id = any($1::uuid[])`, ids);
  return runs;
}

/** Of runs that ended where no worker saw it: canceled while they waited, or under one that died right then. */
async function dropCheckpoints(query: Query): Promise<number> {
  const threads = await query<{ thread: string }>(
    `select distinct c.thread from platform.checkpoints c left join platform.runs r on r.id = c.thread::uuid
     where r.id is null or r.finished_at < now() - interval '1 hour' limit ${AT_ONCE}`,
  );
  if (threads.length === 0) return 0;
  const names = [threads.map(({ thread }) => thread)];
  await query(`delete from platform.checkpoint_writes where thread = any($1::text[])`, names);
  await query(`delete from platform.checkpoints where thread = any($1::text[])`, names);
  return threads.length;
}
