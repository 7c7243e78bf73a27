import { describe, expect, it } from 'vitest';
import { ApiError } from './apiError.js';
import { createClient } from './client.js';
import type { Operation } from './operation.js';
import { createSessionKeeper, type SessionStorage } from './session.js';
import type { Session } from './types.js';

const memory = (): SessionStorage => {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
};

/** A token as the server makes them: only the end matters here, seconds since 1970. */
const token = (name: string, exp: number): string => `${name}.${btoa(JSON.stringify({ exp }))}.signature`;
const session = (name: string, exp: number): Session => ({
  accessToken: token(name, exp),
  refreshToken: `refresh-${name}`,
  user: { id: 'u', name: 'Lúcia', email: 'lucia@example.com' },
  organization: { id: 'o', name: 'Pão da Lúcia', slug: 'pao', locale: 'pt-BR', timezone: 'America/Recife' },
});

const at = (path: string): Operation<object, unknown> => ({ method: 'GET', path });

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

interface Call {
  readonly path: string;
  readonly authorization: string | null;
  readonly body: string | null;
}

/** A server that trusts one access token and renews each refresh token once, as the real one does. */
function server(options: { accepts: string; renewed: Session; refreshStatus?: number }) {
  const calls: Call[] = [];
  const spent = new Set<string>();
  const fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const path = String(input).replace('/api/v1', '');
    const headers = new Headers(init.headers);
    const body = typeof init.body === 'string' ? init.body : null;
    calls.push({ path, authorization: headers.get('authorization'), body });
    await Promise.resolve();
    if (path === '/auth/refresh') {
      const { refreshToken } = JSON.parse(body ?? '{}') as { refreshToken: string };
      if (options.refreshStatus)
        return json(options.refreshStatus, { error: { code: 'x', message: '', requestId: 'r' } });
      if (spent.has(refreshToken)) return json(401, { error: { code: 'session_ended', message: '', requestId: 'r' } });
      spent.add(refreshToken);
      return json(200, options.renewed);
    }
    if (headers.get('authorization') !== `Bearer ${options.accepts}`)
      return json(401, { error: { code: 'unauthenticated', message: '', requestId: 'r' } });
    return json(200, { ok: true });
  };
  return { fetch, calls };
}

const now = 1_800_000_000_000;
const later = now / 1_000 + 900;

function setup(stored: Session | null, options: Parameters<typeof server>[0]) {
  const keeper = createSessionKeeper(memory());
  keeper.write(stored);
  const { fetch, calls } = server(options);
  return { keeper, calls, client: createClient({ baseUrl: '/api/v1', keeper, fetch, now: () => now }) };
}

describe('client', () => {
  it('renews an ended token once for many requests at the same time', async () => {
    const renewed = session('new', later);
    const { client, calls, keeper } = setup(session('old', now / 1_000 - 1), { accepts: renewed.accessToken, renewed });
    await expect(
      Promise.all([client.call(at('/a'), {}), client.call(at('/b'), {}), client.call(at('/c'), {})]),
    ).resolves.toHaveLength(3);
    expect(calls.filter(({ path }) => path === '/auth/refresh')).toHaveLength(1);
    expect(keeper.read()?.refreshToken).toBe('refresh-new');
  });

  it('renews and repeats when the server refuses a token that looked good', async () => {
    const renewed = session('new', later);
    const { client, calls } = setup(session('old', later), { accepts: renewed.accessToken, renewed });
    await expect(client.call(at('/a'), {})).resolves.toEqual({ ok: true });
    expect(calls.map(({ path }) => path)).toEqual(['/a', '/auth/refresh', '/a']);
  });

  it('does not spend a refresh token that another tab has already spent', async () => {
    const renewed = session('other-tab', later);
    const { client, calls, keeper } = setup(session('old', later), { accepts: renewed.accessToken, renewed });
    const request = client.call(at('/a'), {});
    keeper.write(renewed);
    await expect(request).resolves.toEqual({ ok: true });
    expect(calls.some(({ path }) => path === '/auth/refresh')).toBe(false);
  });

  it('signs out when the refresh token is refused', async () => {
    const { client, keeper } = setup(session('old', now / 1_000 - 1), {
      accepts: 'none',
      renewed: session('new', later),
      refreshStatus: 401,
    });
    await client.call(at('/a'), {}).catch(() => undefined);
    expect(keeper.read()).toBeNull();
  });

  it('keeps the session when the server is only away', async () => {
    const { client, keeper } = setup(session('old', now / 1_000 - 1), {
      accepts: 'none',
      renewed: session('new', later),
      refreshStatus: 503,
    });
    await expect(client.call(at('/a'), {})).rejects.toMatchObject({ status: 503 });
    expect(keeper.read()?.refreshToken).toBe('refresh-old');
  });

  it('tells faults of fields, when to come back and what keeps from publishing', async () => {
    const keeper = createSessionKeeper(memory());
    const body = {
      error: { code: 'bad_input', message: 'no', details: [{ path: 'body.email', message: 'bad' }], requestId: 'r1' },
      problems: [{ message: 'no trigger' }],
    };
    const client = createClient({ baseUrl: '', keeper, fetch: async () => json(422, body, { 'retry-after': '7' }) });
    const error = await client.call(at('/x'), {}, { anonymous: true }).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 422,
      code: 'bad_input',
      retryAfterSeconds: 7,
      requestId: 'r1',
      problems: ['no trigger'],
    });
    expect(error instanceof ApiError && error.faultOf('email')?.message).toBe('bad');
    expect(error instanceof ApiError && error.faultOf('name')).toBeUndefined();
  });

  it('asks to be answered in the language that is read on the screen, whatever the browser speaks', async () => {
    const asked: (string | null)[] = [];
    const client = createClient({
      baseUrl: '',
      keeper: createSessionKeeper(memory()),
      language: () => 'pt-BR',
      fetch: async (_, init) => {
        asked.push(new Headers(init?.headers).get('accept-language'));
        return json(200, {});
      },
    });
    await client.call(at('/x'), {}, { anonymous: true });
    expect(asked).toEqual(['pt-BR']);
  });

  it('says offline when nothing answers', async () => {
    const keeper = createSessionKeeper(memory());
    const client = createClient({ baseUrl: '', keeper, fetch: () => Promise.reject(new TypeError('Failed to fetch')) });
    await expect(client.call(at('/x'), {})).rejects.toMatchObject({ status: 0, code: 'offline' });
  });
});
