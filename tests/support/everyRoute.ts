import { uuidv7 } from 'uuidv7';
import type { Session } from '#server/api/auth/schemas.js';
import type { ListedRoute } from '#server/plugins/routeList.js';
import type { TestApp } from './app.js';
import { createAuthenticator } from './authenticator.js';
import { join } from './people.js';
import { prefix } from './routes.js';

/** What every route is asked about: things with ids, a good body, and the address made of both. */

export interface Things {
  readonly session: Session;
  readonly department: string;
  readonly channel: string;
  readonly conversation: string;
  readonly run: string;
  /** An uncertain one of that run. */
  readonly effect: string;
  /** On the department. */
  readonly comment: string;
  readonly source: string;
  readonly signIn: string;
  readonly passkey: string;
  readonly member: string;
  readonly invitation: string;
  readonly key: string;
  readonly connection: string;
}

/** A department at work with a channel, a conversation and a run of its own. */
export async function makeWork(
  server: TestApp,
  session: Session,
  name: string,
): Promise<Pick<Things, 'department' | 'channel' | 'conversation' | 'run' | 'effect' | 'comment'>> {
  const post = poster(server, session);
  const department = (await post('/departments', { name, template: 'customer-service' })).id as string;
  await post(`/departments/${department}/publish`);
  const channel = (await post('/integrations/simulator', { departmentId: department })).id as string;
  const message = await post(`/simulator/${channel}/messages`, { from: 'ana', text: 'oi' });
  const { run } = await post(`/departments/${department}/runs`, { input: { text: 'oi' } });
  const effect = uuidv7();
  await server.db.engine.query(
    `insert into platform.effects (id, run_id, key, organization_id, state, worker) values ($1, $2, 'send:message:1', $3, 'uncertain', 'w@1')`,
    [effect, run.id, session.organization.id],
  );
  const { id: comment } = await post(`/departments/${department}/comments`, { text: 'Falta o domingo' });
  const conversation = message.conversation.id as string;
  return { department, channel, conversation, run: run.id as string, effect, comment: comment as string };
}

