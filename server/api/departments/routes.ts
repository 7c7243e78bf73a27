import { z } from 'zod';
import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { localeOf } from '../../plugins/errorHandler.js';
import { idParams, listQuery, noBody, problemsBody } from '../common.js';
import { bodyErrors, errors, itemBodyErrors, itemErrors } from '../errorResponses.js';
import { listRuns } from '../runs/list.js';
import { runAccepted, runsPage } from '../runs/schemas.js';
import { getVersion, listVersions, publish, restoreVersion } from './publish.js';
import { runDepartment } from './run.js';
import { compareVersions, draftChanges } from './compare.js';
import {
  compareParams,
  departmentCreate,
  departmentPatch,
  departmentsPage,
  departmentsQuery,
  departmentView,
  diffView,
  draftBody,
  draftChangesView,
  problemsView,
  publishBody,
  publishView,
  runCreate,
  versionParams,
  versionsPage,
  versionWithDefinition,
} from './schemas.js';
import {
  createDepartment,
  deleteDepartment,
  getDepartment,
  listDepartments,
  patchDepartment,
  putDraft,
} from './service.js';

const tags = ['departments'];
const read = { access: { permission: 'departments:read' } } as const;
const write = { access: { permission: 'departments:write' } } as const;
/** `validate` refuses characters that cannot be stored: a definition is never changed on its way in. */
const writeDefinition = { ...write, asSent: 'definition' } as const;
/** A definition is at most 2 MB. */
const bodyLimit = 2_200_000;

export async function departmentsRoutes(app: App, deps: AppDeps): Promise<void> {
  app.post(
    '/departments',
    {
      config: writeDefinition,
      bodyLimit,
      schema: {
        tags,
        summary: 'Hire a department',
        description: 'From a template, from a definition, or empty.',
        body: departmentCreate,
        response: { 201: departmentView, ...itemBodyErrors, 422: problemsBody },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await createDepartment(deps, sessionOf(request), request.body, localeOf(request))),
  );
  app.get(
    '/departments',
    {
      config: read,
      schema: {
        tags,
        summary: 'All departments',
        querystring: departmentsQuery,
        response: { 200: departmentsPage, ...errors },
      },
    },
    (request) => listDepartments(deps, sessionOf(request), request.query),
  );
  app.get(
    '/departments/:id',
    {
      config: read,
      schema: { tags, summary: 'One department', params: idParams, response: { 200: departmentView, ...itemErrors } },
    },
    (request) => getDepartment(deps, sessionOf(request), request.params.id),
  );
  app.patch(
    '/departments/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Rename, pause or resume a department',
        params: idParams,
        body: departmentPatch,
        response: { 200: departmentView, ...itemBodyErrors },
      },
    },
    (request) => patchDepartment(deps, sessionOf(request), request.params.id, request.body),
  );
  app.delete(
    '/departments/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Dismiss a department',
        params: idParams,
        response: { 204: z.null().meta({ description: 'Gone' }), ...itemErrors, 409: bodyErrors[409] },
      },
    },
    async (request, reply) => {
      await deleteDepartment(deps, sessionOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
  app.put(
    '/departments/:id/draft',
    {
      config: writeDefinition,
      bodyLimit,
      schema: {
        tags,
        summary: 'Store the draft',
        description: 'A draft may have problems; they are listed, and errors among them stop a publish.',
        params: idParams,
        body: draftBody,
        response: { 200: problemsView, ...itemBodyErrors, 422: problemsBody },
      },
    },
    async (request) => ({
      problems: await putDraft(deps, sessionOf(request), request.params.id, request.body.definition, localeOf(request)),
    }),
  );
  app.post(
    '/departments/:id/publish',
    {
      config: { access: { permission: 'departments:publish' } },
      schema: {
        tags,
        summary: 'Make the draft live',
        description: 'The draft is frozen as the next version and the department becomes active.',
        params: idParams,
        body: publishBody,
        response: { 201: publishView, ...itemBodyErrors, 422: problemsBody },
      },
    },
    async (request, reply) =>
      reply
        .code(201)
        .send(await publish(deps, sessionOf(request), request.params.id, request.body?.note, localeOf(request))),
  );
  app.get(
    '/departments/:id/versions',
    {
      config: read,
      schema: {
        tags,
        summary: 'All versions, newest first',
        params: idParams,
        querystring: listQuery,
        response: { 200: versionsPage, ...itemErrors },
      },
    },
    (request) => listVersions(deps, sessionOf(request), request.params.id, request.query),
  );
  app.get(
    '/departments/:id/versions/:version',
    {
      config: read,
      schema: {
        tags,
        summary: 'One version',
        params: versionParams,
        response: { 200: versionWithDefinition, ...itemErrors },
      },
    },
    (request) => getVersion(deps, sessionOf(request), request.params.id, request.params.version),
  );
  app.get(
    '/departments/:id/versions/:version/compare/:other',
    {
      config: read,
      schema: {
        tags,
        summary: 'What changed from one version to another',
        params: compareParams,
        response: { 200: diffView, ...itemErrors },
      },
    },
    (request) => {
      const { id, version, other } = request.params;
      return compareVersions(deps, sessionOf(request), id, version, other);
    },
  );
  app.get(
    '/departments/:id/changes',
    {
      config: read,
      schema: {
        tags,
        summary: 'What the next publish would change, and whose changes they are',
        params: idParams,
        response: { 200: draftChangesView, ...itemErrors },
      },
    },
    (request) => draftChanges(deps, sessionOf(request), request.params.id),
  );
  app.post(
    '/departments/:id/versions/:version/restore',
    {
      config: write,
      schema: {
        tags,
        summary: 'Make an old version the draft again',
        params: versionParams,
        body: noBody,
        response: { 200: departmentView, ...itemBodyErrors },
      },
    },
    (request) => restoreVersion(deps, sessionOf(request), request.params.id, request.params.version),
  );
  app.post(
    '/departments/:id/runs',
    {
      config: { access: { permission: 'departments:run' }, cost: 'expensive' },
      schema: {
        tags,
        summary: 'Start a run by hand',
        params: idParams,
        body: runCreate,
        response: { 202: runAccepted, ...itemBodyErrors, 422: problemsBody },
      },
    },
    async (request, reply) => {
      const run = await runDepartment(deps, sessionOf(request), request.params.id, request.body, localeOf(request));
      return reply.code(202).send({ run });
    },
  );
  app.get(
    '/departments/:id/runs',
    {
      config: { access: { permission: 'runs:read' } },
      schema: {
        tags,
        summary: "A department's runs, newest first",
        params: idParams,
        querystring: listQuery,
        response: { 200: runsPage, ...itemErrors },
      },
    },
    async (request) => {
      const session = sessionOf(request);
      await getDepartment(deps, session, request.params.id);
      return listRuns(deps, session, { ...request.query, departmentId: request.params.id });
    },
  );
}
