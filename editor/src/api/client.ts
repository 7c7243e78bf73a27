import { ApiError, readError } from './apiError.js';
import { refresh } from './generated/operations.js';
import { addressOf, type Operation } from './operation.js';
import type { SessionKeeper } from './session.js';
import type { Session } from './types.js';

type Query = Readonly<Record<string, string | number | undefined>>;

interface RequestOptions {
  readonly body?: unknown;
  readonly query?: Query;
  readonly signal?: AbortSignal;
  /** Sent without a token: signing in and registering. */
  readonly anonymous?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How one call is made, besides what the operation takes. */
export type CallOptions = Pick<RequestOptions, 'signal' | 'anonymous' | 'headers'>;

export interface Client {
  /** One operation of the API, as the document describes it: a wrong path, query or body is a type error. */
  call<Input, Output>(operation: Operation<Input, Output>, input: Input, options?: CallOptions): Promise<Output>;
  /** The same for what answers with neither JSON nor text. */
  bytes<Input>(operation: Operation<Input, string>, input: Input, options?: CallOptions): Promise<Blob>;
  /** An access token good for at least another half minute, renewed when needed; `null` when signed out. */
  freshToken(): Promise<string | null>;
}

export interface ClientSettings {
  readonly baseUrl: string;
  readonly keeper: SessionKeeper;
  readonly fetch?: typeof fetch;
  /** Runs the work while no other tab does. Refresh tokens are good once: two tabs must not spend the same one. */
  readonly alone?: <T>(work: () => Promise<T>) => Promise<T>;
  readonly now?: () => number;
  /** What is read on the screen, in which the server is to answer; absent, what the browser speaks. */
  readonly language?: () => string;
}

/** A token that ends within this is renewed first, milliseconds. */
const margin = 30_000;

/** Talks to the API: tokens, silent renewal (one at a time), errors as `ApiError`. */
export function createClient(settings: ClientSettings): Client {
  const { baseUrl, keeper, fetch: send = (input, init) => fetch(input, init), now = Date.now, language } = settings;
  const alone = settings.alone ?? ((work) => work());
  let renewal: Promise<Session | null> | null = null;

  /** A new pair of tokens in place of the given one, unless somebody already renewed it. */
  function renew(spent: string): Promise<Session | null> {
    renewal ??= alone(async () => {
      const current = keeper.read();
      if (!current || current.accessToken !== spent) return current;
      const response = await transmit(
        refresh.method,
        refresh.path,
        { body: { refreshToken: current.refreshToken } },
        null,
      );
      if (response.ok) {
        const session = (await response.json()) as Session;
        keeper.write(session);
        return session;
      }
      if (response.status === 401 || response.status === 400) {
        keeper.write(null);
        return null;
      }
      throw await readError(response);
    }).finally(() => {
      renewal = null;
    });
    return renewal;
  }

  async function freshToken(): Promise<string | null> {
    const session = keeper.read();
    if (!session) return null;
    if (expiry(session.accessToken) - now() > margin) return session.accessToken;
    return (await renew(session.accessToken))?.accessToken ?? null;
  }

  async function transmit(
    method: string,
    path: string,
    options: RequestOptions,
    token: string | null,
  ): Promise<Response> {
    const headers = new Headers({ accept: 'application/json', ...options.headers });
    if (language) headers.set('accept-language', language());
    if (token) headers.set('authorization', `Bearer ${token}`);
    if (options.body !== undefined) headers.set('content-type', 'application/json');
    const init: RequestInit = { method, headers };
    if (options.body !== undefined) init.body = JSON.stringify(options.body);
    if (options.signal) init.signal = options.signal;
    try {
      return await send(baseUrl + path + queryText(options.query), init);
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new ApiError(0, 'offline', error instanceof Error ? error.message : String(error));
    }
  }

  async function request(method: string, path: string, options: RequestOptions): Promise<Response> {
    const token = options.anonymous ? null : await freshToken();
    let response = await transmit(method, path, options, token);
    if (response.status === 401 && token) {
      const renewed = await renew(token);
      if (renewed) response = await transmit(method, path, options, renewed.accessToken);
    }
    if (!response.ok) throw await readError(response);
    return response;
  }

  function answerTo<Input, Output>(
    { method, path }: Operation<Input, Output>,
    input: Input,
    options: CallOptions,
  ): Promise<Response> {
    const {
      path: parts,
      query,
      body,
    } = input as {
      path?: Record<string, string | number>;
      query?: Query;
      body?: unknown;
    };
    return request(method, addressOf(path, parts), { ...options, ...(query && { query }), body });
  }

  async function call<Input, Output>(
    operation: Operation<Input, Output>,
    input: Input,
    options: CallOptions = {},
  ): Promise<Output> {
    const response = await answerTo(operation, input, options);
    if (response.status === 204) return undefined as Output;
    const isJson = response.headers.get('content-type')?.includes('application/json') ?? false;
    return (isJson ? await response.json() : await response.text()) as Output;
  }

  const bytes = async <Input>(
    operation: Operation<Input, string>,
    input: Input,
    options: CallOptions = {},
  ): Promise<Blob> => (await answerTo(operation, input, options)).blob();

  return { call, bytes, freshToken };
}

function queryText(query: Query | undefined): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) params.set(name, String(value));
  const text = params.toString();
  return text ? `?${text}` : '';
}

/** When a JWT ends, milliseconds since 1970; never for a token that does not say. */
function expiry(token: string): number {
  try {
    const payload = token.split('.')[1] ?? '';
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    const exp = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : null;
    return typeof exp === 'number' ? exp * 1_000 : Infinity;
  } catch {
    return Infinity;
  }
}
