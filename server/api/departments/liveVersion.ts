import type { Knex } from 'knex';
import type { Definition } from '#engine/graph/definition.js';
import { ApiError, found } from '../../errors.js';
import { namedRaw, queryOf } from '../../sql.js';

/** A frozen version that a run can be started on. */
export interface Runnable {
  readonly versionId: string;
  /** 0 marks a draft that somebody tried. */
  readonly number: number;
  readonly definition: Definition;
  /** What the department is called. */
  readonly name: string;
}

interface LiveRow {
  readonly name: string;
  readonly status: string;
  readonly number: number | null;
  readonly versionId: string | null;
}

const MOST_KEPT = 200;
/** Frozen for ever, and looked up only by an id that the organization's own row has just named. */
const definitions = new Map<string, Definition>();

/** The version of a department that answers now. Throws `not_found`, `not_published`, `department_paused`. */
export async function liveVersion(trx: Knex.Transaction, departmentId: string): Promise<Runnable> {
  const { rows } = await namedRaw<LiveRow>(
    trx,
    'live-version',
    `select d.name, d.status, d.published_version as number, v.id as "versionId" from platform.departments d
     left join platform.department_versions v on v.department_id = d.id and v.number = d.published_version
     where d.id = $1 and d.dismissed_at is null`,
    [departmentId],
  );
  const [row] = rows;
  const { name, status, number, versionId } = found(row);
  if (number === null || versionId === null) throw new ApiError('not_published');
  if (status !== 'active') throw new ApiError('department_paused');
  const known = definitions.get(versionId);
  if (known) return { versionId, number, definition: known, name };
  const [version] = await queryOf(trx)<{ definition: Definition }>(
    'select definition from platform.department_versions where id = $1',
    [versionId],
  );
  const { definition } = found(version);
  const oldest = definitions.size >= MOST_KEPT ? definitions.keys().next().value : undefined;
  if (oldest) definitions.delete(oldest);
  definitions.set(versionId, definition);
  return { versionId, number, definition, name };
}
