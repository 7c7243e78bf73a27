import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { afterAll, expect, it, vi } from 'vitest';
import { nodesOf } from '#engine/graph/document/shape.js';
import { createClient } from '#tests/support/client.js';
import { joinDraft } from '#tests/support/collaboration.js';
import { notBuilt, startProcess } from '#tests/support/processes.js';
import type { SocketConstructor } from '../../editor/src/document/acknowledged.js';
import { openDraft, type Draft } from '../../editor/src/document/openDraft.js';
import { setConfig } from '../../editor/src/document/operations/options.js';

/** `DRAFT_KILLS=200` is the whole of it. */
const kills = Number(process.env['DRAFT_KILLS'] ?? 3);
const PEOPLE = Number(process.env['DRAFT_PEOPLE'] ?? 6);

const directory = mkdtempSync(join(tmpdir(), 'draft-kills-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Keeps nothing: a browser that is closed for good. */
const forgetful = { append: async () => {}, read: async () => [], clear: async () => {}, keys: async () => [] };

it.skipIf(notBuilt !== null)(
  `${kills} kills of the server in the middle of the work of ${PEOPLE} people lose nothing that was acknowledged`,
  { timeout: 60_000 + kills * 40_000 },
  async () => {
    const settings = { DATA_DIR: directory, ROLE: 'all', RATE_LIMIT: '0' };
    const promised = new Map<string, number>();
    let token = '';
    let department = '';

    for (let kill = 0; kill <= kills; kill += 1) {
      const server = startProcess(settings);
      const url = await server.ready();
      const client = createClient(url);
      const account = { email: 'lucia@example.com', password: 'pão quentinho às 6', name: 'Lúcia' };
      if (kill === 0) {
        const { body } = await client.call('POST', '/auth/register', { ...account, organizationName: 'Padaria' });
        token = body.accessToken;
        const hired = { name: 'Balcão', template: 'customer-service' };
        department = (await client.call('POST', '/departments', hired, { token })).body.id;
      } else {
        // A token lasts fifteen minutes, which on a busy machine are fewer kills than one thinks.
        const { email, password } = account;
        token = (await client.call('POST', '/auth/login', { email, password })).body.accessToken;
      }
      const address = `${url.replace('http', 'ws')}/api/v1/collaboration`;
      const seen = await Promise.all([joinDraft(address, department, token), joinDraft(address, department, token)]);
      const [one, other] = seen.map(({ doc }) => Y.decodeStateVector(Y.encodeStateVector(doc)));
      expect(one).toEqual(other);
      const config = (nodesOf(seen[0].doc).get('message') as Y.Map<unknown>).get('config') as Y.Map<unknown>;
      for (const [field, value] of promised)
        expect(Number(config.get(field) ?? -1), `${field} after kill ${kill}`).toBeGreaterThanOrEqual(value);
      for (const each of seen) each.leave();
      if (kill > 0 && kill % 10 === 0) console.log(`${kill} kills, nothing lost`);
      if (kill === kills) {
        await server.kill('SIGTERM');
        break;
      }

      const before = [...promised.values()].reduce((sum, value) => sum + value, 0);
      const drafts = await Promise.all(
        Array.from({ length: PEOPLE }, () =>
          openDraft(department, {
            address,
            token: async () => token,
            person: 'p',
            updates: forgetful,
            WebSocket: WebSocket as unknown as SocketConstructor,
          }),
        ),
      );
      // Not `expect.poll`: vitest keeps what that looks at for as long as the test runs.
      const connected = ({ connection }: Draft): boolean => connection.getStatus().state === 'connected';
      await vi.waitUntil(() => drafts.every(connected), { timeout: 60_000, interval: 20 });
      let stopped = false;
      const work = drafts.map(async (draft, person) => {
        const field = `person${person}`;
        for (let value = (promised.get(field) ?? 0) + 1; !stopped; value += 1) {
          if (!setConfig(draft.doc, 'message', field, value)) throw new Error('nothing was edited');
          if (!(await saved(draft, () => stopped))) return;
          promised.set(field, value);
        }
      });
      const some = () => [...promised.values()].reduce((sum, value) => sum + value, 0) - before;
      const enough = PEOPLE * Math.ceil(Math.random() * 5);
      await vi.waitUntil(() => some() > enough, { timeout: 60_000, interval: 5 });
      await server.kill('SIGKILL');
      stopped = true;
      for (const draft of drafts) draft.close();
      await Promise.all(work);
    }
    expect(promised.size).toBe(PEOPLE);
  },
);

/** Whether everything was acknowledged before the end. */
const saved = (draft: Draft, over: () => boolean): Promise<boolean> =>
  new Promise((resolve) => {
    const look = (): void => {
      const { state, saved } = draft.connection.getStatus();
      if (saved && state === 'connected') end(true);
      else if (over()) end(false);
    };
    const timer = setInterval(look, 20);
    const stop = draft.connection.subscribe(look);
    const end = (answer: boolean): void => {
      clearInterval(timer);
      stop();
      resolve(answer);
    };
    look();
  });
