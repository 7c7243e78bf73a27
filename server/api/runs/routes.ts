import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { localeOf } from '../../plugins/errorHandler.js';
import { idParams, listQuery, noBody, problemsBody } from '../common.js';
import { errors, itemBodyErrors, itemErrors } from '../errorResponses.js';
import { cancel, resume, retry } from './control.js';
import { listOpenEffects } from './effects.js';
import { fork } from './fork.js';
import { replay } from './replay.js';
import { resolveEffect } from './resolveEffect.js';
import {
  effectParams,
  effectResolved,
  effectsPage,
  forkBody,
  replayBody,
  resolveBody,
  resumeBody,
  runAccepted,
  runDefinitionView,
  runsPage,
  runsQuery,
  runWithSteps,
  stepsPage,
  stepsQuery,
  timelineView,
} from './schemas.js';
import { getRun, getRunDefinition } from './service.js';
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
    '/runs/:id/definition',
    {
      config: read,
      schema: {
        tags,
        summary: 'The department as it was when a run began',
        description: 'What the run keeps to until its end: a published version, or a draft as it was tried.',
        params: idParams,
        response: { 200: runDefinitionView, ...itemErrors },
      },
    },
    (request) => getRunDefinition(deps, sessionOf(request), request.params.id),
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
  app.get(
    '/effects',
    {
      config: read,
      schema: {
        tags,
        summary: 'Actions of which somebody must say whether they happened, oldest first',
        querystring: listQuery,
        response: { 200: effectsPage, ...errors },
      },
    },
    (request) => listOpenEffects(deps, sessionOf(request), request.query),
  );
  app.post(
    '/runs/:id/effects/:effectId/resolve',
    {
      config: control,
      schema: {
        tags,
        summary: 'Say whether an uncertain action happened',
        params: effectParams,
        body: resolveBody,
        response: { 202: effectResolved, ...itemBodyErrors },
      },
    },
    async (request, reply) => {
      const { id, effectId } = request.params;
      return reply.code(202).send(await resolveEffect(deps, sessionOf(request), id, effectId, request.body));
    },
  );
  app.post(
    '/runs/:id/resume',
    {
      config: control,
      schema: {
        tags,
        summary: 'Answer a waiting run',
        description:
          'A question to the house that offers choices takes one of them: by its value, its title or its number. Any other answer is a 400 that names them, and the question stays open.',
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
  app.post(
    '/runs/:id/fork',
    {
      config: { ...control, cost: 'expensive' },
      schema: {
        tags,
        summary: 'Branch off from a step of a run',
        description:
          'Makes a new run. It recalls every step that does not depend on the named one and executes the rest. Nothing is done outside unless `effects` says `perform`: then messages are sent and requests made by the steps that are executed, once more. A run that has ended or waits can be forked.',
        params: idParams,
        body: forkBody,
        response: { 202: runAccepted, 422: problemsBody, ...itemBodyErrors },
      },
    },
    async (request, reply) =>
      reply.code(202).send({
        run: await fork(deps, sessionOf(request), request.params.id, request.body, localeOf(request)),
      }),
  );
  app.post(
    '/runs/:id/replay',
    {
      config: { ...control, cost: 'expensive' },
      schema: {
        tags,
        summary: 'Repeat a run with the same input',
        description:
          'Makes a new run from the start. Nothing is done outside unless `effects` says `perform`; a rehearsal takes the answers that people gave in the run before.',
        params: idParams,
        body: replayBody.nullish(),
        response: { 202: runAccepted, 422: problemsBody, ...itemBodyErrors },
      },
    },
    async (request, reply) =>
      reply.code(202).send({
        run: await replay(
          deps,
          sessionOf(request),
          request.params.id,
          request.body ?? { effects: 'rehearse' },
          localeOf(request),
        ),
      }),
  );
}
