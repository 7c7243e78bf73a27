import { z } from 'zod';
import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { permissionsOf } from '../../permissions.js';
import { originOf, personOf, sessionOf } from '../../plugins/authenticate.js';
import { limitAttempts, limitFailures } from '../../plugins/attempts.js';
import { perMinute } from '../../plugins/rateLimit.js';
import { roles } from '../../roles.js';
import { session } from '../auth/schemas.js';
import { errorBody, idParams, listQuery, noBody } from '../common.js';
import { bodyErrors, errors, itemBodyErrors, itemErrors, publicErrors } from '../errorResponses.js';
import {
  invite,
  type AdmitMail,
  joinAsMe,
  joinAsNew,
  listInvitations,
  lookAtInvitation,
  resendInvitation,
  revokeInvitation,
} from './invitations.js';
import {
  invitationCreate,
  invitationLook,
  invitationsPage,
  invitationView,
  joinBody,
  lookBody,
  memberParams,
  memberPatch,
  membersPage,
  rolesView,
  transferBody,
} from './schemas.js';
import { leave, listMembers, patchMember, removeMember, transfer } from './service.js';

const tags = ['members'];
const read = { access: { permission: 'members:read' } } as const;
const write = { access: { permission: 'members:write' } } as const;
const done = z.null().meta({ description: 'Done' });
const DAY_MS = 24 * 3_600_000;
const here = '/organizations/current';
const publicBodyErrors = { ...publicErrors, 409: errorBody, 413: errorBody, 415: errorBody } as const;

export async function membersRoutes(app: App, deps: AppDeps): Promise<void> {
  const passwords = limitFailures(app, { name: 'password', accountOf: (request) => personOf(request).userId });
  // Nobody's mailbox is filled by strangers who invite it again and again, whatever number of organizations they make for it.
  const toAddress = limitAttempts(app, { name: 'invitation to', max: 10, windowMs: DAY_MS });
  const fromOrganization = limitAttempts(app, { name: 'invitation from', max: 200, windowMs: DAY_MS });
  const admitMail: AdmitMail = async (organizationId, email) => {
    await toAddress.take(email.toLowerCase());
    await fromOrganization.take(organizationId);
  };

  app.get(
    `${here}/members`,
    {
      config: read,
      schema: { tags, summary: 'Who works here', querystring: listQuery, response: { 200: membersPage, ...errors } },
    },
    (request) => listMembers(deps, sessionOf(request), request.query),
  );
  app.patch(
    `${here}/members/:userId`,
    {
      config: write,
      schema: {
        tags,
        summary: "Change somebody's role",
        description: 'An owner changes by a transfer alone.',
        params: memberParams,
        body: memberPatch,
        response: { 204: done, ...itemBodyErrors },
      },
    },
    async (request, reply) => {
      await patchMember(deps, sessionOf(request), request.params.userId, request.body);
      return reply.code(204).send(null);
    },
  );
  app.delete(
    `${here}/members/:userId`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Take somebody out',
        description: 'Their API keys here end too.',
        params: memberParams,
        response: { 204: done, ...itemErrors, 409: bodyErrors[409] },
      },
    },
    async (request, reply) => {
      await removeMember(deps, sessionOf(request), request.params.userId);
      return reply.code(204).send(null);
    },
  );
  app.post(
    `${here}/leave`,
    {
      config: { access: { person: 'whoever joined may leave' } },
      schema: { tags, summary: 'Leave the organization', body: noBody, response: { 204: done, ...bodyErrors } },
    },
    async (request, reply) => {
      await leave(deps, personOf(request));
      return reply.code(204).send(null);
    },
  );
  app.post(
    `${here}/transfer`,
    {
      config: { access: { permission: 'organization:transfer' } },
      schema: {
        tags,
        summary: 'Hand the organization over',
        description: 'Somebody else becomes its owner, and you an admin. Asks for your password; not for API keys.',
        body: transferBody,
        response: { 204: done, ...itemBodyErrors },
      },
    },
    async (request, reply) => {
      await passwords.guard(request, () => transfer(deps, personOf(request), request.body));
      return reply.code(204).send(null);
    },
  );
  app.get(
    `${here}/roles`,
    {
      config: read,
      schema: { tags, summary: 'What each role may do', response: { 200: rolesView, ...errors } },
    },
    async () => ({ items: roles.map((role) => ({ role, permissions: permissionsOf(role) })) }),
  );
  app.get(
    `${here}/invitations`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Open invitations, newest first',
        querystring: listQuery,
        response: { 200: invitationsPage, ...errors },
      },
    },
    (request) => listInvitations(deps, sessionOf(request), request.query),
  );
  app.post(
    `${here}/invitations`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Invite somebody by mail',
        description:
          'Good for 7 days. Another one to the same address replaces it. At most 10 mails a day to one address, and 200 from one organization.',
        body: invitationCreate,
        response: { 201: invitationView, ...bodyErrors },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await invite({ ...deps, admitMail }, sessionOf(request), request.body)),
  );
  app.post(
    `${here}/invitations/:id/resend`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Send an invitation again',
        params: idParams,
        body: noBody,
        response: { 200: invitationView, ...itemBodyErrors },
      },
    },
    (request) => resendInvitation({ ...deps, admitMail }, sessionOf(request), request.params.id),
  );
  app.delete(
    `${here}/invitations/:id`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Withdraw an invitation',
        params: idParams,
        response: { 204: done, ...itemErrors, 409: bodyErrors[409] },
      },
    },
    async (request, reply) => {
      await revokeInvitation(deps, sessionOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/auth/invitations/look',
    {
      config: { access: { public: 'the token of the mail is the credential' }, rateLimit: perMinute(60) },
      schema: {
        tags,
        summary: 'What an invitation is to',
        body: lookBody,
        response: { 200: invitationLook, ...publicBodyErrors },
      },
    },
    (request) => lookAtInvitation(deps, request.body.token),
  );
  app.post(
    '/auth/invitations/join',
    {
      config: { access: { public: 'the token of the mail is the credential' }, rateLimit: perMinute(60) },
      schema: {
        tags,
        summary: 'Accept an invitation with a new account',
        body: joinBody,
        response: { 201: session, ...publicBodyErrors },
      },
    },
    async (request, reply) => reply.code(201).send(await joinAsNew(deps, request.body, originOf(request))),
  );
  app.post(
    '/auth/invitations/accept',
    {
      config: { access: { person: 'whoever is signed in may accept what was sent to them' } },
      schema: {
        tags,
        summary: 'Accept an invitation with my account',
        body: lookBody,
        response: { 200: session, ...bodyErrors },
      },
    },
    (request) => joinAsMe(deps, personOf(request), request.body.token),
  );
}
