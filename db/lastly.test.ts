import { connect as connectSocket, createServer, type AddressInfo } from 'node:net';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { connect, type Database } from './connect.js';
import { isDuplicate } from './errors.js';
import { lastly } from './lastly.js';
import { Organization } from './models/organization.js';

let database: TestDatabase;
let db: Database;
let turns: () => number;
const ours = uuidv7();

/** Counts how often somebody speaks to the database after it has answered. */
async function listenTo(url: string) {
  let count = 0;
  let answered = true;
  const server = createServer((socket) => {
    const target = new URL(url);
    const behind = connectSocket(Number(target.port), target.hostname);
    socket.on('data', () => {
      if (answered) count += 1;
      answered = false;
    });
    behind.on('data', () => (answered = true));
    for (const each of [socket, behind]) each.on('error', () => {});
    socket.pipe(behind).pipe(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const heard = new URL(url);
  heard.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: heard.href, turns: () => count, close: () => server.close() };
}

let closeEar = (): unknown => undefined;
beforeAll(async () => {
  database = await testDatabase();
  const ear = await listenTo(database.url);
  closeEar = ear.close;
  turns = ear.turns;
  db = connect(ear.url, { max: 1 });
  await db.withIdentity((trx) => Organization.query(trx).insert({ id: ours, name: 'Pão', slug: 'pao' }));
});
afterAll(async () => {
  await db?.close();
  closeEar();
  await database?.close();
});

const failure = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => 'no error',
    (error: unknown) => error,
  );
const rename = `update platform.organizations set name = ? where id = ? returning name`;
const nameNow = () =>
  db.withIdentity(async (trx) => (await Organization.query(trx).findById(ours).throwIfNotFound()).name);
const twice = `insert into platform.organizations (id, name, slug) values (?, 'Outro', 'pao')`;

it('a transaction that looks and then writes takes two ways, and its last answers are there afterwards', async () => {
  const before = turns();
  const { answer } = await db.withIdentity(async (trx) => {
    await trx.raw('select 1');
    const written = await lastly(trx, trx.raw<{ rows: object[] }>(rename, ['Pão e Cia', ours]));
    await lastly(trx, trx.raw('select 2'));
    return written;
  });
  expect(turns() - before).toBe(2);
  expect((await answer).rows).toEqual([{ name: 'Pão e Cia' }]);
  expect(await nameNow()).toBe('Pão e Cia');
});

it('fails with what a statement has failed with that nobody waited for, whatever came behind it, and nothing is written', async () => {
  const refused = await failure(
    db.withIdentity(async (trx) => {
      await lastly(trx, trx.raw(rename, ['Nada', ours]));
      await lastly(trx, trx.raw(twice, [uuidv7()]));
      await lastly(trx, trx.raw('select 2'));
    }),
  );
  expect(isDuplicate(refused)).toBe(true);
  expect(await nameNow()).not.toBe('Nada');
});

it('fails with what the transaction itself has failed with, though something was asked behind it', async () => {
  const refused = await failure(
    db.withIdentity(async (trx) => {
      const failing = trx.raw(twice, [uuidv7()]).then(() => {});
      failing.catch(() => {});
      await lastly(trx, trx.raw('select 2'));
      await failing;
    }),
  );
  expect(isDuplicate(refused)).toBe(true);
});

it('a commit that the database makes a rollback is an error', async () => {
  const swallowing = db.withIdentity(async (trx) => {
    await trx.raw(rename, ['Nada', ours]);
    await trx.raw(twice, [uuidv7()]).catch(() => {});
  });
  await expect(swallowing).rejects.toThrow('A statement of the transaction had failed');
  expect(await nameNow()).not.toBe('Nada');
});

it('nothing is done before it is known whose rows are seen: where that fails, everything does, and for that reason', async () => {
  const nobody = db.withOrganization('nobody', (trx) => trx.raw(`select id from platform.departments`));
  await expect(nobody).rejects.toThrow(/invalid input syntax for type uuid/);
  const nobodyLast = db.withOrganization('nobody', (trx) =>
    lastly(trx, trx.raw('select count(*) from platform.departments')),
  );
  await expect(nobodyLast).rejects.toThrow(/invalid input syntax for type uuid/);
  // The connection is as good as before.
  expect(await db.withOrganization(ours, async (trx) => (await Organization.query(trx)).length)).toBe(1);
});
