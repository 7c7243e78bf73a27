export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long it stays open at most, in milliseconds, and no less than three quarters of it, so that workers do not all try at once; then one call may try. */
  readonly openMs: number;
}

/** Stops calling a provider that keeps failing, so that callers learn at once. One per provider and key. */
export class Breaker {
  private failed = 0;
  private openUntil = 0;
  private probing = false;

  constructor(
    private readonly options: BreakerOptions,
    private readonly now: () => number,
    private readonly random: () => number = Math.random,
  ) {}

  /** 0 when a call may go ahead (and the caller must then report how it went), else the milliseconds to wait. */
  admit(): number {
    if (this.failed < this.options.failures) return 0;
    const wait = this.openUntil - this.now();
    if (wait > 0) return wait;
    if (this.probing) return this.options.openMs;
    this.probing = true;
    return 0;
  }

  /** The provider answered, be it with an error about the request itself. */
  succeeded(): void {
    this.failed = 0;
    this.probing = false;
  }

  failedOnce(): void {
    this.failed += 1;
    this.probing = false;
    if (this.failed >= this.options.failures)
      this.openUntil = this.now() + this.options.openMs * (1 - this.random() / 4);
  }

  /** The call ended without telling anything about the provider (the run was canceled). */
  abandoned(): void {
    this.probing = false;
  }
}
