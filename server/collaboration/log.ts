import type pg from 'pg';
import * as Y from 'yjs';
import type { Database } from '#db/connect.js';
import { GroupCommit } from '#db/groupCommit.js';
import type { Definition } from '#engine/graph/definition.js';
import { createDocument } from '#engine/graph/document/write.js';

/** An edit of a draft as it is on disk. */
export interface LoggedUpdate {
  readonly number: number;
  readonly update: Uint8Array;
  /** Who made it; `null` for the platform, and for many that were put together. */
  readonly author: string | null;
}

/** Which fields of a draft somebody has changed. */
export interface DraftChange {
  /** Empty for edges and settings. */
  readonly nodeId: string;
  readonly path: string;
  readonly userId: string;
}

export interface Loaded {
  readonly organizationId: string;
  readonly updates: readonly LoggedUpdate[];
  /** Number of the newest edit whose changes are on record. */
  readonly known: number;
}

/** The edits of all drafts, on disk, only ever added to. */
export interface DraftLog {
  /** Settles when the edit is committed, with its number; `null` when the draft is gone. Edits of one document keep their order. */
  append(departmentId: string, update: Uint8Array, author: string | null): Promise<number | null>;
  /** All edits of a draft; the first time its document is made from the stored definition. `null` when there is no such department. */
  load(departmentId: string): Promise<Loaded | null>;
  since(departmentId: string, number: number): Promise<readonly LoggedUpdate[]>;
  /** Those of these drafts that have edits which `departments.draft` does not show yet. */
  unknown(departmentIds: readonly string[]): Promise<readonly string[]>;
  /** Writes down what the draft is after an edit, and who changed what until then. */
  know(
    draft: { readonly organizationId: string; readonly departmentId: string; readonly number: number },
    definition: Definition,
    changes: readonly DraftChange[],
  ): Promise<void>;
  /** Puts one edit in the place of all that are known, once there are this many. */
  compact(departmentId: string, atLeast: number): Promise<void>;
}

interface Row {
  readonly departmentId: string;
  readonly update: Uint8Array;
  readonly author: string | null;
}

interface LoggedRow {
  readonly number: string;
  readonly update: Buffer;
  readonly author: string | null;
}

/** Edits of one flush; what does not fit waits for the next. */
const MOST_TOGETHER = 200;

export function createDraftLog(db: Database): DraftLog {
  const commits = new GroupCommit<Row, number | null>((rows) => appendAll(db.engine, rows), { maxRows: MOST_TOGETHER });
  const select = async (departmentId: string, after: number): Promise<LoggedUpdate[]> => {
    const { rows } = await db.engine.query<LoggedRow>(
      'select number, update, author from draft_updates where department_id = $1 and number > $2 order by number',
      [departmentId, after],
    );
    return rows.map(({ number, update, author }) => ({
      number: Number(number),
      update: new Uint8Array(update),
      author,
    }));
  };
  return {
    append: (departmentId, update, author) => commits.add({ departmentId, update, author }),
    async load(departmentId) {
      const draft = await findDraft(db.engine, departmentId);
      if (!draft) return beginDraft(db, departmentId, () => this.load(departmentId));
      return {
        organizationId: draft.organization_id,
        known: Number(draft.known),
        updates: await select(departmentId, -1),
      };
    },
    since: select,
    async unknown(departmentIds) {
      if (departmentIds.length === 0) return [];
      const { rows } = await db.engine.query<{ id: string }>(
        'select department_id as id from department_drafts where department_id = any ($1) and last > known',
        [departmentIds],
      );
      return rows.map(({ id }) => id);
    },
    know: ({ organizationId, departmentId, number }, definition, changes) =>
      db.withOrganization(organizationId, async (trx) => {
        const ids = { departmentId, number, organizationId };
        // The department first, as whoever dismisses it does: two that wait for each other would wait for ever.
        const department = await trx.raw<{ rows: unknown[] }>(
          'select 1 from platform.departments where id = :departmentId and dismissed_at is null for update',
          ids,
        );
        if (department.rows.length === 0) return;
        const newer = await trx.raw<{ rows: unknown[] }>(
          'update platform.department_drafts set known = :number where department_id = :departmentId and known < :number returning 1',
          ids,
        );
        if (newer.rows.length > 0)
          await trx.raw(
            'update platform.departments set draft = :draft::jsonb, updated_at = now() where id = :departmentId',
            {
              ...ids,
              draft: JSON.stringify(definition),
            },
          );
        if (changes.length === 0) return;
        await trx.raw(
          `insert into platform.draft_changes (organization_id, department_id, node_id, path, user_id, at)
           select :organizationId::uuid, :departmentId::uuid, c->>'nodeId', c->>'path', (c->>'userId')::uuid, now() from jsonb_array_elements(:changes::jsonb) c
           on conflict (department_id, node_id, path, user_id) do update set at = excluded.at`,
          { ...ids, changes: JSON.stringify(changes) },
        );
      }),
    async compact(departmentId, atLeast) {
      const draft = await findDraft(db.engine, departmentId);
      const known = Number(draft?.known ?? 0);
      const updates = (await select(departmentId, -1)).filter(({ number }) => number <= known);
      const newest = updates.at(-1);
      if (!newest || updates.length < atLeast) return;
      const merged = mergeAll(updates.map(({ update }) => update));
      // Others only add behind the newest; should two compact at once, the second finds nothing to take out.
      await db.engine.query(
        `with merged as (update draft_updates set update = $2, author = null where department_id = $1 and number = $3 returning 1)
         delete from draft_updates where department_id = $1 and number < $3 and exists (select 1 from merged)`,
        [departmentId, Buffer.from(merged), newest.number],
      );
    },
  };
}

