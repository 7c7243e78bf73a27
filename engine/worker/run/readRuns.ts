import type { Pool } from 'pg';
import { GroupCommit } from '#db/groupCommit.js';
import { openEach } from '#db/sealing/runRecords.js';
import type { Vault } from '#db/sealing/vault.js';
import type { RunStatus } from '#engine/graph/statuses.js';
import { deliver } from '#engine/run/deliveries.js';
import type { RunRow } from '#engine/run/rows.js';
import type { Json } from '#nodes/sdk/json.js';
import { HELD_BACK } from '../heldBack.js';
import type { OrganizationRecord } from '../organization.js';
import { queryOf } from '../query.js';

export interface StoredRun extends RunRow {
  readonly status: RunStatus;
  readonly versionId: string;
  /** It has never run before and repeats no other: what has been written since it was queued is answered with it. */
  readonly fresh: boolean;
  /** The first of the runs that it repeats. */
  readonly origin: string | null;
  /** Of a rehearsal: the conversation it reads. */
  readonly contextId: string | null;
  /** Its department was paused before it began. */
  readonly heldBack: boolean;
  readonly organization: OrganizationRecord;
}

/** The run with what it was given in the clear. Throws `CannotOpen`. */
export const openStored = (vault: Vault, { input, rehearsal, ...run }: StoredRun): StoredRun => ({
  ...run,
  input: vault.openJson(input) as Json,
  rehearsal: rehearsal && { ...rehearsal, pins: openEach(vault, rehearsal.pins ?? null) },
});

/** A run as it is stored, with what it was given sealed; `null` when the organization has none of this id. One that is `urgent` does not wait for the statement of those that are not. */
export type ReadRun = (runId: string, organizationId: string, urgent: boolean) => Promise<StoredRun | null>;

interface Asked {
  readonly runId: string;
  readonly organizationId: string;
}

/** Reads runs that a worker takes up: all that are asked for while a statement is under way go into the next one. */
export function createRunReader(engine: Pool): ReadRun {
  const lane = (hurry: boolean) =>
    new GroupCommit<Asked, StoredRun | null>((asked) => readAll(engine, asked), {
      maxInFlight: 2,
      hurry,
      deliver: (give) => deliver(give, hurry),
    });
  const lanes = { urgent: lane(true), others: lane(false) };
  return (runId, organizationId, urgent) => lanes[urgent ? 'urgent' : 'others'].add({ runId, organizationId });
}

/** How a run is read, by name: of the run `r` and its organization `o`. */
export const storedRun: readonly (readonly [name: keyof StoredRun, sql: string])[] = [
  ['id', 'r.id'],
  ['organizationId', 'r.organization_id'],
  ['departmentId', 'r.department_id'],
  ['conversationId', 'r.conversation_id'],
  ['triggerNode', 'r.trigger_node'],
  ['input', 'r.input'],
  ['status', 'r.status'],
  ['versionId', 'r.version_id'],
  ['fresh', `r.started_at is null and r.status = 'queued' and r.parent_run_id is null`],
  ['origin', 'r.origin_run_id'],
  ['contextId', 'r.context_conversation_id'],
  ['heldBack', HELD_BACK],
  [
    'rehearsal',
    `case when r.rehearsal then json_build_object('of', array_remove(array[r.parent_run_id, r.origin_run_id], null), 'pins', r.pins) end`,
  ],
  [
    'organization',
    `json_build_object('name', o.name, 'locale', o.locale, 'timezone', o.timezone, 'profile', o.profile,
       'modelKeys', o.model_keys, 'capped', o.daily_budget_cents is not null)`,
  ],
];

async function readAll(engine: Pool, asked: readonly Asked[]): Promise<(StoredRun | null)[]> {
  const rows = await queryOf(engine)<StoredRun>(READ, [asked.map(({ runId }) => runId)]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return asked.map(({ runId, organizationId }) => {
    const row = byId.get(runId);
    return row?.organizationId === organizationId ? row : null;
  });
}

const READ = `select ${storedRun.map(([name, sql]) => `${sql} as "${name}"`).join(', ')}
   from platform.runs r join platform.organizations o on o.id = r.organization_id where r.id = any($1::uuid[])`;
