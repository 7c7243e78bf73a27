import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { idParams, listQuery, noBody } from '../common.js';
import { errors, itemBodyErrors, itemErrors } from '../errorResponses.js';
import { answer, assign, close, release } from './handle.js';
import {
  answerBody,
  conversationsPage,
  conversationsQuery,
  conversationView,
  messagesPage,
  messageView,
} from './schemas.js';
import { getConversation, listConversations, listMessages } from './service.js';

const tags = ['conversations'];
const read = { access: { permission: 'conversations:read' } } as const;
const config = { access: { permission: 'conversations:answer' } } as const;

/** What a person does to a conversation without saying anything. */
const acts = [
  { path: 'assign', summary: 'Take a conversation over: the team goes quiet', act: assign },
  { path: 'release', summary: 'Give a conversation back to the team', act: release },
  { path: 'close', summary: 'End a conversation', act: close },
] as const;

export async function conversationsRoutes(app: App, deps: AppDeps): Promise<void> {
  app.get(
    '/conversations',
    {
      config: read,
      schema: {
        tags,
        summary: 'The inbox, most recent first',
        querystring: conversationsQuery,
        response: { 200: conversationsPage, ...errors },
      },
    },
    (request) => listConversations(deps, sessionOf(request), request.query),
  );
  app.get(
    '/conversations/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'One conversation',
        params: idParams,
        response: { 200: conversationView, ...itemErrors },
      },
    },
    (request) => getConversation(deps, sessionOf(request), request.params.id),
  );
  app.get(
    '/conversations/:id/messages',
    {
      config: read,
      schema: {
        tags,
        summary: 'Its messages, newest first',
        params: idParams,
        querystring: listQuery,
        response: { 200: messagesPage, ...itemErrors },
      },
    },
    (request) => listMessages(deps, sessionOf(request), request.params.id, request.query),
  );
  app.post(
    '/conversations/:id/messages',
    {
      config,
      schema: {
        tags,
        summary: 'Answer a customer oneself',
        params: idParams,
        body: answerBody,
        response: { 201: messageView, ...itemBodyErrors },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await answer(deps, sessionOf(request), request.params.id, request.body)),
  );
  for (const { path, summary, act } of acts) {
    app.post(
      `/conversations/:id/${path}`,
      {
        config,
        schema: {
          tags,
          summary,
          params: idParams,
          body: noBody,
          response: { 200: conversationView, ...itemBodyErrors },
        },
      },
      (request) => act(deps, sessionOf(request), request.params.id),
    );
  }
}
