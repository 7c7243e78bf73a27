import type { IncomingMessage, ServerResponse } from 'node:http';
import { contract, hasContracts } from '../contracts.js';

interface Endpoint {
  readonly method: string;
  readonly endpoint: string;
  readonly params: readonly { readonly name: string; readonly required: boolean }[];
}

/**
 * What goes wrong at the next publication. `answerLost`: it is done and nobody hears of it. `gatewayTired`: the same, and a gateway before it says that it gave up.
 * `neverArrived`: nothing is done.
 */
export type Mishap = 'answerLost' | 'gatewayTired' | 'neverArrived';

/**
 * Instagram's content publishing: containers are made, asked about and published, each once. Parameters are held against Meta's own specification of
 * the node where that is at hand.
 */
export class InstagramEmulator {
  /** Creation ids in the order they were published. */
  readonly published: string[] = [];
  /** Requests that its specification does not allow. */
  readonly faults: string[] = [];
  readonly mishaps: Mishap[] = [];
  /** Set where nobody can be asked about a container. */
  mute = false;
  readonly #containers = new Set<string>();
  readonly #endpoints = hasContracts
    ? (contract('meta-publishing/IGUser.json') as { apis: readonly Endpoint[] }).apis
    : null;

  /** Answers `/<user>/media`, `/<user>/media_publish` and `/<container>`. */
  readonly answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '', 'http://instagram.invalid');
    const [first = '', edge] = url.pathname.slice(1).split('/');
    const say = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const refuse = (code: number, message: string): void =>
      say(400, { error: { message, type: 'OAuthException', code } });
    if (request.method === 'GET') {
      if (this.mute) return say(500, { error: { message: 'An unknown error occurred', code: 1 } });
      if (!this.#containers.has(first)) return say(404, { error: { message: 'Unsupported get request', code: 100 } });
      return say(200, { id: first, status_code: this.published.includes(first) ? 'PUBLISHED' : 'FINISHED' });
    }
    this.#check(edge ?? '', url.searchParams);
    if (edge === 'media') {
      const id = `1788${this.#containers.size}`;
      this.#containers.add(id);
      return say(200, { id });
    }
    const mishap = this.mishaps.shift();
    if (mishap === 'neverArrived') return void request.socket.destroy();
    const id = url.searchParams.get('creation_id') ?? '';
    if (!this.#containers.has(id)) return refuse(100, 'Invalid parameter');
    this.published.push(id);
    if (mishap === 'answerLost') return void request.socket.destroy();
    if (mishap === 'gatewayTired') return say(504, {});
    say(200, { id: `90${id}` });
  };

  #check(edge: string, given: URLSearchParams): void {
    if (!this.#endpoints) return;
    const endpoint = this.#endpoints.find((each) => each.method === 'POST' && each.endpoint === edge);
    if (!endpoint) return void this.faults.push(`POST ${edge} does not exist`);
    for (const { name, required } of endpoint.params)
      if (required && !given.has(name)) this.faults.push(`POST ${edge} lacks ${name}`);
    for (const name of given.keys())
      if (!endpoint.params.some((param) => param.name === name)) this.faults.push(`POST ${edge} knows no ${name}`);
  }
}
