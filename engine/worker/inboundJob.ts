import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { isUnavailable } from '#db/errors.js';
import type { EventBus } from '#engine/graph/events.js';
import type { Lease } from '#engine/run/lease.js';
import type { Admission } from './admission.js';
import type { JobData } from './catalog.js';
import { answerNext } from './conversation/answerNext.js';
import type { ClaimHere } from './conversation/nextRun.js';
import type { Versions } from './department.js';
import type { DirectRuns } from './directRuns.js';
import type { Queues } from './enqueue.js';
import type { Handled, Outcome } from './inbound/arrived.js';
import { takeEdit } from './inbound/edit.js';
import { eventAfter, holdEvent, openEvent, standAside, type HeldEvent } from './inbound/events.js';
import { takeMessage } from './inbound/message.js';
import { takeMove } from './inbound/move.js';
import { takeStatus } from './inbound/status.js';
import { problemOf } from './log.js';
import { keyringOf, queryOf, transact, type TransactionQuery } from './query.js';

export interface InboundDeps {
  readonly engine: Pool;
  readonly bus: EventBus;
  readonly admission: Admission;
  readonly versions: Versions;
  readonly direct: DirectRuns;
  readonly queues: Pick<Queues, 'add'>;
  /** This worker's, `null` while it is not registered. */
  readonly lease: () => Lease | null;
  /** Runs that are being claimed as they are written down, and not at work yet. */
  readonly claiming: Set<string>;
  /** Runs this worker works on, and how to stop each. */
  readonly active: ReadonlyMap<string, AbortController>;
}

/** Most events that one job takes in: a sender who never stops must not keep a worker from closing. */
const MOST_IN_A_ROW = 20;

/**
 * Turns a stored event into what it means, once: whoever comes second finds it done. What one sender wrote is taken in the order in which they
 * wrote it, whichever of its jobs comes first; whoever is at one of them looks for more when it is done, so nobody waits for anybody here. Says whose it
 * was; `null` when it was done already, or nobody knows.
 */
export async function inboundJob(deps: InboundDeps, { eventId }: JobData<'inbound'>): Promise<string | null> {
  const { queues } = deps;
  let next: string | null = eventId;
  let organizationId: string | null = null;
  for (let count = 0; next !== null; count += 1) {
    // Under an id of its own: this very job may be the one that is known by the event's.
    if (count === MOST_IN_A_ROW) {
      await queues.add('inbound', { eventId: next }, { jobId: `inbound_${randomUUID()}` });
      break;
    }
    const taken: Taken | null = await takeIn(deps, next);
    if (!taken) break;
    organizationId = taken.organizationId;
    // An older one of the same sender may have come in its place.
    if (taken.id !== next) continue;
    next = taken.next;
  }
  return organizationId;
}

interface Taken {
  readonly id: string;
  readonly organizationId: string | null;
  /** What its sender has open besides. */
  readonly next: string | null;
}

/** Takes in the event, or the oldest open one of its sender. `null` when it is done or another worker is at it. */
async function takeIn(deps: InboundDeps, eventId: string): Promise<Taken | null> {
  const { engine, claiming } = deps;
  let at = eventId;
  let starting: string | undefined;
  try {
    const { inbound } = keyringOf(engine);
    const work = async (query: TransactionQuery): Promise<{ event: HeldEvent; handled: Handled } | null> => {
      const held = await holdEvent(query, eventId);
      if (!held) return null;
      at = held.id;
      const event = await openEvent(query, inbound, held);
      const handled = await handle(query, deps, event);
      starting = handled.starting?.runId;
      if (starting) claiming.add(starting);
      if (handled.outcome === 'later') standAside(query.lastly, event);
      else await settle(query, event, handled);
      return { event, handled };
    };
    const { result, behind } = await transact(engine, work, async (query, done) =>
      done ? eventAfter(query, inbound, done.event, done.handled.outcome === 'later') : null,
    );
    if (!result) return null;
    await tell(deps, result.handled);
    return { id: result.event.id, organizationId: result.handled.organizationId, next: await behind };
  } catch (error) {
    const kept = await keepProblem(engine, at, error).catch(() => false);
    // Another one of the same sender: it is looked at again by itself, and this one's turn is now.
    if (kept && at !== eventId) return { id: at, organizationId: null, next: null };
    throw error;
  } finally {
    if (starting) claiming.delete(starting);
  }
}

