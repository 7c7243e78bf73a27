import type { Knex } from 'knex';
import { Organization } from '#db/models/organization.js';
import { NOBODY } from '#engine/worker/conversation/unanswered.js';
import type { AppDeps } from '../../deps.js';
import { ApiError, found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { queryOf } from '../../sql.js';
import type { Overview, OverviewQuery } from './schemas.js';

const HALF_HOUR_MS = 30 * 60_000;
const FURTHEST_MS = 31 * 24 * 60 * 60_000;

/** What happened since `from`. Throws `bad_input` for a time that has not come or is more than 31 days ago. */
export async function readOverview(
  { db }: Pick<AppDeps, 'db'>,
  session: Session,
  query: OverviewQuery,
): Promise<Overview> {
  const now = Date.now();
  const given = query.from === undefined ? null : Date.parse(query.from);
  if (given !== null && (given > now || given < now - FURTHEST_MS)) {
    throw new ApiError('bad_input', { details: [{ path: 'from', message: 'at most 31 days ago' }] });
  }
  return db.withOrganization(session, async (trx) => {
    const from = given === null ? await startOfToday(trx, session.organizationId) : new Date(given);
    const totals = await readTotals(trx, from);
    return { from: from.toISOString(), ...totals, halfHours: await readHalfHours(trx, from, now) };
  });
}

async function startOfToday(trx: Knex.Transaction, organizationId: string): Promise<Date> {
  const { timezone } = found(await Organization.query(trx).select('timezone').findById(organizationId));
  const [row] = await queryOf(trx)<{ at: Date }>(
    `select date_trunc('day', now() at time zone $1::text) at time zone $1::text as at`,
    [timezone],
  );
  return found(row).at;
}

/** Conversations that something happened in; their messages are then found by conversation. */
const recent = `recent as (select id from platform.conversations where last_message_at >= $1)`;
/** Customers' messages, each with when the run that took it first answered. */
const answers = `answers as (
  select m.created_at as asked, (select min(a.created_at) from platform.messages a
    where a.conversation_id = m.conversation_id and a.run_id = m.answered_by and a.author = 'team') as answered
  from recent join platform.messages m on m.conversation_id = recent.id
  where m.direction = 'in' and m.created_at >= $1 and m.answered_by is not null and m.answered_by <> $2)`;
const handoffs = `handoffs as (
  select m.created_at as at from recent join platform.messages m on m.conversation_id = recent.id
  where m.kind = 'handoff' and m.created_at >= $1)`;

type Totals = Pick<Overview, 'conversations' | 'messagesAnswered' | 'handedOff' | 'medianAnswerMs' | 'costMicros'>;

async function readTotals(trx: Knex.Transaction, from: Date): Promise<Totals> {
  const [row] = await queryOf(trx)<Totals>(
    `with ${recent}, ${answers}, ${handoffs}
     select (select count(*)::int from recent) as conversations,
       (select count(answered)::int from answers) as "messagesAnswered",
       (select count(*)::int from handoffs) as "handedOff",
       (select percentile_cont(0.5) within group (order by extract(epoch from answered - asked) * 1000) from answers where answered is not null) as "medianAnswerMs",
       (select coalesce(sum(s.cost_micros), 0)::float8 from platform.runs r join platform.run_steps s on s.run_id = r.id where r.created_at >= $1 and not r.rehearsal) as "costMicros"`,
    [from, NOBODY],
  );
  return found(row);
}

async function readHalfHours(trx: Knex.Transaction, from: Date, now: number): Promise<Overview['halfHours']> {
  const rows = await queryOf(trx)<{ slot: number; answered: number; handedOff: number }>(
    `with ${recent}, ${answers}, ${handoffs}, happened as (
       select answered as at, 1 as answered, 0 as handed_off from answers where answered is not null
       union all select at, 0, 1 from handoffs)
     select floor(extract(epoch from at - $1::timestamptz) / 1800)::int as slot, sum(answered)::int as answered, sum(handed_off)::int as "handedOff"
     from happened group by 1`,
    [from, NOBODY],
  );
  const bySlot = new Map(rows.map((row) => [row.slot, row]));
  const slots = Math.floor((now - from.getTime()) / HALF_HOUR_MS) + 1;
  return Array.from({ length: slots }, (_, slot) => ({
    at: new Date(from.getTime() + slot * HALF_HOUR_MS).toISOString(),
    answered: bySlot.get(slot)?.answered ?? 0,
    handedOff: bySlot.get(slot)?.handedOff ?? 0,
  }));
}
