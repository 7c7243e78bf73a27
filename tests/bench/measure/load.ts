import { connect, type Socket } from 'node:net';
import { collectGarbage } from './garbage.js';
import { percentile } from './stats.js';

/** Requests written out beforehand, so that the load costs as little as it can beside what it measures. */
export const requestOf = (
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): Buffer =>
  Buffer.concat([
    Buffer.from(
      `${method} ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: keep-alive\r\n` +
        Object.entries({ 'content-type': 'application/json', ...headers, 'content-length': Buffer.byteLength(body) })
          .map(([name, value]) => `${name}: ${value}\r\n`)
          .join('') +
        '\r\n',
    ),
    Buffer.from(body),
  ]);

/** One keep-alive connection with one request under way at a time. */
export class Connection {
  readonly #url: URL;
  #socket: Socket | null = null;
  #answer: Buffer = Buffer.alloc(0);
  #settle: ((status: number) => void) | null = null;

  constructor(url: URL) {
    this.#url = url;
  }

  /** Resolves with the status once the whole answer is here; 0 when the connection broke. */
  send(request: Buffer): Promise<number> {
    return new Promise((settle) => {
      this.#settle = settle;
      this.#socket ??= this.#open();
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #open(): Socket {
    const socket = connect(Number(this.#url.port), this.#url.hostname);
    socket.setNoDelay(true);
    socket.on('data', (data) => this.#read(data));
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = null;
      this.#done(0);
    });
    return socket;
  }

  #read(data: Buffer): void {
    this.#answer = this.#answer.length === 0 ? data : Buffer.concat([this.#answer, data]);
    const head = this.#answer.indexOf('\r\n\r\n');
    if (head < 0) return;
    const headers = this.#answer.toString('latin1', 0, head);
    const length = /\r\ncontent-length: *(\d+)/i.exec(headers)?.[1];
    const whole =
      length !== undefined
        ? this.#answer.length >= head + 4 + Number(length)
        : !/\r\ntransfer-encoding: *chunked/i.test(headers) || this.#answer.toString('latin1').endsWith('0\r\n\r\n');
    if (whole) this.#done(Number(headers.slice(9, 12)));
  }

  #done(status: number): void {
    this.#answer = Buffer.alloc(0);
    const settle = this.#settle;
    this.#settle = null;
    settle?.(status);
  }
}

export interface LoadOptions {
  readonly url: URL;
  readonly connections: number;
  readonly seconds: number;
  /** The request to send as number `index` (from 0); `null` ends the load. */
  readonly request: (index: number) => Buffer | null;
  /** Requests a second; without it each connection sends its next as soon as it has its answer. */
  readonly rate?: number;
}

export interface LoadResult {
  readonly done: number;
  readonly perSecond: number;
  /** Milliseconds, from when a request was due. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Answers other than 2xx, by status; 0 is a broken connection. */
  readonly failures: ReadonlyMap<number, number>;
}

/** Throws when a hundredth of the requests failed: such a figure would mean nothing. */
export async function load({ url, connections, seconds, request, rate }: LoadOptions): Promise<LoadResult> {
  const lanes = Array.from({ length: connections }, () => new Connection(url));
  const latencies: number[] = [];
  const failures = new Map<number, number>();
  collectGarbage();
  const began = performance.now();
  const end = began + seconds * 1_000;
  let sent = 0;
  let exhausted = false;

  const one = async (lane: Connection, due: number): Promise<void> => {
    const next = request(sent);
    if (!next) return void (exhausted = true);
    sent += 1;
    const status = await lane.send(next);
    latencies.push(performance.now() - due);
    if (status < 200 || status > 299) failures.set(status, (failures.get(status) ?? 0) + 1);
  };
  const closed = async (lane: Connection): Promise<void> => {
    for (let now = began; now < end && !exhausted; now = performance.now()) await one(lane, now);
  };
  let given = 0;
  const paced = async (lane: Connection, perSecond: number): Promise<void> => {
    while (!exhausted) {
      const due = began + (given++ / perSecond) * 1_000;
      if (due >= end) return;
      const wait = due - performance.now();
      if (wait > 0) await new Promise((resume) => setTimeout(resume, wait));
      // A timer fires on whole milliseconds; its lateness is ours, a busy connection is not.
      await one(lane, wait > 0 ? performance.now() : due);
    }
  };
  await Promise.all(lanes.map((lane) => (rate ? paced(lane, rate) : closed(lane))));
  const took = (performance.now() - began) / 1_000;
  for (const lane of lanes) lane.close();
  const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
  if (failed > sent / 100)
    throw new Error(`${failed} of ${sent} requests to ${url.pathname} failed: ${JSON.stringify([...failures])}`);
  return {
    done: sent,
    perSecond: sent / took,
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    p99: percentile(latencies, 0.99),
    failures,
  };
}
