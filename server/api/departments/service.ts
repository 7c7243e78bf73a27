import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import { Department } from '#db/models/department.js';
import { DepartmentVersion } from '#db/models/departmentVersion.js';
import { Organization } from '#db/models/organization.js';
import type { Definition, Problem } from '#engine/graph/definition.js';
import { validate } from '#engine/graph/validate.js';
import type { Locale } from '#nodes/sdk/text.js';
import { audit } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import { ApiError, found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { queryOf } from '../../sql.js';
import type { Page } from '../common.js';
import { readIdCursor, toPage } from '../paging.js';
import { definitionIn } from '../templates/hire.js';
import { findDepartment } from './find.js';
import { knownOf } from './known.js';
import { presentDepartment } from './present.js';
import { holdSchedules, timezoneFor } from './schedules.js';
import type { DepartmentCreate, DepartmentPatch, DepartmentsQuery, DepartmentView } from './schemas.js';

export type DepartmentDeps = Pick<AppDeps, 'db' | 'bus' | 'drafts' | 'nodeTypes' | 'templates' | 'modelCatalogue'>;

const empty: Definition = { format: 1, nodes: [], edges: [], settings: {} };

/**
 * A department with a draft: the template's, the one given, or an empty one. Throws `forbidden` to whoever is limited to departments: they
 * would not see it. `invalid_definition`, `not_found`.
 */
export async function createDepartment(
  deps: DepartmentDeps,
  session: Session,
  body: DepartmentCreate,
  locale: Locale,
): Promise<DepartmentView> {
  const { organizationId } = session;
  if (session.departments) throw new ApiError('forbidden');
  const template = body.template === undefined ? null : found(deps.templates.find(body.template));
  return deps.db.withOrganization(session, async (trx) => {
    const given = body.definition ? (await readDraft(deps, trx, body.definition, locale)).definition : empty;
    const organization = found(await Organization.query(trx).findById(organizationId));
    const department = await Department.query(trx).insertAndFetch({
      id: uuidv7(),
      organizationId,
      name: body.name,
      type: template?.slug ?? 'custom',
      status: 'draft',
      templateSlug: template?.slug ?? null,
      draft: template ? definitionIn(template, organization.locale as Locale) : given,
    });
    await audit(trx, session, {
      action: 'department.create',
      target: targetOf(department),
      details: { template: department.templateSlug },
    });
    return presentDepartment(department, null);
  });
}

/** A department, as the audit log names it. */
export const targetOf = ({ id, name }: Department) => ({ type: 'department', id, name });

export async function listDepartments(
  deps: DepartmentDeps,
  session: Session,
  query: DepartmentsQuery,
): Promise<Page<DepartmentView>> {
  const before = readIdCursor(query);
  const read = () =>
    deps.db.withOrganization(session, async (trx) => {
      const rows = await Department.query(trx)
        .whereNull('dismissedAt')
        .where((builder) => {
          if (before) void builder.where('id', '<', before);
          if (query.status) void builder.where('status', query.status);
        })
        .orderBy('id', 'desc')
        .limit(query.limit + 1);
      const live = await liveDefinitions(trx, rows);
      return toPage(
        rows,
        query.limit,
        (row) => presentDepartment(row, live.get(row.id) ?? null),
        (row) => [row.id],
      );
    });
  const page = await read();
  return (await deps.drafts.settle(page.items.map(({ id }) => id))) ? read() : page;
}

export async function getDepartment(deps: DepartmentDeps, session: Session, id: string): Promise<DepartmentView> {
  const read = () => deps.db.withOrganization(session, async (trx) => present(trx, await findDepartment(trx, id)));
  const view = await read();
  return (await deps.drafts.settle([id])) ? read() : view;
}

/** A new name, or active and paused. Throws `not_published` when it is made active before its first publish. */
export async function patchDepartment(
  deps: DepartmentDeps,
  session: Session,
  id: string,
  patch: DepartmentPatch,
): Promise<DepartmentView> {
  const { organizationId } = session;
  const view = await deps.db.withOrganization(session, async (trx) => {
    const timezone = patch.status && (await timezoneFor(trx, organizationId));
    const department = await findDepartment(trx, id, 'lock');
    if (patch.status && department.publishedVersion === null) throw new ApiError('not_published');
    const schedules = timezone && (await holdSchedules(trx, department));
    const changed = await department.$query(trx).patchAndFetch({ ...patch, updatedAt: new Date() });
    const shown = await present(trx, changed);
    await audit(trx, session, {
      action: 'department.update',
      target: targetOf(changed),
      details: { fields: Object.keys(patch), ...(patch.status && { status: patch.status }) },
    });
    if (schedules && timezone) {
      const definition = patch.status === 'active' ? shown.published?.definition : undefined;
      await schedules.become(definition ? { definition, timezone } : null);
    }
    return shown;
  });
  if (patch.status) announce(deps, organizationId, view);
  return view;
}

/**
 * Lets the department go: it answers nobody, starts nothing and is found no more. Its conversations and the record of its runs stay. What waits
 * is canceled, and so is what has not begun: nothing of a department that is gone wakes up in a month. What is at work ends.
 */
export async function deleteDepartment(deps: DepartmentDeps, session: Session, id: string): Promise<void> {
  const { organizationId } = session;
  const { view, canceled } = await deps.db.withOrganization(session, async (trx) => {
    const department = await findDepartment(trx, id, 'lock');
    await (await holdSchedules(trx, department)).become(null);
    const canceled = await cancelRuns(trx, id);
    await audit(trx, session, { action: 'department.dismiss', target: targetOf(department) });
    // What was typed and taken back is in the edits too: they go with the department, and so does what was said about it.
    await trx('platform.department_drafts').where({ departmentId: id }).delete();
    await trx('platform.department_comments').where({ departmentId: id }).delete();
    const gone = await department.$query(trx).patchAndFetch({ status: 'paused', dismissedAt: new Date() });
    return { view: await present(trx, gone), canceled };
  });
  deps.drafts.forget(id);
  announce(deps, organizationId, view);
  for (const run of canceled)
    deps.bus.publish(organizationId, { type: 'run', run: { ...run, departmentId: id, status: 'canceled' } });
}

/** In the order of their ids, as whoever answers several at once holds them. */
const cancelRuns = (
  trx: Knex.Transaction,
  departmentId: string,
): Promise<{ id: string; conversationId: string | null }[]> =>
  queryOf(trx)(
    `with ending as materialized (select id from platform.runs where department_id = $1
       and (status = 'waiting' or (status = 'queued' and started_at is null)) order by id for update)
     update platform.runs r set status = 'canceled', cancel_requested = true, finished_at = now() from ending where r.id = ending.id
     returning r.id, r.conversation_id as "conversationId"`,
    [departmentId],
  );

/** Makes the draft this definition and says what is wrong with it. Throws `invalid_definition` for what is not a definition at all. */
export async function putDraft(
  deps: DepartmentDeps,
  session: Session,
  id: string,
  given: unknown,
  locale: Locale,
): Promise<readonly Problem[]> {
  const read = await deps.db.withOrganization(session, async (trx) => {
    const { definition, problems } = await readDraft(deps, trx, given, locale);
    const department = await findDepartment(trx, id);
    // Whoever edits stores many drafts, and none of them is live: one line an hour says who was at it.
    await audit(trx, session, { action: 'department.draft', target: targetOf(department), quietMinutes: 60 });
    return { definition, problems };
  });
  await deps.drafts.write(id, read.definition, session.userId);
  return read.problems;
}

async function readDraft(
  deps: DepartmentDeps,
  trx: Knex.Transaction,
  given: unknown,
  locale: Locale,
): Promise<{ definition: Definition; problems: readonly Problem[] }> {
  const { definition, problems } = validate(given, deps.nodeTypes, { locale, known: await knownOf(deps, trx) });
  if (!definition) throw new ApiError('invalid_definition', { problems });
  return { definition, problems };
}

export async function present(trx: Knex.Transaction, department: Department): Promise<DepartmentView> {
  const live = await liveDefinitions(trx, [department]);
  return presentDepartment(department, live.get(department.id) ?? null);
}

async function liveDefinitions(
  trx: Knex.Transaction,
  departments: readonly Department[],
): Promise<ReadonlyMap<string, Definition>> {
  const published = departments.filter((department) => department.publishedVersion !== null);
  if (published.length === 0) return new Map();
  const versions = await DepartmentVersion.query(trx)
    .select('departmentId', 'definition')
    .whereInComposite(
      ['departmentId', 'number'],
      published.map(({ id, publishedVersion }) => [id, publishedVersion]),
    );
  return new Map(versions.map(({ departmentId, definition }) => [departmentId, definition]));
}

export function announce({ bus }: Pick<DepartmentDeps, 'bus'>, organizationId: string, view: DepartmentView): void {
  bus.publish(organizationId, { type: 'department', department: { id: view.id, status: view.status } });
}
