import { z } from 'zod';

/** Where processes tell each other who is listened to. */
export const HEARING_CHANNEL = 'events-heard';

/** A process says again what it listens to this often, so that a word that was lost is made good. */
const AGAIN_MS = 10_000;
/** Somebody not heard of for this long listens no more: three words lost in a row. */
const OVER_MS = 3 * AGAIN_MS + 1_000;
/**
 * Who begins to listen reads what is on record, maybe a moment before this process knows of them: of what was left unsaid within this time they
 * are told that there was something.
 */
const LATE_MS = 5_000;
/** How long the others have to answer a process that has just come (back); until then it takes everybody for heard. */
const ASKING_MS = 2_000;

const said = z.union([
  z.strictObject({ heard: z.array(z.string()) }),
  /** Everybody who listens says to what. */
  z.strictObject({ asking: z.literal(true) }),
  /** Who says it could not tell for a while what happened. */
  z.strictObject({ gap: z.literal(true) }),
]);

/** Said once a process can speak again that could not. */
export const GAP = JSON.stringify({ gap: true } satisfies z.infer<typeof said>);

export interface Hearing {
  /** The connection has come (back): everybody is asked. */
  begin(): void;
  /** This process listens to the organization now. */
  listen(organizationId: string): void;
  /** What another process, or this one, said. */
  hear(text: string): void;
  isHeard(organizationId: string): boolean;
  close(): void;
}

export interface HearingOptions {
  /** What this process listens to. */
  readonly ours: () => Iterable<string>;
  /** Tells every process, this one too. What cannot be told now may be lost. */
  readonly say: (text: string) => void;
  readonly onHeard: (organizationId: string) => void;
  /** Just before somebody was known to listen to it something was not said. */
  readonly onUnsaid: (organizationId: string) => void;
  readonly onGap: () => void;
  readonly now?: () => number;
}

/**
 * Knows which organizations anybody listens to, in any process, without asking for each event: whoever begins to listen says so, and says it
 * again every few seconds. Errs on the side of telling somebody who has left.
 */
export function createHearing(options: HearingOptions): Hearing {
  const { ours, say, onHeard, onUnsaid, onGap, now = () => performance.now() } = options;
  const until = new Map<string, number>();
  /** When something was last left unsaid. */
  const unsaid = new Map<string, number>();
  let asking = now() + ASKING_MS;
  const tellOurs = (): void => {
    const heard = [...ours()];
    if (heard.length > 0) say(JSON.stringify({ heard }));
  };
  const timer = setInterval(() => {
    for (const [organizationId, over] of until) if (over < now()) until.delete(organizationId);
    for (const [organizationId, at] of unsaid) if (at < now() - LATE_MS) unsaid.delete(organizationId);
    tellOurs();
  }, AGAIN_MS);
  timer.unref();
  return {
    begin() {
      asking = now() + ASKING_MS;
      say(JSON.stringify({ asking: true }));
      tellOurs();
    },
    listen(organizationId) {
      say(JSON.stringify({ heard: [organizationId] }));
    },
    hear(text) {
      const message = said.safeParse(JSON.parse(text));
      if (!message.success) return;
      if ('asking' in message.data) return tellOurs();
      if ('gap' in message.data) return onGap();
      for (const organizationId of message.data.heard) {
        const known = (until.get(organizationId) ?? 0) > now();
        until.set(organizationId, now() + OVER_MS);
        if (known) continue;
        onHeard(organizationId);
        if ((unsaid.get(organizationId) ?? -Infinity) >= now() - LATE_MS) onUnsaid(organizationId);
        unsaid.delete(organizationId);
      }
    },
    isHeard(organizationId) {
      const over = until.get(organizationId);
      if ((over !== undefined && over > now()) || asking > now()) return true;
      unsaid.set(organizationId, now());
      return false;
    },
    close: () => clearInterval(timer),
  };
}
