import type { Pool } from 'pg';
import { isDuplicate } from '#db/errors.js';
import { noticeAnswer, resumeRun } from '../conversation/resumeRun.js';
import { queryOf, transaction } from '../query.js';

/** Most waits answered in one transaction, so that a thousand alarms at the same minute hold nobody up. */
const AT_ONCE = 200;
/** Most transactions of one look: the other tasks of the sweeper want their turn. */
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

const answerSome = (engine: Pool): Promise<readonly Owner[]> =>
  transaction(engine, async (query) => {
    const due = await query<Owner>(
      `update platform.waits set answer = 'null', answered_at = now()
       where id in (select id from platform.waits where answered_at is null and wake_at <= now() order by wake_at limit ${AT_ONCE} for update skip locked)
       returning run_id as "runId", organization_id as "organizationId"`,
    );
    for (const { runId } of due) await noticeAnswer(query, runId);
    return due;
  });

/** Wakes runs whose answer came while their conversation was busy. Returns the organizations to wake. */
export async function resumeAnswered(engine: Pool, conversationId?: string): Promise<string[]> {
  const answered = await queryOf(engine)<Owner>(
    `select r.id as "runId", r.organization_id as "organizationId" from platform.runs r
     where r.status = 'waiting' and r.unseen_answers > 0 and ($1::uuid is null or r.conversation_id = $1) limit ${AT_ONCE}`,
    [conversationId ?? null],
  );
  const organizations = new Set<string>();
  for (const { runId, organizationId } of answered) {
    try {
      await resumeRun(queryOf(engine), runId);
      organizations.add(organizationId);
    } catch (error) {
      // Another run of the conversation was faster; its end looks here again.
      if (!isDuplicate(error)) throw error;
    }
  }
  return [...organizations];
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
