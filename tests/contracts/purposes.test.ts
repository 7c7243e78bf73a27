import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { generateSync } from 'otplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { buildTestApp, type Answer, type TestApp } from '#tests/support/app.js';
import { mailed, password } from '#tests/support/people.js';

/**
 * Everything that the platform hands out to be shown again, at every door: each opens its own and no other.
 */
let server: TestApp;
let address: string;
let department: string;
/** A ticket is good once: each of its doors gets one of its own. */
let newTicket: () => Promise<string>;
const minted = new Map<string, string>();

async function post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
  const answer = await server.call('POST', path, { body, ...(headers && { headers }) });
  // Nothing was decided about the credential.
  if (answer.status === 429 || answer.status >= 500) throw new Error(`${path} answered ${answer.status}`);
  return answer;
}

/** Whether a WebSocket opens. */
async function connects(path: string): Promise<boolean> {
  const socket = new WebSocket(`ws://${address}/api/v1${path}`);
  const opened = await Promise.race([
    once(socket, 'open').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.on('error', () => {});
  socket.terminate();
  return opened;
}

/** What a door says to a credential: whether it was taken for one of its own. */
const doors: Readonly<Record<string, (credential: string) => Promise<boolean>>> = {
  'a request': async (credential) =>
    (await server.call('GET', '/runs', { headers: { authorization: `Bearer ${credential}` } })).status === 200,
  'a write': async (credential) =>
    (await post('/departments', { name: 'x' }, { authorization: `Bearer ${credential}` })).status === 201,
  'a live connection': (credential) => connects(`/realtime?token=${encodeURIComponent(credential)}`),
  'an open draft': (credential) => connects(`/collaboration/${department}?token=${encodeURIComponent(credential)}`),
  'the mails of the platform': async (credential) =>
    (await server.call('GET', '/outbox', { headers: { 'x-operator-key': credential } })).status === 200,
  'a refresh': async (refreshToken) => (await post('/auth/refresh', { refreshToken })).status === 200,
  'a confirmed address': async (token) => (await post('/auth/verify-email', { token })).status === 204,
  'a new password': async (token) =>
    (await post('/auth/password/reset', { token, password: 'broa de milho às 7' })).status === 204,
  'a look at an invitation': async (token) => (await post('/auth/invitations/look', { token })).status === 200,
  'a place by invitation': async (token) =>
    (await post('/auth/invitations/join', { token, name: 'Ana', password })).status === 201,
  // A right challenge with a wrong code is told apart from no challenge at all.
  'a code after the password': async (challenge) =>
    (await post('/auth/login/totp', { challenge, code: '000000' })).body.error?.code === 'wrong_code',
  'a passkey after the password': async (challenge) =>
    (await post('/auth/passkeys/options', { challenge })).status < 300,
  'a reported event': async (token) => (await post(`/webhooks/events/${encodeURIComponent(token)}`, {})).status === 202,
  'a run by webhook': async (token) =>
    (await post(`/webhooks/departments/${encodeURIComponent(token)}`, {})).status === 202,
};

/** In the order in which the doors are tried with what opens them: a new password ends the sessions. */
const opens: readonly (readonly [string, readonly string[]])[] = [
  ['access token', ['a request', 'a write', 'a live connection', 'an open draft']],
  ['API key', ['a request', 'a write']],
  ['ticket', ['a live connection', 'an open draft']],
  ['operator key', ['the mails of the platform']],
  ['webhook address', ['a run by webhook']],
  ['event address', ['a reported event']],
  ['challenge', ['a code after the password', 'a passkey after the password']],
  ['invitation', ['a look at an invitation', 'a place by invitation']],
  ['verification', ['a confirmed address']],
  ['refresh token', ['a refresh']],
  ['reset', ['a new password']],
];

beforeAll(async () => {
  server = await buildTestApp();
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  address = `127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
  const as = await server.register();
  const { email } = as.user;
  const made = async (path: string, body?: unknown, session = as) => {
    const answer = await server.call('POST', path, { as: session, body });
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  minted.set('access token', as.accessToken).set('refresh token', as.refreshToken);
  newTicket = async () => (await made('/realtime/ticket')).ticket;
  minted.set('ticket', await newTicket());
  minted.set('operator key', 'operator key');
  const { body: roles } = await server.call('GET', '/organizations/current/roles', { as });
  const { permissions } = roles.items.find(({ role }: { role: string }) => role === 'owner');
  minted.set('API key', (await made('/api-keys', { name: 'Caixa', permissions })).key);

  const definition = {
    format: 1,
    nodes: [
      { id: 'called', type: 'trigger.webhook', version: 1, config: {}, position: { x: 0, y: 0 } },
      { id: 'paid', type: 'logic.waitForEvent', version: 1, config: {}, position: { x: 0, y: 0 } },
    ],
    edges: [{ id: 'e', from: { node: 'called', port: 'out' }, to: { node: 'paid', port: 'in' } }],
    settings: {},
  };
  const { id } = await made('/departments', { name: 'Avisos', definition });
  department = id;
  await made(`/departments/${id}/publish`);
  const { body: hooks } = await server.call('GET', `/departments/${id}/webhooks`, { as });
  minted.set('webhook address', hooks.items[0].path.split('/').at(-1));
  minted.set('event address', hooks.items[1].path.split('/').at(-1));

  const invited = `${randomUUID()}@example.com`;
  await made('/organizations/current/invitations', { email: invited, role: 'member' });
  minted.set('invitation', await mailed(server, invited, 'invitation'));
  minted.set('verification', await mailed(server, email, 'verify_email'));
  await made('/auth/password/forgot', { email });
  minted.set('reset', await mailed(server, email, 'reset_password'));

  const careful = await server.register('Outra');
  const { secret } = await made('/account/totp', { password }, careful);
  await made('/account/totp/confirm', { code: generateSync({ secret }) }, careful);
  minted.set('challenge', (await made('/auth/login', { email: careful.user.email, password })).challenge);
});
afterAll(() => server.close());

/** The credential as it is, and dressed as what a door expects. */
const spellings = (credential: string, door: string): string[] => [
  credential,
  ...(credential.startsWith('ticket_') ? [credential.slice('ticket_'.length)] : []),
  ...(door === 'a live connection' || door === 'an open draft' ? [`ticket_${credential}`] : []),
  ...(door === 'a request' || door === 'a write' ? [`aid_${credential}`] : []),
];

describe('what is handed out for one purpose', () => {
  it('opens no other door', { timeout: 120_000 }, async () => {
    const wrong: string[] = [];
    let tried = 0;
    for (const [name, own] of opens)
      for (const [door, knock] of Object.entries(doors)) {
        const credential = minted.get(name) ?? '';
        for (const spelling of spellings(credential, door)) {
          if (own.includes(door) && spelling === credential) continue;
          tried += 1;
          if (await knock(spelling)) wrong.push(`${name} at ${door}`);
        }
      }
    expect(wrong).toEqual([]);
    console.log(`${opens.length} credentials at ${Object.keys(doors).length} doors: ${tried} tried, ${tried} denied`);
  });

  it('opens its own', async () => {
    const refused: string[] = [];
    for (const [name, own] of opens)
      for (const door of own) {
        const credential = name === 'ticket' ? await newTicket() : (minted.get(name) ?? '');
        if (!(await doors[door]?.(credential))) refused.push(`${name} at ${door}`);
      }
    expect(refused).toEqual([]);
  });
});
