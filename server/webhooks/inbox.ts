import { uuidv7 } from 'uuidv7';
import type pg from 'pg';
import { between } from '#db/failpoint.js';
import { GroupCommit } from '#db/groupCommit.js';
import type { Query } from '#db/query.js';
import type { Keyring } from '#db/seal.js';
import { storableJsonText } from '#db/text.js';
import type { Queues } from '#engine/worker/enqueue.js';
import { createTurns } from './turns.js';

/** Something from outside, before anybody has looked into it. */
export interface Arrival {
  readonly provider: 'whatsapp' | 'simulator';
  /** The same for the same thing that comes through one channel, however often it is delivered. */
  readonly externalId: string;
  readonly payload: unknown;
  /** The channel that it came through: WhatsApp's phone number id. It says whose it is; all else is sealed. */
  readonly channel: string | null;
  /** Known already when it did not come through a channel's public address. */
  readonly organizationId?: string;
  /** Who wrote it and when: what one sender writes is taken in that order. Absent for what nobody wrote. */
  readonly written?: Written;
}

interface Written {
  readonly by: string;
  readonly at: string;
  /** It changes something that they wrote before. */
  readonly changes?: boolean;
}

export interface Inbox {
  /**
   * Resolves when all of it is committed, and gives each one's id: `null` for what we already had. Workers are woken after the commit;
   * should that fail, they find the rows by themselves.
   */
  store(arrivals: readonly Arrival[]): Promise<(string | null)[]>;
  /** The same of one that is new, within a transaction that writes more than it. Workers are to be woken once that is committed. */
  storeWithin(query: Query, arrival: Arrival): Promise<{ readonly id: string; readonly wakeWorkers: () => void }>;
}

/** Where everything that arrives is kept before its sender is told that it did. */
export function createInbox({
  engine,
  keyring,
  queues,
  onError,
}: {
  engine: pg.Pool;
  keyring: Keyring;
  queues: Queues;
  onError: (error: unknown) => void;
}): Inbox {
  const turns = createTurns();
  /** Which of them are ours: asked when some had come before, which is seldom. */
  const stored = async (ids: readonly string[]): Promise<string[]> => {
    const text = 'select id from platform.inbound_events where id = any($1::uuid[])';
    const { rows } = await engine.query<{ id: string }>({ name: 'inbox:stored', text, values: [ids] });
    return rows.map(({ id }) => id);
  };
  const announce = (fresh: readonly { readonly eventId: string; readonly arrival: Arrival }[]): void => {
    const placed = fresh.map(({ eventId, arrival }) => ({ eventId, priority: turns.next(sourceOf(arrival)) }));
    for (const [queue, events] of [
      ['firstInbound', placed.filter(({ priority }) => priority === 0)],
      ['inbound', placed.filter(({ priority }) => priority > 0)],
    ] as const)
      queues
        .addMany(
          queue,
          events.map(({ eventId }) => ({ eventId })),
          (_, index) => ({ priority: events[index]?.priority ?? 0 }),
        )
        .catch(onError);
  };
  const commit = new GroupCommit<Arrival, string | null>(
    async (arrivals) => {
      const ids = arrivals.map(() => uuidv7());
      const insert = { name: 'inbox:store', text: INSERT, values: valuesOf(keyring, ids, arrivals) };
      const { rowCount } = await between('inbox.commit.before', () => engine.query(insert), 'inbox.commit.after');
      const fresh = new Set(rowCount === ids.length ? ids : await stored(ids));
      announce(
        arrivals.flatMap((arrival, index) => {
          const eventId = ids[index] ?? '';
          return fresh.has(eventId) ? [{ eventId, arrival }] : [];
        }),
      );
      return ids.map((id) => (fresh.has(id) ? id : null));
    },
    { maxRows: 500 },
  );
  return {
    store: (arrivals) => Promise.all(arrivals.map((arrival) => commit.add(arrival))),
    async storeWithin(query, arrival) {
      const id = uuidv7();
      await query(INSERT, valuesOf(keyring, [id], [arrival]));
      return { id, wakeWorkers: () => announce([{ eventId: id, arrival }]) };
    },
  };
}

const INSERT = `insert into platform.inbound_events (id, provider, external_id, organization_id, payload, channel_external_id, sender_key, editor_key, sent_at)
  select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::jsonb[], $6::text[], $7::text[], $8::text[], $9::timestamptz[])
  on conflict (provider, external_id) do nothing`;

function valuesOf(keyring: Keyring, ids: readonly string[], arrivals: readonly Arrival[]): unknown[] {
  const senders = arrivals.map((arrival) => senderKey(keyring, arrival));
  return [
    ids,
    arrivals.map((arrival) => arrival.provider),
    arrivals.map(nameOf),
    arrivals.map((arrival) => arrival.organizationId ?? null),
    arrivals.map((arrival) => keyring.inbound.sealJsonText(Buffer.from(storableJsonText(arrival.payload)))),
    arrivals.map((arrival) => arrival.channel),
    senders,
    arrivals.map(({ written }, index) => (written?.changes ? senders[index] : null)),
    arrivals.map(({ written }) => written?.at ?? null),
  ];
}

/** Within its channel: what reaches one organization must not count as known because it has reached another. */
const nameOf = ({ channel, externalId }: Arrival): string =>
  channel === null ? externalId : `${channel} ${externalId}`;

/** The same for all that one sender writes to one channel, without saying who it is. */
const senderKey = ({ inbound }: Keyring, { provider, channel, organizationId, written }: Arrival): string | null =>
  written ? inbound.index('sender', [provider, channel ?? organizationId ?? '', written.by].join('\0')) : null;

/** Whose number it came to: what one of them gets must not make another wait. */
function sourceOf({ organizationId, payload }: Arrival): string {
  const { phoneNumberId } = payload as { phoneNumberId?: unknown };
  return organizationId ?? (typeof phoneNumberId === 'string' ? phoneNumberId : '');
}