const poster = (server: TestApp, session: Session) => async (path: string, body?: unknown) => {
  const answer = await server.call('POST', path, { as: session, body });
  if (answer.status >= 300) throw new Error(`POST ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};

/** A new organization with one of everything that has an id. */
export async function makeThings(server: TestApp, name: string): Promise<Things> {
  const session = await server.register(name);
  const post = poster(server, session);
  const work = await makeWork(server, session, name);
  const source = (await post('/knowledge/sources', { title: 'Horários', text: 'Abrimos às 6h.' })).id as string;
  await server.call('POST', '/auth/login', { body: { email: session.user.email, password: 'pão quentinho às 6' } });
  const member = (await join(server, session, 'member')).user.id;
  const { id: invitation } = await post('/organizations/current/invitations', {
    email: `${uuidv7()}@example.com`,
    role: 'viewer',
  });
  const { id: key } = await post('/api-keys', { name: 'Caixa', permissions: ['runs:read'] });
  const { id: connection } = await post('/integrations/connections', {
    kind: 'bearer',
    name: 'Loja',
    hosts: ['api.example.com'],
    secret: 'a-secret',
  });
  const signIns = await server.call('GET', '/auth/sessions', { as: session });
  const signIn = signIns.body.items.find((item: { current: boolean }) => !item.current).id as string;
  const { handle, options } = await post('/account/passkeys/options', { password: 'pão quentinho às 6' });
  const passkey = { name: 'Celular', handle, response: createAuthenticator().create(options) };
  const passkeyId = (await post('/account/passkeys', passkey)).id as string;
  return {
    session,
    ...work,
    source,
    signIn,
    member,
    invitation: invitation as string,
    key: key as string,
    connection: connection as string,
    passkey: passkeyId,
  };
}

/** What the first parameter of a route names, by the beginning of the route. */
export const named: readonly [string, keyof Omit<Things, 'session'>][] = [
  ['/departments/:id', 'department'],
  ['/runs/:id', 'run'],
  ['/conversations/:id', 'conversation'],
  ['/knowledge/sources/:id', 'source'],
  ['/integrations/:id', 'channel'],
  ['/integrations/connections/:id', 'connection'],
  ['/simulator/:channelId', 'channel'],
  ['/auth/sessions/:id', 'signIn'],
  ['/organizations/current/members/:userId', 'member'],
  ['/organizations/current/invitations/:id', 'invitation'],
  ['/api-keys/:id', 'key'],
  ['/account/passkeys/:id', 'passkey'],
];

/** A good body for every route that takes one. */
export const bodies: Readonly<Record<string, (things: Things) => Record<string, unknown>>> = {
  'POST /auth/register': () => ({
    email: `${uuidv7()}@example.com`,
    password: 'pão quentinho às 6',
    name: 'A',
    organizationName: 'A',
  }),
  'POST /auth/login': ({ session }) => ({ email: session.user.email, password: 'pão quentinho às 6' }),
  'POST /auth/refresh': () => ({ refreshToken: 'x' }),
  'POST /auth/logout': () => ({ refreshToken: 'x' }),
  'POST /auth/sample': () => ({}),
  'POST /auth/verify-email': () => ({ token: 'x' }),
  'POST /auth/password/forgot': () => ({ email: 'nobody@example.com' }),
  'POST /auth/password/reset': () => ({ token: 'x', password: 'pão quentinho às 7' }),
  'POST /auth/switch': ({ session }) => ({ organizationId: session.organization.id }),
  'POST /realtime/ticket': () => ({}),
  'POST /auth/login/totp': () => ({ challenge: 'x', code: '123456' }),
  'POST /auth/passkeys/options': () => ({}),
  'POST /auth/passkeys/login': () => ({ handle: 'x', response: createAuthenticator().get({ challenge: 'x' }) }),
  'POST /account/totp': () => ({ password: 'x' }),
  'POST /account/totp/confirm': () => ({ code: '123456' }),
  'DELETE /account/totp': () => ({ password: 'x' }),
  'POST /account/recovery-codes': () => ({ password: 'x' }),
  'POST /account/passkeys/options': () => ({ password: 'x' }),
  'POST /account/passkeys': () => ({
    name: 'Celular',
    handle: 'x',
    response: createAuthenticator().create({ challenge: 'x' }),
  }),
  'DELETE /account/passkeys/:id': () => ({ password: 'pão quentinho às 6' }),
  'PATCH /account': () => ({ name: 'Lúcia' }),
  'POST /account/email': () => ({ email: `${uuidv7()}@example.com`, password: 'pão quentinho às 6' }),
  'POST /account/verify-email': () => ({}),
  'POST /account/password': () => ({ currentPassword: 'x', newPassword: 'pão quentinho às 7' }),
  'DELETE /account': () => ({ password: 'x' }),
  'POST /organizations': () => ({ name: 'Confeitaria' }),
  'DELETE /organizations/current': () => ({ password: 'x' }),
  'PATCH /organizations/current/members/:userId': () => ({ role: 'viewer' }),
  'POST /organizations/current/leave': () => ({}),
  'POST /organizations/current/transfer': ({ member }) => ({ userId: member, password: 'x' }),
  'POST /organizations/current/invitations': () => ({ email: `${uuidv7()}@example.com`, role: 'viewer' }),
  'POST /organizations/current/invitations/:id/resend': () => ({}),
  'POST /auth/invitations/look': () => ({ token: 'x' }),
  'POST /auth/invitations/join': () => ({ token: 'x', name: 'Ana', password: 'pão quentinho às 7' }),
  'POST /auth/invitations/accept': () => ({ token: 'x' }),
  'POST /api-keys': () => ({ name: 'Caixa', permissions: ['runs:read'] }),
  'POST /organizations/current/key': () => ({}),
  'PATCH /organizations/current': () => ({ name: 'Padaria' }),
  'PATCH /organizations/current/retention': () => ({ payloadDays: 60 }),
  'POST /departments': () => ({ name: 'Vazio' }),
  'PATCH /departments/:id': () => ({ name: 'Balcão' }),
  'PUT /departments/:id/draft': () => ({ definition: { format: 1, nodes: [], edges: [], settings: {} } }),
  'POST /departments/:id/publish': () => ({}),
  'POST /departments/:id/versions/:version/restore': () => ({}),
  'POST /departments/:id/comments': () => ({ text: 'Falta o domingo' }),
  'POST /departments/:id/comments/:commentId/replies': () => ({ text: 'Feito' }),
  'PATCH /departments/:id/comments/:commentId': () => ({ resolved: true }),
  'POST /departments/:id/proposals': () => ({ request: 'Renomeie "Sente o clima" para "Humor"' }),
  'POST /departments/:id/runs': () => ({ input: { text: 'oi' } }),
  'POST /runs/:id/resume': () => ({ value: true }),
  'POST /runs/:id/effects/:effectId/resolve': () => ({ outcome: 'happened' }),
  'POST /runs/:id/cancel': () => ({}),
  'POST /runs/:id/retry': () => ({}),
  'POST /runs/:id/fork': () => ({ fromStep: 'start' }),
  'POST /runs/:id/replay': () => ({}),
  'POST /knowledge/sources': () => ({ title: 'A', text: 'B' }),
  'POST /knowledge/search': () => ({ query: 'oi' }),
  'POST /integrations/simulator': ({ department }) => ({ departmentId: department }),
  'POST /integrations/whatsapp': ({ department }) => ({
    departmentId: department,
    phoneNumberId: '1234567890',
    accessToken: 'a token of a system user',
  }),
  'POST /integrations/connections': () => ({ kind: 'bearer', name: 'Loja', hosts: ['api.example.com'], secret: 'x' }),
  'PATCH /integrations/connections/:id': () => ({ name: 'Loja' }),
  'POST /integrations/connections/:id/test': () => ({ url: 'https://127.0.0.1/' }),
  'PUT /integrations/models': () => ({ keys: 'platform' }),
  'POST /conversations/:id/messages': () => ({ text: 'Já te respondo' }),
  'POST /conversations/:id/assign': () => ({}),
  'POST /conversations/:id/release': () => ({}),
  'POST /conversations/:id/close': () => ({}),
  'POST /simulator/:channelId/messages': () => ({ from: 'ana', text: 'oi' }),
};

/** The route's path with ids of `things`, or with one id everywhere. */
export function pathOf({ url }: ListedRoute, ids: Partial<Things> | string): string {
  const path = url.slice(prefix.length);
  const found = named.find(([start]) => path.startsWith(start));
  if (path.replace(':slug', '').includes(':') && !found)
    throw new Error(`Say in \`named\` what the parameter of ${path} names`);
  const [, key = 'department'] = found ?? [];
  return path
    .replace(/:(id|channelId|userId)/, () => (typeof ids === 'string' ? ids : String(ids[key])))
    .replace(':effectId', () => (typeof ids === 'string' ? ids : String(ids.effect)))
    .replace(':commentId', () => (typeof ids === 'string' ? ids : String(ids.comment)))
    .replace(/:version|:other/g, '1')
    .replace(':slug', 'customer-service');
}
