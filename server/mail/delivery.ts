import type { Knex } from 'knex';
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

/** The mail service has refused this mail for good, or does not know us. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
}

export interface Delivery {
  /** Ends once the mail under way has been dealt with. */
  close(): Promise<void>;
}

interface Claimed extends OutgoingMail {
  readonly attempts: number;
}

const EVERY_MS = 2_000;
/** The last one comes about an hour after the first. */
const MOST_TRIES = 8;

/**
 * Delivers what waits, in any number of processes at once. What fails is tried again after 30 s, doubled each time. What was delivered or
 * given up keeps no text, because it may hold a key to somebody's account; nor does what has waited a day, and it is not sent any more.
 * A process that dies between the service's yes and our note of it makes the mail go out twice: better than not at all.
 */
export function startDelivery(
  db: Database,
  deliver: Deliver,
  onError: (error: unknown) => void,
  everyMs = EVERY_MS,
): Delivery {
  let working: Promise<void> | null = null;
  let closed = false;

  /** False when nothing waits. The network is awaited outside of any transaction: an embedded database has one session for everybody. */
  const next = async (): Promise<boolean> => {
    const mail = await db.withIdentity(claim);
    if (!mail) return false;
    try {
      await deliver(mail);
      await db.withIdentity((trx) => settle(trx, mail, 'sent', null));
    } catch (error) {
      onError(error);
      const over = error instanceof MailRefused || mail.attempts >= MOST_TRIES;
      const message = error instanceof Error ? error.message.slice(0, 300) : 'unknown';
      await db.withIdentity((trx) => settle(trx, mail, over ? 'failed' : 'queued', message));
    }
    return true;
  };
  const work = async (): Promise<void> => {
    await db.withIdentity(giveUpOld);
    while (!closed && (await next()));
  };
  const timer = setInterval(() => {
    working ??= work()
      .catch(onError)
      .finally(() => (working = null));
  }, everyMs);
  return {
    async close() {
      closed = true;
      clearInterval(timer);
      await working;
    },
  };
}

/** Holds one mail for this process: until its next try is due, no other takes it. */
async function claim(trx: Knex.Transaction): Promise<Claimed | null> {
  const { rows } = await trx.raw<{ rows: Claimed[] }>(
    `update platform.emails set attempts = attempts + 1, next_at = now() + interval '30 seconds' * (2 ^ attempts)
     where id = (select id from platform.emails where status = 'queued' and next_at <= now()
       and created_at > now() - interval '1 day' order by next_at limit 1 for update skip locked)
     returning id, recipient, subject, body, html, attempts`,
  );
  return rows[0] ?? null;
}

/** Writes down how a try ended, unless the mail has been taken up again meanwhile. */
const settle = (trx: Knex.Transaction, mail: Claimed, status: 'sent' | 'failed' | 'queued', error: string | null) =>
  trx.raw(
    `update platform.emails set status = :status, error = :error,
       sent_at = case when :status = 'sent' then now() end,
       body = case when :status = 'queued' then body else '' end,
       html = case when :status = 'queued' then html else '' end
     where id = :id and status = 'queued' and attempts = :attempts`,
    { status, error, id: mail.id, attempts: mail.attempts },
  );

const giveUpOld = (trx: Knex.Transaction) =>
  trx.raw(
    `update platform.emails set status = 'failed', error = 'waited too long', body = '', html = ''
     where status = 'queued' and created_at < now() - interval '1 day'`,
  );
