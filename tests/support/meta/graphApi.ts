import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metaSchema } from './schema.js';

/** What happens to a request instead of the usual. `hang` never answers; `drop` closes the connection after the message was taken. */
export type GraphFault =
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly code: number;
      readonly message?: string;
      readonly retryAfter?: number;
    }
  | { readonly kind: 'hang' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'bare500' };

export interface GraphRequest {
  readonly at: number;
  readonly phoneNumberId: string;
  /** The access token that it came with. */
  readonly token: string;
  readonly body: Record<string, unknown>;
  /** What Meta's schema holds against it. A test that sees any has failed. */
  readonly violations: readonly string[];
  /** The wamid given, when the message was taken. */
  readonly messageId: string | null;
}

export interface GraphApi {
  readonly url: string;
  /** Every request ever received, in order. Append-only: what a test compares with what went in. */
  readonly log: readonly GraphRequest[];
  /** Messages taken, read receipts left out. */
  sent(): GraphRequest[];
  latencyMs: number;
  accessToken: string | null;
  /** The next requests meet these, one each. */
  readonly faults: GraphFault[];
  close(): Promise<void>;
}

/**
 * An emulator of the part of Meta's Graph API that sends WhatsApp messages. It answers a violation as Meta does and keeps it in the log.
 * @param taken told of each message the moment it is taken, before anybody is answered
 */
export async function startGraphApi(taken: (entry: GraphRequest) => void = () => {}): Promise<GraphApi> {
  const schema = metaSchema();
  const log: GraphRequest[] = [];
  const faults: GraphFault[] = [];
  const api = { log, faults, latencyMs: 0, accessToken: null as string | null };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = Date.now();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const phoneNumberId = /^\/v\d+\.\d+\/([^/]+)\/messages$/.exec(request.url ?? '')?.[1];
    if (request.method !== 'POST' || !phoneNumberId) return graphError(response, 404, 100, 'Unsupported request');
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    const violations = schema?.request(body) ?? [];
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const entry = { at, phoneNumberId, token, body, violations, messageId: null as string | null };
    log.push(entry);
    if (api.latencyMs > 0) await new Promise((done) => setTimeout(done, api.latencyMs));
    if (!token || (api.accessToken && token !== api.accessToken))
      return graphError(response, 401, 190, 'Invalid OAuth access token');
    if (violations.length > 0)
      return graphError(response, 400, 100, `(#100) Invalid parameter: ${violations.join('; ')}`);
    const fault = faults.shift();
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'bare500') return void response.writeHead(500).end();
    if (fault?.kind === 'error')
      return graphError(response, fault.status, fault.code, fault.message ?? 'failed', fault.retryAfter);
    if (body['status'] === 'read') return json(response, 200, { success: true });
    entry.messageId = `wamid.${randomBytes(18).toString('base64')}`;
    taken(entry);
    if (fault?.kind === 'drop') return void request.socket.destroy();
    const to = String(body['to']);
    const answer = {
      messaging_product: 'whatsapp',
      contacts: [{ input: to, wa_id: to }],
      messages: [{ id: entry.messageId }],
    };
    const wrong = schema?.response(answer) ?? [];
    if (wrong.length > 0) throw new Error(`the emulator's own answer breaks Meta's schema: ${wrong.join('; ')}`);
    json(response, 200, answer);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => graphError(response, 400, 100, String(error)));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return Object.assign(api, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: () => log.filter((entry) => entry.messageId !== null),
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  });
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function graphError(
  response: ServerResponse,
  status: number,
  code: number,
  message: string,
  retryAfter?: number,
): void {
  const error = { message, type: 'OAuthException', code, fbtrace_id: randomBytes(8).toString('hex') };
  json(response, status, { error }, retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) });
}

/** The header that Meta sends with these bytes. */
export const sign = (body: string | Uint8Array, appSecret: string): string =>
  `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
