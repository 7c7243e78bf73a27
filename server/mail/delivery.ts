import type { Database } from '#db/connect.js';

/** A mail on its way. */
export interface OutgoingMail {
  readonly id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
  readonly html: string;
}

/** Takes a mail out of the house. Throws `MailRefused` when trying again is of no use. */
export type Deliver = (mail: OutgoingMail) => Promise<void>;

export class MailRefused extends Error {
  override readonly name = 'MailRefused';
}

export interface Delivery {
  /** Looks at once for what waits. */
  wake(): void;
  close(): Promise<void>;
}

const EVERY_MS = 2_000;
const MOST_TRIES = 8;

/**
 * Delivers what waits, in any number of processes at once: each mail is held by one while it is on its way. What fails is tried again after
 * 30 s, doubled each time; what was delivered keeps no text, because it may hold a key to somebody's account.
 */
export function startDelivery(db: Database, deliver: Deliver, onError: (error: unknown) => void): Delivery {
  let working: Promise<void> | null = null;
  let closed = false;

  /** True when there was one. */
  const next = (): Promise<boolean> =>
    db.withIdentity(async (trx) => {
      const { rows } = await trx.raw<{ rows: (OutgoingMail & { attempts: number })[] }>(
        `update platform.emails set attempts = attempts + 1, next_at = now() + interval '30 seconds' * (2 ^ attempts)
         where id = (select id from platform.emails where status = 'queued' and next_at <= now() order by next_at limit 1 for update skip locked)
         returning id, recipient, subject, body, html, attempts`,
      );
      const [mail] = rows;
      if (!mail) return false;
      try {
        await deliver(mail);
        await trx.raw(
          `update platform.emails set status = 'sent', sent_at = now(), body = '', html = '', error = null where id = ?`,
          [mail.id],
        );
      } catch (error) {
        onError(error);
        const over = error instanceof MailRefused || mail.attempts >= MOST_TRIES;
        await trx.raw('update platform.emails set status = ?, error = ? where id = ?', [
          over ? 'failed' : 'queued',
          error instanceof Error ? error.message.slice(0, 300) : 'unknown',
          mail.id,
        ]);
      }
      return true;
    });
  const work = async (): Promise<void> => {
    while (!closed && (await next()));
  };
  const wake = (): void => {
    if (closed) return;
    working ??= work()
      .catch(onError)
      .finally(() => (working = null));
  };
  const timer = setInterval(wake, EVERY_MS);
  return {
    wake,
    async close() {
      closed = true;
      clearInterval(timer);
      await working;
    },
  };
}
