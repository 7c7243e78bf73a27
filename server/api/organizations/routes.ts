import { z } from 'zod';
import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { limitFailures } from '../../plugins/attempts.js';
import { personOf, sessionOf } from '../../plugins/authenticate.js';
import { localeOf } from '../../plugins/errorHandler.js';
import { confirmBody } from '../account/schemas.js';
import { noBody, shortListQuery } from '../common.js';
import { pageOf } from '../paging.js';
import { bodyErrors, errors } from '../errorResponses.js';
import { deleteOrganization, makeOrganization, myOrganizations } from './owned.js';
import {
  keyRenewed,
  myOrganization,
  myOrganizationsPage,
  organizationCreate,
  organizationPatch,
  organizationView,
  retentionPatch,
  retentionView,
} from './schemas.js';
import { currentRetention, patchRetention } from './retention.js';
import { currentOrganization, patchOrganization, renewKey } from './service.js';

const tags = ['organizations'];

export async function organizationsRoutes(app: App, deps: AppDeps): Promise<void> {
  const passwords = limitFailures(app, { name: 'password', accountOf: (request) => personOf(request).userId });

  app.get(
    '/organizations/current',
    {
      config: { access: { permission: 'organization:read' } },
      schema: { tags, summary: "The caller's organization", response: { 200: organizationView, ...errors } },
    },
    (request) => currentOrganization(deps, sessionOf(request)),
  );
  app.patch(
    '/organizations/current',
    {
      config: { access: { permission: 'organization:write' } },
      schema: {
        tags,
        summary: 'Change its name, language, time zone or profile',
        body: organizationPatch,
        response: { 200: organizationView, ...bodyErrors },
      },
    },
    (request) => patchOrganization(deps, sessionOf(request), request.body),
  );
  app.post(
    '/organizations/current/key',
    {
      config: { access: { permission: 'organization:rotateKey' } },
      schema: {
        tags,
        summary: 'Renew the key that seals what is secret and personal',
        description:
          'The new key seals from now on. What the one before sealed stays readable and is sealed anew by itself, which begins after some minutes; then the old key is destroyed.',
        body: noBody,
        response: { 201: keyRenewed, ...bodyErrors },
      },
    },
    async (request, reply) => reply.code(201).send(await renewKey(deps, sessionOf(request))),
  );
  app.get(
    '/organizations/current/retention',
    {
      config: { access: { permission: 'organization:read' } },
      schema: { tags, summary: 'How long runs are kept', response: { 200: retentionView, ...errors } },
    },
    (request) => currentRetention(deps, sessionOf(request)),
  );
  app.patch(
    '/organizations/current/retention',
    {
      config: { access: { permission: 'organization:write' } },
      schema: {
        tags,
        summary: 'Change how long runs are kept',
        description: 'What is over the new limit goes within the hour and does not come back.',
        body: retentionPatch,
        response: { 200: retentionView, ...bodyErrors },
      },
    },
    (request) => patchRetention(deps, sessionOf(request), request.body, localeOf(request)),
  );
  app.get(
    '/organizations',
    {
      config: { access: { person: 'where one belongs' } },
      schema: {
        tags,
        summary: 'My organizations',
        querystring: shortListQuery,
        response: { 200: myOrganizationsPage, ...errors },
      },
    },
    async (request) => pageOf(await myOrganizations(deps, personOf(request)), request.query, ({ id }) => id),
  );
  app.post(
    '/organizations',
    {
      config: { access: { person: 'anybody may begin a business' } },
      schema: {
        tags,
        summary: 'Make another organization',
        description: 'You own it. `POST /auth/switch` takes you there.',
        body: organizationCreate,
        response: { 201: myOrganization, ...bodyErrors },
      },
    },
    async (request, reply) => reply.code(201).send(await makeOrganization(deps, personOf(request), request.body)),
  );
  app.delete(
    '/organizations/current',
    {
      config: { access: { permission: 'organization:delete' } },
      schema: {
        tags,
        summary: 'Delete the organization',
        description:
          'With its departments, conversations, knowledge and runs, for ever. Asks for your password; not for API keys.',
        body: confirmBody,
        response: { 204: z.null().meta({ description: 'Gone' }), ...bodyErrors },
      },
    },
    async (request, reply) => {
      await passwords.guard(request, () => deleteOrganization(deps, personOf(request), request.body.password));
      return reply.code(204).send(null);
    },
  );
}
