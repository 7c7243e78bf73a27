import { connect as connectSocket, createServer, type Server, type Socket } from 'node:net';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { lineTo } from '#tests/support/outage.js';
import { connect } from './connect.js';
import { isDuplicate, isUnavailable } from './errors.js';
import { Organization } from './models/organization.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());

const failure = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => 'no error',
    (error: unknown) => error,
  );

interface Door {
  readonly url: string;
  open(): Promise<void>;
  shut(): Promise<void>;
}

/** A door in front of the database that can be shut and opened again: a server that goes away and comes back. */
async function doorTo(url: string): Promise<Door> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const behind = connectSocket(Number(target.port), target.hostname);
    for (const each of [socket, behind]) {
      sockets.add(each);
      each.on('error', () => {}).on('close', () => sockets.delete(each));
    }
    socket.pipe(behind).pipe(socket);
  });
  const listen = (port: number): Promise<void> => new Promise((done) => server.listen(port, '127.0.0.1', done));
  await listen(0);
  const { port } = server.address() as { port: number };
  const door = new URL(url);
  door.host = `127.0.0.1:${port}`;
  return {
    url: door.href,
    open: () => listen(port),
    shut: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

describe('isUnavailable', () => {
  it('knows a database that is away, cut off or back, through every pool; and the pools come back by themselves', async () => {
    const door = await doorTo(database.url);
    const db = connect(door.url, { max: 2 });
    const id = uuidv7();
    const asTenant = (): Promise<unknown> => db.withOrganization(id, (trx) => trx.raw('select 1'));
    await Promise.all([db.ping(), asTenant()]);

    const cutOff = await failure(
      db.withOrganization(id, async (trx) => {
        await door.shut();
        await trx.raw('select 1');
      }),
    );
    expect(isUnavailable(cutOff), String(cutOff)).toBe(true);
    for (const work of [() => db.ping(), asTenant, () => db.withIdentity((trx) => trx.raw('select 1'))]) {
      const error = await failure(work());
      expect(isUnavailable(error), String(error)).toBe(true);
    }

    await door.open();
    await vi.waitFor(() => Promise.all([db.ping(), asTenant()]), { timeout: 60_000 });
    await db.close();
    await door.shut();
  });

  it('gives up on a database that takes everything and answers nothing, through every pool; and comes back', async () => {
    const line = await lineTo(database.url);
    const db = connect(line.url, { max: 2, answerMs: 2_000 });
    const id = uuidv7();
    const works: (() => Promise<unknown>)[] = [
      () => db.ping(),
      () => db.withOrganization(id, (trx) => trx.raw('select 1')),
      () => db.withIdentity((trx) => trx.raw('select 1')),
    ];
    await Promise.all(works.map((work) => work()));
    line.hush();
    const heardNothing = await Promise.all(works.slice(0, 2).map((work) => failure(work())));
    // The connections that heard nothing stay deaf: whoever comes now gets others.
    line.mend();
    for (const error of heardNothing) expect(isUnavailable(error), String(error)).toBe(true);
    await vi.waitFor(() => Promise.all(works.map((work) => work())), { timeout: 30_000 });
    await db.close();
    await line.close();
  });

  it('takes no fault of a statement for an absence', async () => {
    const faults = ['select 1/0', 'nonsense', 'select * from platform.users', `select 'x'::uuid`];
    for (const sql of faults) {
      const error = await failure(database.db.engine.query(sql));
      expect(error).toBeInstanceOf(Error);
      expect(isUnavailable(error), sql).toBe(false);
    }
    expect(isUnavailable(new Error('The invoice was not found'))).toBe(false);
    expect(isUnavailable('ECONNREFUSED')).toBe(false);
  });

  it.each(['08006', '53300', '53200', '57P01', '57P02', '57P03', '25P03', '25006', 'ECONNREFUSED'])(
    'knows the code %s, wrapped or not',
    (code) => {
      const error = Object.assign(new Error('x'), { code });
      expect(isUnavailable(error)).toBe(true);
      expect(isUnavailable(new Error('x', { cause: error }))).toBe(true);
      expect(isUnavailable(Object.assign(new Error('x'), { nativeError: error }))).toBe(true);
      expect(isUnavailable(new AggregateError([error]))).toBe(true);
    },
  );
});

describe('isDuplicate', () => {
  it('knows the refusal of a unique index, by name', async () => {
    const insert = (): Promise<unknown> =>
      database.db.withIdentity((trx) => Organization.query(trx).insert({ id: uuidv7(), name: 'Pão', slug: 'same' }));
    await insert();
    const error = await failure(insert());
    expect(isDuplicate(error)).toBe(true);
    expect(isDuplicate(error, 'organizations_slug_key')).toBe(true);
    expect(isDuplicate(error, 'organizations_pkey')).toBe(false);
    expect(isUnavailable(error)).toBe(false);
  });
});
