import { DepartmentVersion } from '#db/models/departmentVersion.js';
import type { Definition } from '#engine/graph/definition.js';
import { diff } from '#engine/graph/diff.js';
import { validate } from '#engine/graph/validate.js';
import type { Session } from '../../plugins/authenticate.js';
import { namesOf } from '../people.js';
import { findDepartment } from './find.js';
import { presentAuthor } from './present.js';
import { findVersion } from './publish.js';
import type { DraftChangesView, DiffView } from './schemas.js';
import type { DepartmentDeps } from './service.js';

const nothing: Definition = { format: 1, nodes: [], edges: [], settings: {} };

/** What changed from one version to another, field by field. Throws `not_found`. */
export const compareVersions = (
  deps: DepartmentDeps,
  session: Session,
  id: string,
  from: number,
  to: number,
): Promise<DiffView> =>
  deps.db.withOrganization(session, async (trx) => {
    await findDepartment(trx, id);
    const [before, after] = [await findVersion(trx, id, from), await findVersion(trx, id, to)];
    return diff(before.definition, after.definition);
  });

interface ChangeRow {
  readonly node_id: string;
  readonly path: string;
  readonly user_id: string;
  readonly at: Date;
}

/** What the next publish would change, and whose changes they are. Throws `not_found`. */
export async function draftChanges(deps: DepartmentDeps, session: Session, id: string): Promise<DraftChangesView> {
  await deps.db.withOrganization(session, (trx) => findDepartment(trx, id));
  const draft = await deps.drafts.read(id);
  const { live, rows } = await deps.db.withOrganization(session, async (trx) => {
    const { publishedVersion } = await findDepartment(trx, id);
    const live =
      publishedVersion === null
        ? null
        : await DepartmentVersion.query(trx).findOne({ departmentId: id, number: publishedVersion });
    const rows: ChangeRow[] = await trx('platform.draft_changes')
      .select('node_id', 'path', 'user_id', 'at')
      .where({ departmentId: id })
      .orderBy('at', 'desc');
    return { live: live ?? null, rows };
  });
  const { definition } = validate(draft, deps.nodeTypes);
  const names = await namesOf(
    deps.db,
    rows.map(({ user_id }) => user_id),
  );
  const authors = [...new Set(rows.map(({ user_id }) => user_id))].map((author) => presentAuthor(author, names));
  return {
    since: live?.number ?? null,
    diff: definition && diff(live?.definition ?? nothing, definition),
    authors,
    fields: rows.map(({ node_id, path, user_id, at }) => ({
      nodeId: node_id || null,
      path,
      author: presentAuthor(user_id, names),
      at: at.toISOString(),
    })),
  };
}
