import { Deadline } from '#engine/signals/deadline.js';
import type { NodeError } from '#nodes/sdk/errors.js';
import { detail } from '#nodes/sdk/details.js';
import type { AllowEntry } from './allow.js';
import { failed, refused, timedOut, type Stage } from './errors.js';
import { exchange, isRedirect, later, type Answer } from './exchange.js';
import { findTarget, parseTarget, resolveBySystem, type Resolve } from './target.js';

export interface EgressRequest {
  /** GET unless said otherwise. CONNECT and TRACE are refused. */
  readonly method?: string;
  readonly url: string;
  /** The author's own. At another origin, after a redirect, only the harmless ones go along. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string | null;
  /** Of everything together: names, redirects, the last byte of the body. At most 30,000, which is the default. */
  readonly timeoutMs?: number;
  /** Of the body once unpacked. At most 10,000,000, which is the default. */
  readonly maxBytes?: number;
  /** How many are followed, at most 5, which is the default. */
  readonly redirects?: number;
  readonly signal?: AbortSignal;
  /**
   * Credentials for an address, asked before each request. A `NodeError` for the first address ends the request; for a redirect's it means
   * that the way leads away from where the credentials belong: it is followed without them, and they are not asked for again.
   */
  readonly headersFor?: (url: URL) => Promise<Readonly<Record<string, string>>>;
}

export interface EgressAnswer extends Answer {
  /** Where the answer came from, after redirects. */
  readonly url: string;
}

export interface Egress {
  /** Throws `NodeError` `egress_refused`, `egress_timeout`, `egress_too_large` or `egress_failed`; an `EffectDidNotHappen` when nothing had left. */
  request(request: EgressRequest): Promise<EgressAnswer>;
}

export interface EgressSettings {
  readonly allow: readonly AllowEntry[];
  /** For tests of names. Default: the system's resolver. */
  readonly resolve?: Resolve;
}

export const MAX_BYTES = 10_000_000;
export const MAX_MS = 30_000;
const MAX_REDIRECTS = 5;

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** Belong to the connection, or would name another host than the one that was checked. */
const ours =
  /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|keep-alive|accept-encoding|proxy-.*|sec-.*)$/i;
/** What may follow a redirect to another origin; anything else might be a key. */
const harmless = new Set(['accept', 'accept-language', 'user-agent', 'content-type', 'content-language']);

/** The one way out to addresses that a tenant can choose. */
export function openEgress({ allow, resolve = resolveBySystem }: EgressSettings): Egress {
  return {
    async request(asked) {
      const ms = Math.min(asked.timeoutMs ?? MAX_MS, MAX_MS);
      const deadline = new Deadline(ms, asked.signal);
      const trip = new Trip(asked, allow, resolve, deadline.signal);
      try {
        return await trip.go();
      } catch (error) {
        asked.signal?.throwIfAborted();
        if (deadline.hasPassed) throw timedOut(trip.stage, ms / 1_000);
        throw error;
      } finally {
        deadline.end();
      }
    },
  };
}

/** One request with its redirects. */
class Trip {
  /** How much may have happened so far. */
  stage: Stage = 'before';
  readonly #asked: EgressRequest;
  readonly #allow: readonly AllowEntry[];
  readonly #resolve: Resolve;
  readonly #signal: AbortSignal;
  #method: string;
  #headers: Readonly<Record<string, string>>;
  #body: Buffer | null;
  #credentialsGo: boolean;

  constructor(asked: EgressRequest, allow: readonly AllowEntry[], resolve: Resolve, signal: AbortSignal) {
    this.#asked = asked;
    this.#allow = allow;
    this.#resolve = resolve;
    this.#signal = signal;
    this.#method = (asked.method ?? 'GET').toUpperCase();
    this.#headers = {};
    this.#body = asked.body === null || asked.body === undefined ? null : Buffer.from(asked.body);
    this.#credentialsGo = asked.headersFor !== undefined;
  }

