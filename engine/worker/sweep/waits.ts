import type { Pool } from 'pg';
import { isDuplicate } from '#db/errors.js';
import { resumeRun } from '../conversation/resumeRun.js';
import { queryOf, transaction, type Query } from '../query.js';

/** Most waits answered by one statement, so that a thousand alarms at the same minute hold nobody up. */
const AT_ONCE = 200;
/** Most statements of one look: the other tasks of the sweeper want their turn. */
const MOST_ROUNDS = 25;

interface Owner {
  readonly runId: string;
  readonly organizationId: string;
}

/**
 * Answers with `null` the waits whose time has come: delays, and questions that nobody answered in time. Returns the organizations
 * to wake.
 */
export async function answerDueWaits(engine: Pool): Promise<string[]> {
  const organizations = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const due = await answerSome(engine);
    for (const { organizationId } of due) organizations.add(organizationId);
    if (due.length < AT_ONCE) break;
  }
  return [...organizations];
}

/**
 * It takes many runs at once and in an order of its own, so it waits for nobody: whose row is held is looked at again in a second. Each run is woken
 * by itself, because the end of another one may be in the way (see docs/decisions/0060).
 */
async function answerSome(engine: Pool): Promise<readonly Owner[]> {
  const query = queryOf(engine);
  const due = await query<Owner>(
    `with due as materialized (select id, run_id from platform.waits where answered_at is null and wake_at <= now() order by wake_at limit ${AT_ONCE}),
       held as materialized (select id from platform.runs where id in (select run_id from due) for no key update skip locked),
       free as materialized (select w.id from due join held on held.id = due.run_id join platform.waits w on w.id = due.id
         where w.answered_at is null for update of w skip locked),
       answered as (update platform.waits set answer = 'null', answered_at = now() where id in (select id from free)
         returning run_id as "runId", organization_id as "organizationId"),
       noticed as (update platform.runs r set unseen_answers = r.unseen_answers + a.answers
         from (select "runId", count(*)::int as answers from answered group by "runId") a where r.id = a."runId")
     select "runId", "organizationId" from answered`,
  );
  await resumeEach(query, due);
  return due;
}

/** Returns those that nothing was in the way of. */
async function resumeEach(query: Query, owners: readonly Owner[]): Promise<readonly Owner[]> {
  const resumed: Owner[] = [];
  for (const owner of owners) {
    try {
      await resumeRun(query, owner.runId);
      resumed.push(owner);
    } catch (error) {
      // Another run of the conversation was faster; its end looks here again.
      if (!isDuplicate(error)) throw error;
    }
  }
  return resumed;
}

/** Wakes runs whose answer came while their conversation was busy, in the order in which they began: the oldest question is answered first. Returns the organizations to wake. */
export async function resumeAnswered(engine: Pool, conversationId?: string): Promise<string[]> {
  const answered = await queryOf(engine)<Owner>(
    `select r.id as "runId", r.organization_id as "organizationId" from platform.runs r
     where r.status = 'waiting' and r.unseen_answers > 0 and ($1::uuid is null or r.conversation_id = $1) order by r.id limit ${AT_ONCE}`,
    [conversationId ?? null],
  );
  const resumed = await resumeEach(queryOf(engine), answered);
  return [...new Set(resumed.map(({ organizationId }) => organizationId))];
}

/**
 * Gives back runs that wait and that nothing would ever wake: no question, time or event is open, and no effect is to be settled. Without their
 * checkpoint they begin again, recall what is on record, and ask once more or fail with the reason. Returns them.
 */
export async function resumeGroundless(engine: Pool): Promise<readonly Owner[]> {
  const found = await queryOf(engine)<Owner>(`${GROUNDLESS} limit ${AT_ONCE}`);
  const resumed: Owner[] = [];
  for (const run of found) {
    const isResumed = await transaction(engine, async (query) => {
      // Looked at again and held: it may have been woken meanwhile, and its checkpoint be in use.
      const held = await query(`${GROUNDLESS} and r.id = $1 for update of r skip locked`, [run.runId]);
      if (held.length === 0) return false;
      await query(
        `with gone as (delete from platform.checkpoints where thread = $1) delete from platform.checkpoint_writes where thread = $1`,
        [run.runId],
      );
      await resumeRun(query, run.runId);
      return true;
    }).catch((error: unknown) => {
      // Another run of the conversation was faster: it is looked at again.
      if (!isDuplicate(error)) throw error;
      return false;
    });
    if (isResumed) resumed.push(run);
  }
  return resumed;
}

const GROUNDLESS = `select r.id as "runId", r.organization_id as "organizationId" from platform.runs r
  where r.status = 'waiting' and r.unseen_answers = 0
    and not exists (select 1 from platform.waits w where w.run_id = r.id and w.answered_at is null)
    and not exists (select 1 from platform.effects e where e.run_id = r.id and e.state in ('intended', 'uncertain'))`;
