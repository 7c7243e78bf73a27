import { setTimeout as after } from 'node:timers/promises';
import type { Failpoint } from '#db/failpoint.js';
import type { LineLog } from './lineLog.js';
import { startVictim, type Role, type Victim } from './processes.js';

/** A failpoint that struck, as the process wrote down before it did. */
export interface Strike {
  readonly at: number;
  readonly pid: number;
  readonly name: string;
  readonly action: string;
}

/** The platform's processes, which may be struck. One that ends otherwise than by `retire` is replaced, as a process manager does. */
export class Fleet {
  readonly victims: Victim[] = [];
  /** What those said last that ended by themselves, though nobody had told them to. */
  readonly crashes: string[] = [];
  readonly #retired = new Set<Victim>();
  #closing = false;
  /** Kills every process that is started from now on, at its first pass of this. */
  doomAt: Failpoint | null = null;
  constructor(
    private readonly settings: Readonly<Record<Role, Record<string, string>>>,
    private readonly struck: LineLog<Strike>,
  ) {}

  /** Resolves when it is ready; while a store is away it is started again and again. */
  async start(role: Role, more: Record<string, string> = {}): Promise<Victim> {
    for (;;) {
      try {
        const victim = await startVictim(role, {
          ...this.settings[role],
          CHAOS_LOG: this.struck.file,
          ...(this.doomAt && { CHAOS_ARM: this.doomAt }),
          ...more,
        });
        if (this.#closing) victim.signal('SIGKILL');
        this.victims.push(victim);
        void victim.ended.then((code) => {
          this.victims.splice(this.victims.indexOf(victim), 1);
          if (this.#closing || this.#retired.has(victim)) return;
          if (code !== null) this.crashes.push(`${role} ended with ${code}: ${victim.said().slice(-2_000)}`);
          void this.start(role, more).catch(() => {});
        });
        return victim;
      } catch (error) {
        if (this.#closing) throw error;
        await after(300);
      }
    }
  }

  /** Ends it as a deploy does. Resolves with how long it took, in milliseconds. */
  async retire(victim: Victim): Promise<number> {
    this.#retired.add(victim);
    const asked = Date.now();
    victim.signal('SIGTERM');
    await victim.ended;
    return Date.now() - asked;
  }

  /** Those that are alive and not stopped. */
  able(role?: Role): Victim[] {
    return this.victims.filter((victim) => victim.able && (!role || victim.role === role));
  }

  /** Every failpoint that has struck so far. */
  strikes(): readonly Strike[] {
    return this.struck.lines();
  }

  /** Nobody stands still any more. */
  resumeAll(): void {
    for (const victim of this.victims) victim.signal('SIGCONT');
  }

  /** As when the machine goes down: all at once, and nobody comes instead. */
  async killAll(): Promise<void> {
    this.#closing = true;
    const all = [...this.victims];
    this.resumeAll();
    for (const victim of all) victim.signal('SIGKILL');
    await Promise.all(all.map((victim) => victim.ended));
  }

  /** After `killAll`: whoever is started from now on is kept again. */
  reopen(): void {
    this.#closing = false;
  }
}
