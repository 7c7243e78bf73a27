import type { FastifyBaseLogger } from 'fastify';
import type { Bindings, ChildLoggerOptions } from 'pino';

/** What a line is written with. */
type Said = [what: object, message?: string];

/**
 * A child of a log that is made with its first line. Each request has one, which bears its id, and hardly any says something by itself; to make one is to write out what it bears and
 * to search that for secrets.
 */
export class LateChildLog implements FastifyBaseLogger {
  readonly #parent: FastifyBaseLogger;
  readonly #bindings: Bindings;
  #made: FastifyBaseLogger | undefined;

  constructor(parent: FastifyBaseLogger, bindings: Bindings) {
    this.#parent = parent;
    this.#bindings = bindings;
  }
  get #child(): FastifyBaseLogger {
    return (this.#made ??= this.#parent.child(this.#bindings));
  }
  get level(): string {
    return this.#child.level;
  }
  set level(level: string) {
    this.#child.level = level;
  }
  child(bindings: Bindings, options?: ChildLoggerOptions): FastifyBaseLogger {
    return this.#child.child(bindings, options);
  }
  fatal(...said: Said): void {
    this.#child.fatal(...said);
  }
  error(...said: Said): void {
    this.#child.error(...said);
  }
  warn(...said: Said): void {
    this.#child.warn(...said);
  }
  info(...said: Said): void {
    this.#child.info(...said);
  }
  debug(...said: Said): void {
    this.#child.debug(...said);
  }
  trace(...said: Said): void {
    this.#child.trace(...said);
  }
  silent(): void {}
}
