import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import type { Department } from '#db/models/department.js';
import { DepartmentVersion } from '#db/models/departmentVersion.js';
import { checksum } from '#engine/graph/checksum.js';
import { cutAt } from '#engine/graph/cut.js';
import { definitionSchema } from '#engine/graph/definition.js';
import { nodeTypes } from '#nodes/registry.js';
import type { Locale } from '#nodes/sdk/text.js';
import { ApiError, found } from '../../errors.js';
import { knownOf } from './known.js';
import type { Runnable } from './liveVersion.js';
import { publishable } from './publish.js';
import type { DepartmentDeps } from './service.js';

/**
 * A draft that is tried is frozen too, as number 0: the same draft tried twice is one version. `until`: only what leads to this step, and the
 * step. Throws `invalid_definition`, `step_missing`.
 */
export async function tryDraft(
  deps: Pick<DepartmentDeps, 'nodeTypes' | 'modelCatalogue'>,
  trx: Knex.Transaction,
  { id: departmentId, organizationId, draft, name }: Department,
  locale: Locale,
  until?: string,
): Promise<Runnable> {
  const { definition } = publishable(
    deps,
    until === undefined ? draft : upTo(draft, until),
    locale,
    await knownOf(deps, trx),
  );
  const sum = checksum(definition);
  await trx.raw(
    `insert into platform.department_versions (id, organization_id, department_id, number, definition, checksum)
     values (?, ?, ?, 0, ?, ?) on conflict (department_id, checksum) where number = 0 do nothing`,
    [uuidv7(), organizationId, departmentId, JSON.stringify(definition), sum],
  );
  const tried = found(await DepartmentVersion.query(trx).findOne({ departmentId, number: 0, checksum: sum }));
  return { versionId: tried.id, number: 0, definition, name };
}

/** A draft may be out of shape: then all of it is looked at, so that its problems are told. */
function upTo(draft: unknown, until: string): unknown {
  const read = definitionSchema.safeParse(draft);
  if (!read.success) return draft;
  const cut = cutAt(read.data, until, ({ type }) => nodeTypes.get(type)?.kind === 'loop');
  if (!cut) throw new ApiError('step_missing', { field: 'until' });
  return cut;
}