/** Writes down what came of it, and of what was taken in with it. */
async function settle(query: TransactionQuery, { id, item }: HeldEvent, handled: Handled): Promise<void> {
  const { organizationId, outcome, edits = [], starting } = handled;
  const vault = organizationId ? await query.vault(organizationId) : null;
  const end = (event: { readonly id: string; readonly item: unknown }, became: Outcome, runId: string | null): void =>
    // Now that it is known whose it is, their key keeps it, and nothing else says who wrote it; but a change that was given up is found if its message comes after all.
    void query.lastly(
      `update platform.inbound_events set processed_at = now(), error = null,
         outcome = case when exists (select 1 from platform.runs r where r.id = $5::uuid) then 'run' else $2 end, organization_id = coalesce($3, organization_id),
         payload = coalesce($4::jsonb, payload), sender_key = null,
         editor_key = case when $2 = 'unmatched' then editor_key end where id = $1`,
      [event.id, became, organizationId, vault && vault.sealJson(event.item), runId],
    );
  end({ id, item }, outcome, starting?.runId ?? null);
  for (const edit of edits) end(edit, 'recorded', null);
}

/** What follows from it, after the commit. */
async function tell(
  { engine, bus, admission, versions, direct, active }: InboundDeps,
  handled: Handled,
): Promise<void> {
  const { organizationId, starting, joined, wake, superseded } = handled;
  if (!organizationId) return;
  const run = await starting?.started;
  // Another worker notices by itself; what it does until then is refused where it could be felt.
  if (superseded) active.get(superseded)?.abort();
  if (run?.prepared) direct.begin(run.prepared);
  for (const event of handled.events) bus.publish(organizationId, event);
  if (run && !run.prepared) admission.wake(organizationId, run.notBefore);
  if (wake) admission.wake(organizationId, wake.notBefore);
  if (!run && joined && !(await isBusy(engine, joined))) {
    // Its run came to rest between our look and our commit, and may have looked for more before it.
    await answerNext({ engine, bus, versions }, organizationId, joined);
    admission.wake(organizationId);
  }
}

async function isBusy(engine: Pool, conversationId: string): Promise<boolean> {
  const [row] = await queryOf(engine)<{ busy: boolean }>(
    `select exists (select 1 from platform.runs where conversation_id = $1 and status in ('queued', 'running')) as busy`,
    [conversationId],
  );
  return row?.busy ?? false;
}

/** An event that cannot be handled is tried again by the sweeper for this long, then kept with its error. */
const GIVE_UP = `interval '10 minutes'`;

/**
 * Keeps what went wrong with an event; answers whether it did. That the database was away is not the event's fault and is not held against it.
 */
async function keepProblem(engine: Pool, eventId: string, error: unknown): Promise<boolean> {
  if (isUnavailable(error)) return false;
  const { rowCount } = await engine.query(
    `update platform.inbound_events set error = $2, outcome = case when received_at < now() - ${GIVE_UP} then 'failed' end,
       processed_at = case when received_at < now() - ${GIVE_UP} then now() end where id = $1 and processed_at is null`,
    [eventId, problemOf(error).problem],
  );
  return rowCount === 1;
}

async function handle(
  query: TransactionQuery,
  { versions, direct, lease }: InboundDeps,
  arrived: HeldEvent,
): Promise<Handled> {
  const { item } = arrived;
  const claimFor = (organizationId: string): ClaimHere | null => {
    const [held, share] = [lease(), direct.share(organizationId)];
    return held && share ? { lease: held, share } : null;
  };
  switch (item.kind) {
    case 'message':
      return takeMessage(query, versions, { ...arrived, item }, claimFor);
    case 'edit':
      return takeEdit(query, versions, { ...arrived, item }, claimFor);
    case 'move':
      return takeMove(query, { ...arrived, item });
    case 'status':
      return takeStatus(query, { ...arrived, item });
    case 'other':
      return { outcome: 'ignored', organizationId: null, events: [] };
  }
}
