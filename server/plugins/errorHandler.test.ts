import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrganizationGone } from '#db/errors.js';
import { errorKinds, type ErrorCode } from '../errorKinds.js';
import { ApiError } from '../errors.js';
import { handleErrors } from './errorHandler.js';

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
  'a full disk': said('could not extend file', { code: '53100' }),
  'a pool without a connection': said('select 1 - timeout exceeded when trying to connect'),
  'a statement that is not answered': said('Query read timeout'),
  'Redis that is away': said("Stream isn't writeable and enableOfflineQueue options is false"),
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
  app = Fastify();
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
