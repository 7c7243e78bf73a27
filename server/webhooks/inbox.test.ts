import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKeyring } from '#db/seal.js';
import { openQueues, type Queues } from '#engine/worker/enqueue.js';
import { testDatabase } from '#tests/support/database.js';
import { createInbox, type Arrival, type Inbox } from './inbox.js';

let inbox: Inbox;
const announced: unknown[] = [];
const close: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  const database = await testDatabase();
  close.push(() => database.close());
  const queues = await openQueues({ databaseUrl: database.url });
  close.push(() => queues.close());
  const listening: Queues = {
    ...queues,
    async addMany(name, datas, options) {
      announced.push(...datas);
      await queues.addMany(name, datas, options);
    },
  };
  inbox = createInbox({
    engine: database.db.engine,
    keyring: openKeyring(randomBytes(32)),
    queues: listening,
    onError: (error) => expect.unreachable(String(error)),
  });
});
afterAll(async () => {
  for (const end of close.reverse()) await end();
});

const arrival = (externalId: string, channel = 'a number'): Arrival => ({
  provider: 'whatsapp',
  externalId,
  channel,
  payload: { text: `\0${externalId}` },
});

describe('what arrives', () => {
  it('has an id when it is new and none when it was here before, in the order in which it came', async () => {
    const [one, two] = await inbox.store([arrival('one'), arrival('two')]);
    expect(new Set([one, two]).size).toBe(2);
    announced.length = 0;

    const mixed = await inbox.store([
      arrival('two'),
      arrival('three'),
      arrival('one'),
      arrival('three'),
      arrival('four'),
    ]);
    expect(mixed).toEqual([null, expect.any(String), null, null, expect.any(String)]);
    expect(announced).toEqual([{ eventId: mixed[1] }, { eventId: mixed[4] }]);

    announced.length = 0;
    expect(await inbox.store([arrival('one'), arrival('four')])).toEqual([null, null]);
    expect(announced).toEqual([]);
  });

  it('is new for each channel that it comes through', async () => {
    const [here, there] = await inbox.store([arrival('five'), arrival('five', 'another number')]);
    expect([here, there]).toEqual([expect.any(String), expect.any(String)]);
  });
});