/** One update with all that these say, without what was deleted since. */
function mergeAll(updates: readonly Uint8Array[]): Uint8Array {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  const merged = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return merged;
}

interface DraftRow {
  readonly organization_id: string;
  readonly known: string;
}

async function findDraft(engine: pg.Pool, departmentId: string): Promise<DraftRow | undefined> {
  const { rows } = await engine.query<DraftRow>(
    'select organization_id, known from department_drafts where department_id = $1',
    [departmentId],
  );
  return rows[0];
}

/** A document from the stored definition, once: of several who begin at the same time all read what the first wrote. */
async function beginDraft(
  db: Database,
  departmentId: string,
  readOthers: () => Promise<Loaded | null>,
): Promise<Loaded | null> {
  const { rows } = await db.engine.query<{ organization_id: string; draft: Definition }>(
    'select organization_id, draft from departments where id = $1 and dismissed_at is null',
    [departmentId],
  );
  const [department] = rows;
  if (!department) return null;
  const { organization_id: organizationId } = department;
  const doc = createDocument(department.draft);
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  const { rowCount } = await db.engine.query(
    `with draft as (
       insert into department_drafts (department_id, organization_id, last, known) values ($1, $2, 1, 1) on conflict do nothing returning 1)
     insert into draft_updates (organization_id, department_id, number, update) select $2, $1, 1, $3 from draft`,
    [departmentId, organizationId, Buffer.from(update)],
  );
  return rowCount === 0 ? readOthers() : { organizationId, known: 1, updates: [{ number: 1, update, author: null }] };
}

/** Takes numbers for the edits of each draft under the lock of its row, in the order of ids so that two processes never wait for each other. */
async function appendAll(engine: pg.Pool, rows: readonly Row[]): Promise<(number | null)[]> {
  const positions = new Map<string, number>();
  const placed = rows.map((row) => {
    const position = (positions.get(row.departmentId) ?? 0) + 1;
    positions.set(row.departmentId, position);
    return { ...row, position };
  });
  const counts = [...positions];
  const { rows: bases } = await engine.query<{ department_id: string; base: string }>(
    `with counts as (select * from unnest($1::uuid[], $2::int[]) as c (department_id, count)),
     locked as (select department_id from department_drafts where department_id = any ($1) order by department_id for update),
     raised as (
       update department_drafts d set last = d.last + c.count from counts c, locked l
       where d.department_id = c.department_id and l.department_id = c.department_id
       returning d.department_id, d.organization_id, d.last - c.count as base),
     added as (
       insert into draft_updates (organization_id, department_id, number, update, author)
       select r.organization_id, r.department_id, r.base + g.position, g.update, g.author
       from unnest($3::uuid[], $4::int[], $5::bytea[], $6::uuid[]) as g (department_id, position, update, author)
       join raised r on r.department_id = g.department_id)
     select department_id, base from raised`,
    [
      counts.map(([id]) => id),
      counts.map(([, count]) => count),
      placed.map(({ departmentId }) => departmentId),
      placed.map(({ position }) => position),
      placed.map(({ update }) => Buffer.from(update)),
      placed.map(({ author }) => author),
    ],
  );
  const baseOf = new Map(bases.map(({ department_id, base }) => [department_id, Number(base)]));
  return placed.map(({ departmentId, position }) => {
    const base = baseOf.get(departmentId);
    return base === undefined ? null : base + position;
  });
}
