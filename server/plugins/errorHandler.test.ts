import { connect, type AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrganizationGone } from '#db/errors.js';
import { errorKinds, type ErrorCode } from '../errorKinds.js';
import { ApiError } from '../errors.js';
import { answerUnreadable, handleErrors } from './errorHandler.js';

/** What PostgreSQL, its driver and Redis say, as they say it. */
const said = (message: string, more: object = {}): Error => Object.assign(new Error(message), more);
const faults: Readonly<Record<string, Error>> = {
  'an organization that went away': new OrganizationGone({ cause: null }),
  'a row of an organization that went away': said('insert', { code: '23503', constraint: 'runs_organization_id_fkey' }),
  'a row of a person who went away': said('insert', { code: '23503', constraint: 'api_keys_created_by_fkey' }),
  'a deadlock': said('deadlock detected', { code: '40P01' }),
  'a database that refuses': said('connect ECONNREFUSED', { code: 'ECONNREFUSED' }),
  'a database that shuts down': said('terminating connection', { code: '57P01' }),
  'a database without room': said('too many clients', { code: '53300' }),
  'a server that another has taken the place of': said('cannot execute INSERT in a read-only transaction', {
    code: '25006',
  }),
  'a full disk': said('could not extend file', { code: '53100' }),
  'a pool without a connection': said('select 1 - timeout exceeded when trying to connect'),
  'a statement that is not answered': said('Query read timeout'),
  'Redis that is away': said("Stream isn't writeable and enableOfflineQueue options is false"),
  "Redis that is another's replica by now": said("READONLY You can't write against a read only replica."),
  'Redis that is full': said("OOM command not allowed when used memory > 'maxmemory'."),
  'several at once': new AggregateError([said('x'), said('connect', { code: 'EHOSTUNREACH' })], 'every address'),
  'a row that the schema refuses': said('null value', { code: '23502' }),
  'another row that it hangs on': said('insert', { code: '23503', constraint: 'runs_version_fkey' }),
  'a fault of ours': new TypeError('undefined is not a function'),
};
const expected: Readonly<Record<string, ErrorCode>> = {
  ...Object.fromEntries(Object.keys(faults).map((name) => [name, 'unavailable' as const])),
  'an organization that went away': 'session_ended',
  'a row of an organization that went away': 'session_ended',
  'a row of a person who went away': 'session_ended',
  'a row that the schema refuses': 'internal',
  'another row that it hangs on': 'internal',
  'a fault of ours': 'internal',
};

let app: FastifyInstance;
beforeAll(async () => {
  app = Fastify({ clientErrorHandler: answerUnreadable });
  handleErrors(app);
  app.get('/fault/:name', ({ params }) => {
    throw faults[(params as { name: string }).name] ?? new Error('no such fault');
  });
  app.get('/code/:code', ({ params }) => {
    const { code } = params as { code: ErrorCode };
    throw new ApiError(code, { field: 'password', cause: said('a secret cause') });
  });
  await app.ready();
});
afterAll(() => app.close());

describe('what a store says', () => {
  it.each(Object.entries(expected))('%s is %s', async (name, code) => {
    const answer = await app.inject(`/fault/${encodeURIComponent(name)}`);
    const { status, retryable } = errorKinds[code];
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, code]);
    // Whoever is told to come back is told when, and nobody else.
    expect(Number(answer.headers['retry-after'] ?? 0) > 0).toBe(retryable);
    expect(answer.body).not.toContain(faults[name]?.message);
  });
});

describe('bytes that are no request', () => {
  const host = 'host: a\r\nconnection: close\r\n';
  it.each([
    ['a method of small letters', `get / HTTP/1.1\r\n${host}\r\n`, 400],
    ['two lengths', `POST / HTTP/1.1\r\n${host}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`, 400],
    [
      'a length and chunks',
      `POST / HTTP/1.1\r\n${host}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['headers beyond measure', `GET / HTTP/1.1\r\n${host}x: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['another protocol', '\u0016\u0003\u0001 hello', 400],
  ])('%s are answered in the one shape', async (_case, bytes, status) => {
    await app.listen({ host: '127.0.0.1', port: 0 }).catch(() => {});
    const { port } = app.server.address() as AddressInfo;
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      let said = '';
      socket.on('data', (data) => (said += String(data)));
      socket.on('error', reject).on('close', () => resolve(said));
    });
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(body)).toEqual({
      error: { code: 'bad_request', message: errorKinds.bad_request.message.en, requestId: expect.any(String) },
    });
  });
});

describe('every code', () => {
  it.each(Object.keys(errorKinds) as ErrorCode[])(
    '%s has its status, and a sentence in the language of whoever asks',
    async (code) => {
      const ask = (language: string) => app.inject({ url: `/code/${code}`, headers: { 'accept-language': language } });
      for (const language of ['pt-BR', 'en'] as const) {
        const answer = await ask(language);
        const { status, message } = errorKinds[code];
        expect(answer.statusCode).toBe(status);
        expect(answer.json().error).toMatchObject({
          code,
          message: message[language],
          details: [{ path: 'password', message: message[language] }],
        });
        expect(answer.body).not.toMatch(/secret cause|at .*errorHandler/);
      }
      expect(errorKinds[code].message['pt-BR']).not.toBe(errorKinds[code].message.en);
    },
  );
});
