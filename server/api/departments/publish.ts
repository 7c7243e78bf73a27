import { uuidv7 } from 'uuidv7';
import type { Knex } from 'knex';
import { DepartmentVersion } from '#db/models/departmentVersion.js';
import { checksum } from '#engine/graph/checksum.js';
import type { Problem } from '#engine/graph/definition.js';
import type { Known } from '#engine/graph/rules/rule.js';
import { validate } from '#engine/graph/validate.js';
import type { Locale } from '#nodes/sdk/text.js';
import { audit } from '../../audit/record.js';
import { ApiError, found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import type { ListQuery, Page } from '../common.js';
import { readCursor, toPage } from '../paging.js';
import { namesOf } from '../people.js';
import { peopleOf, presentVersion, presentVersionWithDefinition } from './present.js';
import { holdSchedules, scheduleProblems, timezoneFor } from './schedules.js';
import type { DepartmentView, PublishView, VersionView, VersionWithDefinition } from './schemas.js';
import { findDepartment } from './find.js';
import { knownOf } from './known.js';
import { announce, getDepartment, present, targetOf, type DepartmentDeps } from './service.js';

/** Freezes the draft as the next version and makes it live. Throws `invalid_definition` with all problems when one of them is an error. */
export async function publish(
  deps: DepartmentDeps,
  session: Session,
  id: string,
  note: string | undefined,
  locale: Locale,
): Promise<PublishView> {
  const { organizationId, userId } = session;
  const draft = await readFrozen(deps, session, id);
  const { version, problems, view } = await deps.db.withOrganization(session, async (trx) => {
    const timezone = await timezoneFor(trx, organizationId);
    const department = await findDepartment(trx, id, 'lock');
    const { definition, problems } = publishable(deps, draft, locale, await knownOf(deps, trx));
    const number = (await lastVersion(trx, id)) + 1;
    await DepartmentVersion.query(trx).insert({
      id: uuidv7(),
      organizationId,
      departmentId: id,
      number,
      definition,
      checksum: checksum(definition),
      createdBy: userId,
      note: note || null,
      authors: await takeAuthors(trx, id),
    });
    const schedules = await holdSchedules(trx, department);
    const changed = await department
      .$query(trx)
      .patchAndFetch({ status: 'active', publishedVersion: number, updatedAt: new Date() });
    await schedules.become({ definition, timezone });
    await audit(trx, session, {
      action: 'department.publish',
      target: targetOf(department),
      details: { version: number },
    });
    return { version: number, problems, view: await present(trx, changed) };
  });
  announce(deps, organizationId, view);
  return { version, problems };
}

/** What stands in the draft, once it is known that the caller may see it. Throws `not_found`. */
export async function readFrozen(deps: DepartmentDeps, session: Session, id: string): Promise<unknown> {
  await deps.db.withOrganization(session, (trx) => findDepartment(trx, id));
  return deps.drafts.read(id);
}

/** Who changed the draft since the last version. The next one begins with nobody. */
async function takeAuthors(trx: Knex.Transaction, departmentId: string): Promise<string[]> {
  const rows: { user_id: string }[] = await trx('platform.draft_changes').where({ departmentId }).delete('user_id');
  return [...new Set(rows.map((row) => row.user_id))];
}

/** The definition if it can run, with its warnings. Throws `invalid_definition`. */
export function publishable(
  { nodeTypes }: Pick<DepartmentDeps, 'nodeTypes'>,
  draft: unknown,
  locale: Locale,
  known: Known,
) {
  const { definition, problems } = validate(draft, nodeTypes, { locale, known });
  const all: readonly Problem[] = definition ? [...problems, ...scheduleProblems(definition, locale)] : problems;
  if (!definition || all.some(({ severity }) => severity === 'error')) {
    throw new ApiError('invalid_definition', { problems: all });
  }
  return { definition, problems: all };
}

async function lastVersion(trx: Knex.Transaction, departmentId: string): Promise<number> {
  const last = await DepartmentVersion.query(trx)
    .select('number')
    .where('departmentId', departmentId)
    .orderBy('number', 'desc')
    .first();
  return last?.number ?? 0;
}

const isNumberKey = (value: unknown): value is readonly [string] =>
  Array.isArray(value) && value.length === 1 && typeof value[0] === 'string' && /^\d{1,9}$/.test(value[0]);

export async function listVersions(
  deps: DepartmentDeps,
  session: Session,
  id: string,
  query: ListQuery,
): Promise<Page<VersionView>> {
  const before = readCursor(query, isNumberKey)?.[0];
  const rows = await deps.db.withOrganization(session, async (trx) => {
    await findDepartment(trx, id);
    return DepartmentVersion.query(trx)
      .where('departmentId', id)
      .where('number', '>', 0)
      .where((builder) => {
        if (before) void builder.where('number', '<', Number(before));
      })
      .orderBy('number', 'desc')
      .limit(query.limit + 1);
  });
  const names = await namesOf(deps.db, rows.flatMap(peopleOf));
  return toPage(
    rows,
    query.limit,
    (row) => presentVersion(row, names),
    (row) => [String(row.number)],
  );
}

export async function getVersion(
  deps: DepartmentDeps,
  session: Session,
  id: string,
  number: number,
): Promise<VersionWithDefinition> {
  const version = await deps.db.withOrganization(session, (trx) => findVersion(trx, id, number));
  return presentVersionWithDefinition(version, await namesOf(deps.db, peopleOf(version)));
}

/** Makes an old version the draft again. What is live changes with the next publish. */
export async function restoreVersion(
  deps: DepartmentDeps,
  session: Session,
  id: string,
  number: number,
): Promise<DepartmentView> {
  const definition = await deps.db.withOrganization(session, async (trx) => {
    const department = await findDepartment(trx, id);
    const version = await findVersion(trx, id, number);
    const details = { version: number };
    await audit(trx, session, { action: 'department.restore', target: targetOf(department), details });
    return version.definition;
  });
  await deps.drafts.write(id, definition, session.userId);
  return getDepartment(deps, session, id);
}

/** A version of a department. Throws `not_found`. */
export async function findVersion(
  trx: Knex.Transaction,
  departmentId: string,
  number: number,
): Promise<DepartmentVersion> {
  return found(await DepartmentVersion.query(trx).findOne({ departmentId, number }));
}
