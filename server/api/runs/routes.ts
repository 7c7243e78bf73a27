import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { idParams, noBody } from '../common.js';
import { errors, itemBodyErrors, itemErrors } from '../errorResponses.js';
import { cancel, resume, retry } from './control.js';
import {
  resumeBody,
  runAccepted,
  runsPage,
  runsQuery,
  runWithSteps,
  stepsPage,
  stepsQuery,
  timelineView,
} from './schemas.js';
import { getRun } from './service.js';
import { listRuns } from './list.js';
import { getTimeline, listSteps } from './timeline.js';

const tags = ['runs'];
const read = { access: { permission: 'runs:read' } } as const;
const control = { access: { permission: 'runs:control' } } as const;

export async function runsRoutes(app: App, deps: AppDeps): Promise<void> {
  app.get(
    '/runs',
    {
      config: read,
      schema: { tags, summary: 'Runs, newest first', querystring: runsQuery, response: { 200: runsPage, ...errors } },
    },
    (request) => listRuns(deps, sessionOf(request), request.query),
  );
  app.get(
    '/runs/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'One run, step by step',
        params: idParams,
        response: { 200: runWithSteps, ...itemErrors },
      },
    },
    (request) => getRun(deps, sessionOf(request), request.params.id),
  );
  app.get(
    '/runs/:id/timeline',
    {
      config: read,
      schema: {
        tags,
        summary: 'When each step of a run worked and waited',
        params: idParams,
        response: { 200: timelineView, ...itemErrors },
      },
    },
    (request) => getTimeline(deps, sessionOf(request), request.params.id),
  );
  app.get(
    '/runs/:id/steps',
    {
      config: read,
      schema: {
        tags,
        summary: 'Every try of every step, with what went in and out, by path',
        params: idParams,
        querystring: stepsQuery,
        response: { 200: stepsPage, ...itemErrors },
      },
    },
    (request) => listSteps(deps, sessionOf(request), request.params.id, request.query),
  );
  app.post(
    '/runs/:id/resume',
    {
      config: control,
      schema: {
        tags,
        summary: 'Answer a waiting run',
        params: idParams,
        body: resumeBody,
        response: { 202: runAccepted, ...itemBodyErrors },
      },
    },
    async (request, reply) =>
      reply.code(202).send({ run: await resume(deps, sessionOf(request), request.params.id, request.body) }),
  );
  app.post(
    '/runs/:id/cancel',
    {
      config: control,
      schema: {
        tags,
        summary: 'Stop a run',
        params: idParams,
        body: noBody,
        response: { 202: runAccepted, ...itemBodyErrors },
      },
    },
    async (request, reply) => reply.code(202).send({ run: await cancel(deps, sessionOf(request), request.params.id) }),
  );
  app.post(
    '/runs/:id/retry',
    {
      config: { ...control, cost: 'expensive' },
      schema: {
        tags,
        summary: 'Take a failed run up again',
        params: idParams,
        body: noBody,
        response: { 202: runAccepted, ...itemBodyErrors },
      },
    },
    async (request, reply) => reply.code(202).send({ run: await retry(deps, sessionOf(request), request.params.id) }),
  );
}
