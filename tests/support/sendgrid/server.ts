import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mailSchema } from './schema.js';

export interface SentMail {
  readonly personalizations: readonly { readonly to: readonly { readonly email: string }[] }[];
  readonly from: { readonly email: string };
  readonly subject: string;
  readonly content: readonly { readonly type: string; readonly value: string }[];
}

export interface MailRequest {
  readonly body: SentMail;
  /** What SendGrid's schema holds against it. A test that sees any has failed. */
  readonly violations: readonly string[];
  readonly status: number;
}

export interface MailService {
  readonly url: string;
  readonly apiKey: string;
  /** Every request ever received, in order. */
  readonly log: readonly MailRequest[];
  /** The next requests are answered with these instead; 0 closes the connection. */
  readonly faults: number[];
  close(): Promise<void>;
}

/** An emulator of SendGrid's Mail Send. It answers as the vendor's schema says and keeps what it was sent. */
export async function startMailService(): Promise<MailService> {
  const check = mailSchema();
  const log: MailRequest[] = [];
  const faults: number[] = [];
  const apiKey = 'SG.test-key';

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = (status: number, errors?: readonly string[]): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(
        errors && JSON.stringify({ errors: errors.map((message) => ({ message, field: null, help: null })) }),
      );
    };
    if (request.method !== 'POST' || request.url !== '/v3/mail/send') return answer(404, ['not found']);
    if (request.headers.authorization !== `Bearer ${apiKey}`)
      return answer(401, ['The provided authorization grant is invalid, expired, or revoked']);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as SentMail;
    const violations = check?.(body) ?? [];
    const status = violations.length > 0 ? 400 : (faults.shift() ?? 202);
    log.push({ body, violations, status });
    if (status === 0) return void request.socket.destroy();
    answer(status, status === 202 ? undefined : ['failed', ...violations]);
  }

  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey,
    log,
    faults,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