  async go(): Promise<EgressAnswer> {
    if (!methods.includes(this.#method)) throw refused('before', detail('request.method'));
    if (this.#body && ['GET', 'HEAD'].includes(this.#method))
      throw refused('before', detail('request.no_body', { method: this.#method }));
    this.#headers = checkHeaders(this.#asked.headers ?? {});
    const maxBytes = Math.min(this.#asked.maxBytes ?? MAX_BYTES, MAX_BYTES);
    const redirects = Math.min(this.#asked.redirects ?? MAX_REDIRECTS, MAX_REDIRECTS);
    let url = parseTarget(this.#asked.url, this.stage);
    for (let hop = 0; ; hop++) {
      const target = await this.#unlessOver(findTarget(url, this.#allow, this.#resolve, this.stage));
      const credentials = await this.#unlessOver(this.#credentialsFor(url, hop));
      const before = this.stage;
      this.stage = later(this.stage, this.#method);
      const answer = await exchange({
        target,
        method: this.#method,
        headers: {
          'user-agent': 'ai-departments',
          accept: '*/*',
          ...this.#headers,
          'accept-encoding': 'gzip, deflate, br',
          ...credentials,
        },
        body: this.#body,
        maxBytes,
        signal: this.#signal,
        stage: before,
      });
      const location = answer.headers['location'];
      if (!isRedirect(answer.status) || location === undefined) return { ...answer, url: url.href };
      if (hop === redirects)
        throw failed(
          this.stage,
          redirects === 0 ? detail('egress.elsewhere') : detail('egress.redirects', { limit: redirects }),
          false,
        );
      url = this.#follow(url, answer.status, location);
    }
  }

  async #credentialsFor(url: URL, hop: number): Promise<Readonly<Record<string, string>>> {
    const { headersFor } = this.#asked;
    if (!this.#credentialsGo || !headersFor) return {};
    try {
      const credentials = await headersFor(url);
      // Names in lower case, so that they take the place of the author's.
      return Object.fromEntries(Object.entries(credentials).map(([name, value]) => [name.toLowerCase(), value]));
    } catch (error) {
      if (hop === 0 || (error as Partial<NodeError>).name !== 'NodeError') throw error;
      this.#credentialsGo = false;
      return {};
    }
  }

  /** The rules of fetch (Fetch Standard, "HTTP-redirect fetch"), and stricter ones for what goes along. */
  #follow(from: URL, status: number, location: string): URL {
    const to = parseTarget(absolute(location, from) ?? '', this.stage);
    const asksOnly = ['GET', 'HEAD'].includes(this.#method);
    if ((status === 303 && !asksOnly) || ((status === 301 || status === 302) && this.#method === 'POST')) {
      this.#method = 'GET';
      this.#body = null;
      this.#headers = keep(this.#headers, (name) => !name.startsWith('content-'));
    }
    if (to.origin !== from.origin) this.#headers = keep(this.#headers, (name) => harmless.has(name));
    // What was secret on the way so far is not said aloud.
    if (from.protocol === 'https:' && to.protocol === 'http:') this.#credentialsGo = false;
    return to;
  }

  /** Looking up a name cannot be stopped; nobody waits for it beyond the deadline. */
  async #unlessOver<T>(work: Promise<T>): Promise<T> {
    const signal = this.#signal;
    let stop: (() => void) | undefined;
    const over = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([work, over]);
    } finally {
      if (stop) signal.removeEventListener('abort', stop);
    }
  }
}

/** A redirect may be relative; one that a browser would first have to repair is left as written, and refused. */
function absolute(location: string, from: URL): string | null {
  if (/^[a-z][a-z0-9+.-]*:/i.test(location)) return location;
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  if (/[\u0000-\u0020\u007f\\]/.test(location)) return null;
  if (location.startsWith('//')) return from.protocol + location;
  return URL.canParse(location, from.href) ? new URL(location, from).href : null;
}

function checkHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]{1,128}$/i.test(name) || !/^[\t\x20-\x7e\x80-\xff]{0,8192}$/.test(value))
      throw refused('before', detail('request.header'));
    if (ours.test(name)) throw refused('before', detail('request.own_header', { name: name.toLowerCase() }));
    if (name !== '__proto__') checked[name.toLowerCase()] = value;
  }
  return checked;
}

const keep = (headers: Readonly<Record<string, string>>, which: (name: string) => boolean): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => which(name)));
