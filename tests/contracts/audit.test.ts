import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '#server/api/auth/schemas.js';
import { auditActions, type AuditAction } from '#server/audit/actions.js';
import type { ListedRoute } from '#server/plugins/routeList.js';
import { buildTestApp, type Answer, type TestApp } from '#tests/support/app.js';
import { createAuthenticator } from '#tests/support/authenticator.js';
import { join, mailed, password } from '#tests/support/people.js';
import { codeOf, enterPast } from '#tests/support/totp.js';
import { en } from '../../editor/src/i18n/en/index.js';
import { ptBR } from '../../editor/src/i18n/pt-BR/index.js';

/**
 * Every route of the running server that writes, found by asking it: a good call leaves an entry in the audit log of the request that
 * made it, or the route stands in the reviewed list with its reason.
 */
const server: TestApp = await buildTestApp();
afterAll(() => server.close());

const prefix = '/api/v1';
const nameOf = ({ method, url }: ListedRoute): string => `${method} ${url.slice(prefix.length)}`;
const writing = server.app
  .routeList()
  .filter(({ url, websocket }) => url.startsWith(`${prefix}/`) && !websocket)
  .filter(({ method }) => !['GET', 'HEAD', 'OPTIONS'].includes(method))
  .map(nameOf);

/** Reviewed: these leave no entry, and why. */
const silent: Readonly<Record<string, string>> = {
  'POST /webhooks/whatsapp': 'customers write; every message is on record as what it is',
  'POST /webhooks/departments/:token': 'a program of theirs writes; every run is on record as what it is',
  'POST /webhooks/events/:token':
    'a program of theirs writes; every event is on record as the answer of the run that waited',
  'POST /simulator/:channelId/messages': 'a customer who is played; every message is on record as what it is',
  'POST /auth/refresh': 'the same sign-in goes on; only a token used twice is worth a line',
  'POST /realtime/ticket': 'the same sign-in goes on',
  'POST /auth/password/forgot': 'anybody may ask in the name of anybody; the new password is on record',
  'POST /auth/passkeys/options': 'nothing has happened yet: the sign-in is on record',
  'POST /auth/invitations/look': 'nothing changes',
  'POST /account/verify-email': 'a mail is sent again, and nothing changes',
  'POST /account/passkeys/options': 'nothing has happened yet: the new passkey is on record',
  'POST /account/totp': 'nothing is in force yet: the confirmation is on record',
  'POST /knowledge/search': 'nothing changes',
  'DELETE /organizations/current': 'its log goes with it',
};

interface Call {
  readonly as?: Session;
  readonly path: string;
  readonly body?: unknown;
  /** In whose log it is looked for; the caller's unless said otherwise. */
  readonly log?: Session;
  readonly action: AuditAction;
}

