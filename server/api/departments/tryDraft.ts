import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import type { Department } from '#db/models/department.js';
import { DepartmentVersion } from '#db/models/departmentVersion.js';
import { checksum } from '#engine/graph/checksum.js';
import type { Locale } from '#nodes/sdk/text.js';
import { found } from '../../errors.js';
import { knownConnections } from '../connections/service.js';
import type { Runnable } from './liveVersion.js';
import { publishable } from './publish.js';
import type { DepartmentDeps } from './service.js';

/** A draft that is tried is frozen too, as number 0: the same draft tried twice is one version. Throws `invalid_definition`. */
export async function tryDraft(
  deps: Pick<DepartmentDeps, 'nodeTypes'>,
  trx: Knex.Transaction,
  { id: departmentId, organizationId, draft }: Department,
  locale: Locale,
): Promise<Runnable> {
  const { definition } = publishable(deps, draft, locale, await knownConnections(trx));
  const sum = checksum(definition);
  await trx.raw(
    `insert into platform.department_versions (id, organization_id, department_id, number, definition, checksum)
     values (?, ?, ?, 0, ?, ?) on conflict (department_id, checksum) where number = 0 do nothing`,
    [uuidv7(), organizationId, departmentId, JSON.stringify(definition), sum],
  );
  const tried = found(await DepartmentVersion.query(trx).findOne({ departmentId, number: 0, checksum: sum }));
  return { versionId: tried.id, number: 0, definition };
}
