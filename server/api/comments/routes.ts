import { z } from 'zod';
import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { idParams } from '../common.js';
import { bodyErrors, itemBodyErrors, itemErrors } from '../errorResponses.js';
import {
  commentParams,
  commentPatch,
  replyCreate,
  threadCreate,
  threadsPage,
  threadsQuery,
  threadView,
} from './schemas.js';
import { beginThread, deleteComment, listThreads, patchComment, reply } from './service.js';

const tags = ['comments'];
const read = { access: { permission: 'comments:read' } } as const;
const write = { access: { permission: 'comments:write' } } as const;

/** What people say to each other about a department, pinned to its nodes. It is no part of any version, and stays through all of them. */
export async function commentsRoutes(app: App, deps: AppDeps): Promise<void> {
  app.get(
    '/departments/:id/comments',
    {
      config: read,
      schema: {
        tags,
        summary: 'Threads of comments, newest first',
        params: idParams,
        querystring: threadsQuery,
        response: { 200: threadsPage, ...itemErrors },
      },
    },
    (request) => listThreads(deps, sessionOf(request), request.params.id, request.query),
  );
  app.post(
    '/departments/:id/comments',
    {
      config: write,
      schema: {
        tags,
        summary: 'Begin a thread of comments',
        description: 'At a node, or about the department as a whole. Whoever is mentioned gets a mail.',
        params: idParams,
        body: threadCreate,
        response: { 201: threadView, ...itemBodyErrors },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await beginThread(deps, sessionOf(request), request.params.id, request.body)),
  );
  app.post(
    '/departments/:id/comments/:commentId/replies',
    {
      config: write,
      schema: {
        tags,
        summary: 'Answer in a thread',
        description: 'A thread that was resolved is open again.',
        params: commentParams,
        body: replyCreate,
        response: { 201: threadView, ...itemBodyErrors },
      },
    },
    async (request, answer) => {
      const { id, commentId } = request.params;
      return answer.code(201).send(await reply(deps, sessionOf(request), id, commentId, request.body));
    },
  );
  app.patch(
    '/departments/:id/comments/:commentId',
    {
      config: write,
      schema: {
        tags,
        summary: 'Change a comment, resolve a thread or open it again',
        description: 'The text changes whoever wrote it; a thread resolves whoever may comment.',
        params: commentParams,
        body: commentPatch,
        response: { 200: threadView, ...itemBodyErrors },
      },
    },
    (request) => patchComment(deps, sessionOf(request), request.params.id, request.params.commentId, request.body),
  );
  app.delete(
    '/departments/:id/comments/:commentId',
    {
      config: write,
      schema: {
        tags,
        summary: 'Take a comment away',
        params: commentParams,
        response: { 204: z.null().meta({ description: 'Gone' }), ...itemErrors, 409: bodyErrors[409] },
      },
    },
    async (request, answer) => {
      await deleteComment(deps, sessionOf(request), request.params.id, request.params.commentId);
      return answer.code(204).send(null);
    },
  );
}
