import { buildConnector, Client, type Dispatcher } from 'undici';
import { detail } from '#nodes/sdk/details.js';
import { parseAddress } from './address.js';
import { failed, refused, tooLarge, type Stage } from './errors.js';
import { readBody } from './body.js';
import type { Target } from './target.js';

export interface Exchange {
  readonly target: Target;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  readonly maxBytes: number;
  /** Ends the exchange wherever it stands. */
  readonly signal: AbortSignal;
  readonly stage: Stage;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case; values of a name that came more than once are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Node's own default is 16 KiB; some sign-in services send more. */
const MAX_HEADER_BYTES = 32 * 1024;
const MAX_HEADERS = 200;
const CONNECT_MS = 10_000;

/** Codes of failures that mean that no request was sent. */
const neverSent = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * One request to one checked target, over a connection of its own: nothing is shared between organizations, and none of the addresses can
 * be another than those that were checked. A redirect is an answer like any other, without its body. Throws `NodeError`s of the egress, or the signal's reason.
 */
export async function exchange({ target, method, headers, body, maxBytes, signal, stage }: Exchange): Promise<Answer> {
  const way = connectTo(target);
  const after = later(stage, method);
  const client = new Client(target.url.origin, {
    connect: way.connect,
    pipelining: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
    // The deadline of the whole request is the signal's.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
  try {
    const response = await client.request({
      path: target.url.pathname + target.url.search,
      method: method as Dispatcher.HttpMethod,
      headers: { ...headers, host: target.url.host.replace(/\.(?=:|$)/, '') },
      body,
      signal,
      responseHeaders: 'raw',
    });
    // Whoever leaves without the body ends the connection, and undici then says so here.
    response.body.on('error', () => undefined);
    const received = readHeaders(response.headers as unknown as readonly (string | Buffer)[], after);
    const { statusCode: status } = response;
    const content = isRedirect(status)
      ? Buffer.alloc(0)
      : await readBody(response.body, method === 'HEAD' ? '' : (received['content-encoding'] ?? ''), maxBytes, after);
    return { status, headers: received, body: content };
  } catch (error) {
    signal.throwIfAborted();
    throw toFailure(error, way.connected() || stage !== 'before' ? after : 'before');
  } finally {
    await client.destroy().catch(() => undefined);
  }
}

export const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

/** What is known once a connection stands: a question may be asked again, anything else may have happened. */
export const later = (stage: Stage, method: string): Stage =>
  stage === 'sent' || !['GET', 'HEAD', 'OPTIONS'].includes(method) ? 'sent' : 'safe';

/** Connects to the checked addresses only, whatever the resolver says by now, and looks once more where it arrived. */
function connectTo(target: Target): { readonly connect: buildConnector.connector; connected(): boolean } {
  let arrived = false;
  const connector = buildConnector({
    timeout: CONNECT_MS,
    allowH2: false,
    maxCachedSessions: 0,
    lookup: (_host, options, callback) => {
      const [first] = target.addresses;
      if (options.all) callback(null, [...target.addresses]);
      else callback(null, first?.address ?? '', first?.family);
    },
  });
  return {
    connected: () => arrived,
    connect: (options, callback) =>
      connector(options, (error, socket) => {
        if (error) return callback(error, null);
        if (!target.addresses.some(({ address }) => sameAddress(address, socket.remoteAddress))) {
          socket.destroy();
          return callback(new Error('connected elsewhere'), null);
        }
        arrived = true;
        callback(null, socket);
      }),
  };
}

/** Node writes IPv6 addresses shorter than some resolvers do. */
const sameAddress = (wanted: string, got: string | undefined): boolean =>
  got !== undefined && parseAddress(wanted)?.toNormalizedString() === parseAddress(got)?.toNormalizedString();

function readHeaders(raw: readonly (string | Buffer)[], stage: Stage): Record<string, string> {
  if (raw.length > MAX_HEADERS * 2) throw tooLarge(stage, detail('answer.headers', { limit: MAX_HEADERS }));
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = String(raw[at]).toLowerCase();
    const value = raw[at + 1]?.toString('latin1' as 'utf8') ?? '';
    const before = headers.get(name);
    if (name !== '__proto__') headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(headers);
}

/** The other side's words stay out of it: they may be those of something inside. */
function toFailure(error: unknown, stage: Stage): unknown {
  const { code, name } = error as { code?: string; name?: string };
  if (name === 'NodeError') return error;
  if (code === 'UND_ERR_HEADERS_OVERFLOW')
    return tooLarge(stage, detail('answer.header_bytes', { limit: MAX_HEADER_BYTES / 1024 }));
  if (code === 'UND_ERR_INVALID_ARG') return refused(stage, detail('request.unwritable'));
  if (stage === 'before' && neverSent.has(code ?? '')) return failed(stage, detail('egress.unreachable'));
  if (/CERT|TLS|SSL|SELF_SIGNED|VERIFY/.test(code ?? '')) return failed(stage, detail('egress.certificate'), false);
  return failed(stage, stage === 'before' ? detail('egress.unreachable') : detail('egress.broke'));
}