let owner: Session;
let department: string;
let live: string;
const post = async (as: Session, path: string, body: unknown = {}): Promise<Answer['body']> => {
  const answer = await server.call('POST', path, { as, body });
  if (answer.status >= 300) throw new Error(`POST ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const idOf = async (path: string, body: unknown): Promise<string> => (await post(owner, path, body)).id;
const hire = (): Promise<string> => idOf('/departments', { name: 'Balcão', template: 'customer-service' });
beforeAll(async () => {
  owner = await server.register('Padaria');
  department = await hire();
  live = await hire();
  await post(owner, `/departments/${live}/publish`);
});

const simulator = (): Promise<string> => idOf('/integrations/simulator', { departmentId: live });
const conversation = async (): Promise<string> =>
  (await post(owner, `/simulator/${await simulator()}/messages`, { from: randomUUID(), text: 'oi' })).conversation.id;
const run = async (): Promise<string> =>
  (await post(owner, `/departments/${live}/runs`, { input: { text: 'oi' } })).run.id;
const comment = (): Promise<string> => idOf(`/departments/${live}/comments`, { text: 'Oi' });
const source = (): Promise<string> => idOf('/knowledge/sources', { title: 'Horários', text: 'Abrimos às 6h.' });
const here = '/organizations/current';
const bearer = { kind: 'bearer', name: 'Loja', hosts: ['api.example.com'], secret: 'a token of a system user' };
const member = (): Promise<Session> => join(server, owner, 'member');
const invitation = (email = `${randomUUID()}@example.com`): Promise<string> =>
  idOf(`${here}/invitations`, { email, role: 'viewer' });

/** Somebody with an authenticator app, in an organization of their own. */
async function withTotp(): Promise<{ as: Session; secret: string }> {
  const as = await server.register();
  const { secret } = await post(as, '/account/totp', { password });
  const confirmed = await enterPast(secret, (code) =>
    server.call('POST', '/account/totp/confirm', { as, body: { code } }),
  );
  expect(confirmed.status).toBe(200);
  return { as, secret };
}
async function withPasskey() {
  const as = await server.register();
  const authenticator = createAuthenticator();
  const { handle, options } = await post(as, '/account/passkeys/options', { password });
  const body = { name: 'Celular', handle, response: authenticator.create(options) };
  return { as, authenticator, body };
}
async function invited(as: Session): Promise<string> {
  await invitation(as.user.email);
  return mailed(server, as.user.email, 'invitation');
}

/** A good call of every other route that writes. */
const written: Readonly<Record<string, () => Promise<Call> | Call>> = {
  'POST /auth/register': () => ({
    path: '/auth/register',
    body: { email: `${randomUUID()}@example.com`, password, name: 'A', organizationName: 'A' },
    action: 'organization.create',
  }),
  'POST /auth/sample': () => ({ path: '/auth/sample', body: {}, action: 'organization.create' }),
  'POST /auth/login': () => ({
    path: '/auth/login',
    body: { email: owner.user.email, password },
    action: 'session.open',
  }),
  'POST /auth/login/totp': async () => {
    const { as, secret } = await withTotp();
    const { challenge } = await post(as, '/auth/login', { email: as.user.email, password });
    return { path: '/auth/login/totp', body: { challenge, code: codeOf(secret) }, action: 'session.open' };
  },
  'POST /auth/passkeys/login': async () => {
    const { as, authenticator, body } = await withPasskey();
    await post(as, '/account/passkeys', body);
    const { handle, options } = await post(as, '/auth/passkeys/options');
    return {
      path: '/auth/passkeys/login',
      body: { handle, response: authenticator.get(options) },
      action: 'session.open',
    };
  },
  'POST /auth/logout': async () => {
    const as = await server.register();
    const second = await post(as, '/auth/login', { email: as.user.email, password });
    return { path: '/auth/logout', body: { refreshToken: second.refreshToken }, log: as, action: 'session.close' };
  },
  'POST /auth/switch': async () => {
    const as = await server.register();
    return { as, path: '/auth/switch', body: { organizationId: as.organization.id }, action: 'session.switch' };
  },
  'DELETE /auth/sessions': async () => ({
    as: await server.register(),
    path: '/auth/sessions',
    action: 'session.revoke',
  }),
  'DELETE /auth/sessions/:id': async () => {
    const as = await server.register();
    await post(as, '/auth/login', { email: as.user.email, password });
    const { items } = (await server.call('GET', '/auth/sessions', { as })).body;
    const other = items.find((item: { current: boolean }) => !item.current).id;
    return { as, path: `/auth/sessions/${other}`, action: 'session.revoke' };
  },
  'POST /auth/verify-email': async () => {
    const as = await server.register();
    const email = `${randomUUID()}@example.com`;
    await post(as, '/account/email', { email, password });
    const token = await mailed(server, email, 'verify_email');
    return { path: '/auth/verify-email', body: { token }, log: as, action: 'account.email' };
  },
  'POST /auth/password/reset': async () => {
    const as = await server.register();
    await post(as, '/auth/password/forgot', { email: as.user.email });
    const token = await mailed(server, as.user.email, 'reset_password');
    return {
      path: '/auth/password/reset',
      body: { token, password: 'pão quentinho às 7' },
      log: as,
      action: 'account.password',
    };
  },
  'POST /auth/invitations/join': async () => {
    const email = `${randomUUID()}@example.com`;
    await invitation(email);
    const token = await mailed(server, email, 'invitation');
    return {
      path: '/auth/invitations/join',
      body: { token, name: 'Ana', password },
      log: owner,
      action: 'member.join',
    };
  },
  'POST /auth/invitations/accept': async () => {
    const as = await server.register();
    return {
      as,
      path: '/auth/invitations/accept',
      body: { token: await invited(as) },
      log: owner,
      action: 'member.join',
    };
  },
  'PATCH /account': () => ({ as: owner, path: '/account', body: { name: 'Lúcia' }, action: 'account.update' }),
  'DELETE /account': async () => ({
    as: await member(),
    path: '/account',
    body: { password },
    log: owner,
    action: 'member.leave',
  }),
  'POST /account/email': async () => ({
    as: await server.register(),
    path: '/account/email',
    body: { email: `${randomUUID()}@example.com`, password },
    action: 'account.email',
  }),
  'POST /account/password': async () => ({
    as: await server.register(),
    path: '/account/password',
    body: { currentPassword: password, newPassword: 'pão quentinho às 7' },
    action: 'account.password',
  }),
  'POST /account/totp/confirm': async () => {
    const as = await server.register();
    const { secret } = await post(as, '/account/totp', { password });
    return { as, path: '/account/totp/confirm', body: { code: codeOf(secret) }, action: 'account.factors' };
  },
  'DELETE /account/totp': async () => ({
    as: (await withTotp()).as,
    path: '/account/totp',
    body: { password },
    action: 'account.factors',
  }),
  'POST /account/recovery-codes': async () => ({
    as: (await withTotp()).as,
    path: '/account/recovery-codes',
    body: { password },
    action: 'account.factors',
  }),
  'POST /account/passkeys': async () => {
    const { as, body } = await withPasskey();
    return { as, path: '/account/passkeys', body, action: 'account.factors' };
  },
  'DELETE /account/passkeys/:id': async () => {
    const { as, body } = await withPasskey();
    const { id } = await post(as, '/account/passkeys', body);
    return { as, path: `/account/passkeys/${id}`, body: { password }, action: 'account.factors' };
  },
  'POST /organizations': () => ({
    as: owner,
    path: '/organizations',
    body: { name: 'B' },
    action: 'organization.create',
  }),
  'PATCH /organizations/current': () => ({ as: owner, path: here, body: { name: 'A' }, action: 'organization.update' }),
  'PATCH /organizations/current/retention': () => ({
    as: owner,
    path: `${here}/retention`,
    body: { payloadDays: 60 },
    action: 'organization.update',
  }),
  'POST /organizations/current/key': () => ({ as: owner, path: `${here}/key`, action: 'organization.rotateKey' }),
  'POST /organizations/current/leave': async () => ({
    as: await member(),
    path: `${here}/leave`,
    log: owner,
    action: 'member.leave',
  }),
  'POST /organizations/current/transfer': async () => {
    const as = await server.register();
    const heir = await join(server, as, 'admin');
    return {
      as,
      path: `${here}/transfer`,
      body: { userId: heir.user.id, password },
      log: heir,
      action: 'organization.transfer',
    };
  },
  'PATCH /organizations/current/members/:userId': async () => ({
    as: owner,
    path: `${here}/members/${(await member()).user.id}`,
    body: { role: 'viewer' },
    action: 'member.update',
  }),
  'DELETE /organizations/current/members/:userId': async () => ({
    as: owner,
    path: `${here}/members/${(await member()).user.id}`,
    action: 'member.remove',
  }),
  'POST /organizations/current/invitations': () => ({
    as: owner,
    path: `${here}/invitations`,
    body: { email: `${randomUUID()}@example.com`, role: 'viewer' },
    action: 'invitation.create',
  }),
  'POST /organizations/current/invitations/:id/resend': async () => ({
    as: owner,
    path: `${here}/invitations/${await invitation()}/resend`,
    action: 'invitation.resend',
  }),
  'DELETE /organizations/current/invitations/:id': async () => ({
    as: owner,
    path: `${here}/invitations/${await invitation()}`,
    action: 'invitation.revoke',
  }),
  'POST /api-keys': () => ({
    as: owner,
    path: '/api-keys',
    body: { name: 'ERP', permissions: ['runs:read'] },
    action: 'apiKey.create',
  }),
  'DELETE /api-keys/:id': async () => ({
    as: owner,
    path: `/api-keys/${await idOf('/api-keys', { name: 'ERP', permissions: ['runs:read'] })}`,
    action: 'apiKey.revoke',
  }),
  'POST /departments': () => ({ as: owner, path: '/departments', body: { name: 'A' }, action: 'department.create' }),
  'PATCH /departments/:id': () => ({
    as: owner,
    path: `/departments/${department}`,
    body: { name: 'B' },
    action: 'department.update',
  }),
  'DELETE /departments/:id': async () => ({
    as: owner,
    path: `/departments/${await hire()}`,
    action: 'department.dismiss',
  }),
  'PUT /departments/:id/draft': async () => ({
    as: owner,
    path: `/departments/${await hire()}/draft`,
    body: { definition: { format: 1, nodes: [], edges: [], settings: {} } },
    action: 'department.draft',
  }),
  'POST /departments/:id/publish': () => ({
    as: owner,
    path: `/departments/${department}/publish`,
    action: 'department.publish',
  }),
  'POST /departments/:id/versions/:version/restore': () => ({
    as: owner,
    path: `/departments/${live}/versions/1/restore`,
    action: 'department.restore',
  }),
  'POST /departments/:id/comments': () => ({
    as: owner,
    path: `/departments/${department}/comments`,
    body: { text: 'Oi' },
    action: 'comment.create',
  }),
  'POST /departments/:id/comments/:commentId/replies': async () => ({
    as: owner,
    path: `/departments/${live}/comments/${await comment()}/replies`,
    body: { text: 'Oi' },
    action: 'comment.create',
  }),
  'PATCH /departments/:id/comments/:commentId': async () => ({
    as: owner,
    path: `/departments/${live}/comments/${await comment()}`,
    body: { resolved: true },
    action: 'comment.update',
  }),
  'DELETE /departments/:id/comments/:commentId': async () => ({
    as: owner,
    path: `/departments/${live}/comments/${await comment()}`,
    action: 'comment.delete',
  }),
  'POST /departments/:id/proposals': () => ({
    as: owner,
    path: `/departments/${live}/proposals`,
    body: { request: 'Renomeie "Sente o clima" para "Humor"' },
    action: 'department.propose',
  }),
  'POST /departments/:id/runs': () => ({
    as: owner,
    path: `/departments/${live}/runs`,
    body: { input: { text: 'oi' } },
    action: 'run.start',
  }),
  'POST /runs/:id/resume': async () => ({
    as: owner,
    path: `/runs/${await waitingRun()}/resume`,
    body: { value: true },
    action: 'run.resume',
  }),
  'POST /runs/:id/effects/:effectId/resolve': async () => {
    const [id, effect] = [await run(), randomUUID()];
    await server.db.engine.query(
      `insert into platform.effects (id, run_id, key, organization_id, state, worker) values ($1, $2, 'send:message:1', $3, 'uncertain', 'w@1')`,
      [effect, id, owner.organization.id],
    );
    return {
      as: owner,
      path: `/runs/${id}/effects/${effect}/resolve`,
      body: { outcome: 'happened' },
      action: 'run.settleEffect',
    };
  },
  'POST /runs/:id/cancel': async () => ({ as: owner, path: `/runs/${await run()}/cancel`, action: 'run.cancel' }),
  'POST /runs/:id/retry': async () => {
    const id = await run();
    await post(owner, `/runs/${id}/cancel`);
    return { as: owner, path: `/runs/${id}/retry`, action: 'run.retry' };
  },
  'POST /runs/:id/fork': async () => ({
    as: owner,
    path: `/runs/${await restedRun()}/fork`,
    body: { fromStep: 'message' },
    action: 'run.fork',
  }),
  'POST /runs/:id/replay': async () => ({ as: owner, path: `/runs/${await restedRun()}/replay`, action: 'run.replay' }),
  'POST /knowledge/sources': () => ({
    as: owner,
    path: '/knowledge/sources',
    body: { title: 'A', text: 'B' },
    action: 'knowledge.add',
  }),
  'DELETE /knowledge/sources/:id': async () => ({
    as: owner,
    path: `/knowledge/sources/${await source()}`,
    action: 'knowledge.remove',
  }),
  'POST /integrations/simulator': () => ({
    as: owner,
    path: '/integrations/simulator',
    body: { departmentId: department },
    action: 'channel.connect',
  }),
  'POST /integrations/whatsapp': () => ({
    as: owner,
    path: '/integrations/whatsapp',
    body: { departmentId: live, phoneNumberId: '1234567890', accessToken: 'a token of a system user' },
    action: 'channel.connect',
  }),
  'DELETE /integrations/:id': async () => ({
    as: owner,
    path: `/integrations/${await simulator()}`,
    action: 'channel.disconnect',
  }),
  'POST /integrations/connections': () => ({
    as: owner,
    path: '/integrations/connections',
    body: bearer,
    action: 'connection.create',
  }),
  'PATCH /integrations/connections/:id': async () => ({
    as: owner,
    path: `/integrations/connections/${await idOf('/integrations/connections', bearer)}`,
    body: { secret: 'a token of a system user' },
    action: 'connection.update',
  }),
  'DELETE /integrations/connections/:id': async () => ({
    as: owner,
    path: `/integrations/connections/${await idOf('/integrations/connections', bearer)}`,
    action: 'connection.delete',
  }),
  'POST /integrations/connections/:id/test': async () => ({
    as: owner,
    path: `/integrations/connections/${await idOf('/integrations/connections', bearer)}/test`,
    body: { url: 'https://127.0.0.1/' },
    action: 'connection.test',
  }),
  'PUT /integrations/models': () => ({
    as: owner,
    path: '/integrations/models',
    body: { keys: 'own' },
    action: 'organization.update',
  }),
  'POST /conversations/:id/messages': async () => ({
    as: owner,
    path: `/conversations/${await conversation()}/messages`,
    body: { text: 'Já te respondo' },
    action: 'conversation.answer',
  }),
  ...Object.fromEntries(
    (['assign', 'release', 'close'] as const).map((act) => [
      `POST /conversations/:id/${act}`,
      async () => ({
        as: owner,
        path: `/conversations/${await conversation()}/${act}`,
        action: `conversation.${act}` as const,
      }),
    ]),
  ),
};

/** A run with an open question, as a worker leaves one. */
async function waitingRun(): Promise<string> {
  const id = await run();
  await server.db.engine.query(`update platform.runs set status = 'waiting' where id = $1`, [id]);
  await server.db.engine.query(
    `insert into platform.waits (id, organization_id, run_id, path, kind, question) values ($1, $2, $3, 'ask', 'member', '{}')`,
    [randomUUID(), owner.organization.id, id],
  );
  return id;
}

async function restedRun(): Promise<string> {
  const id = await run();
  await server.db.engine.query(`update platform.runs set status = 'succeeded' where id = $1`, [id]);
  await server.db.engine.query(
    `insert into platform.run_steps (run_id, organization_id, path, attempt, node_id, status, port) values ($1, $2, 'message', 1, 'message', 'succeeded', 'message')`,
    [id, owner.organization.id],
  );
  return id;
}

describe('everything that is written down', () => {
  it.each([
    ['Portuguese', ptBR],
    ['English', en],
  ])('is said in words of %s on the page of the log', (_, { people }) => {
    const said = people.audit.did as Readonly<Record<string, Readonly<Record<string, string>>>>;
    const silent = Object.keys(auditActions).filter((action) => {
      const [resource = '', verb = ''] = action.split('.');
      return !said[resource]?.[verb];
    });
    expect(silent, 'give them a sentence in editor/src/i18n/*/people.ts').toEqual([]);
  });
});

describe('the routes that write', () => {
  it('are all looked at, once', () => {
    expect([...Object.keys(written), ...Object.keys(silent)].toSorted()).toEqual([...new Set(writing)].toSorted());
  });
});

describe.each(Object.entries(written))('%s', (name, prepare) => {
  it('leaves an entry', async () => {
    const { as, path, body, action, log } = await prepare();
    const method = name.split(' ')[0] as 'POST';
    const answer = await server.call(method, path, { ...(as && { as }), ...(body !== undefined && { body }) });
    expect([answer.status, answer.body?.error?.code]).toEqual([expect.toSatisfy((status) => status < 300), undefined]);
    // Signing in is looked for where it led.
    const organizationId = (name === 'POST /organizations' ? null : (log ?? as))?.organization.id;
    const { rows } = await server.db.withOrganization(
      organizationId ?? (answer.body.organization?.id as string | undefined) ?? (answer.body.id as string),
      (trx) =>
        trx.raw<{ rows: { action: string; details: unknown }[] }>(
          'select action, details from platform.audit_log where request_id = ? order by id',
          [answer.headers['x-request-id'] as string],
        ),
    );
    expect(rows.map((row) => row.action)).toContain(action);
    for (const secret of [password, 'a token of a system user', 'Já te respondo'])
      expect(JSON.stringify(rows)).not.toContain(secret);
  });
});
