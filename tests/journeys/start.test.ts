import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClient, type Client } from '#tests/support/client.js';
import { startOpenAI } from '#tests/support/openai/server.js';
import { expectOk, openBakery } from '#tests/support/platform.js';
import { notBuilt, startProcess, type PlatformProcess } from '#tests/support/processes.js';

let dataDir: string;
let started: PlatformProcess[];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'start-'));
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((each) => each.kill('SIGKILL')));
  rmSync(dataDir, { recursive: true, force: true });
});

/** As `npm start` does, without any setting but where its data is. */
function start(settings: Record<string, string> = {}): PlatformProcess {
  const child = startProcess({ DATA_DIR: dataDir, ...settings });
  started.push(child);
  return child;
}
const open = async (child: PlatformProcess): Promise<Client> => createClient(await child.ready());

/** How a start that is refused ends, and what it says. */
async function refusal(settings: Record<string, string>): Promise<{ code: number | null; lines: string[] }> {
  const child = start(settings);
  const { code } = await child.ended;
  return { code, lines: child.said().trimEnd().split('\n') };
}

const kept = join(import.meta.dirname, '../../dist/.compiled');
/** What starts have kept for the next one, and when it was written. */
const compiled = (): string[] =>
  (existsSync(kept) ? readdirSync(kept, { recursive: true, encoding: 'utf8' }) : [])
    .sort()
    .map((name) => `${name} ${statSync(join(kept, name), { throwIfNoEntry: false })?.mtimeMs}`);

type Bakery = Awaited<ReturnType<typeof openBakery>> & { readonly channelId: string };
/** The bakery with a simulator before it and its knowledge read. */
async function openShop(client: Client): Promise<Bakery> {
  const bakery = await openBakery(client);
  const { departmentId, token } = bakery;
  const channel = await expectOk(client.call('POST', '/integrations/simulator', { departmentId }, { token }));
  await vi.waitFor(async () => {
    const { body } = await client.call('GET', '/knowledge/sources?limit=100', undefined, { token });
    expect(body.items.length).toBeGreaterThan(0);
    expect(body.items.every((source: { status: string }) => source.status === 'ready')).toBe(true);
  }, 60_000);
  return { ...bakery, channelId: channel.body.id };
}

/** A customer writes. Resolves with the conversation's id. */
async function write(client: Client, bakery: Bakery, from: string, text: string): Promise<string> {
  const { body } = await expectOk(
    client.call('POST', `/simulator/${bakery.channelId}/messages`, { from, text }, bakery),
  );
  return body.conversation.id;
}
interface Said {
  readonly direction: string;
  readonly text: string;
}
/** What the customer of a conversation was answered. */
async function answers(client: Client, bakery: Bakery, conversationId: string): Promise<string[]> {
  const { body } = await expectOk(
    client.call('GET', `/conversations/${conversationId}/messages?limit=100`, undefined, bakery),
  );
  return (body.items as Said[]).filter((message) => message.direction === 'out').map((message) => message.text);
}
const answered = (client: Client, bakery: Bakery, conversationId: string): Promise<string[]> =>
  vi.waitFor(
    async () => {
      const said = await answers(client, bakery, conversationId);
      expect(said).not.toEqual([]);
      return said;
    },
    { timeout: 60_000, interval: 200 },
  );
/** Resolves when nothing is under way any more. */
const quiet = (client: Client, bakery: Bakery): Promise<void> =>
  vi.waitFor(
    async () => {
      const { body } = await expectOk(client.call('GET', '/runs?limit=100', undefined, bakery));
      const statuses = (body.items as { status: string }[]).map((run) => run.status);
      expect(statuses.filter((status) => status === 'queued' || status === 'running')).toEqual([]);
    },
    { timeout: 60_000, interval: 200 },
  );

describe.skipIf(notBuilt)(`the platform as a process${notBuilt ? ` (${notBuilt})` : ''}`, { timeout: 300_000 }, () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends it cleanly, and all data is there the next time', async (signal) => {
    const first = start();
    const client = await open(first);
    expect(client.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const account = { email: 'lucia@example.com', password: 'pão quentinho', name: 'Lúcia', organizationName: 'Pão' };
    await expectOk(client.call('POST', '/auth/register', account));
    const bakery = await openShop(client);
    const conversation = await write(client, bakery, 'ana', 'Que horas vocês abrem no domingo?');
    const said = await answered(client, bakery, conversation);
    expect(said.join()).toMatch(/6h30/);

    const asked = Date.now();
    expect(await first.kill(signal)).toEqual({ code: 0, signal: null });
    // Kubernetes waits 30 s before it kills.
    expect(Date.now() - asked).toBeLessThan(30_000);
    expect(first.said()).not.toMatch(/error/i);

    const before = compiled();
    expect(before).not.toEqual([]);
    const again = await open(start());
    // Newer Nodes write when they end.
    if (Number.parseInt(process.versions.node) < 22) expect(compiled()).toEqual(before);
    const { email, password } = account;
    expect((await again.call('POST', '/auth/login', { email, password })).status).toBe(200);
    expect(await answers(again, bakery, conversation)).toEqual(said);
    const other = await write(again, bakery, 'bia', 'Que horas vocês abrem no domingo?');
    expect((await answered(again, bakery, other)).join()).toMatch(/6h30/);
  });

  it('a second start on the same data is refused with one line and leaves the first alone', async () => {
    const client = await open(start());
    const { code, lines } = await refusal({});
    expect(code).toBe(1);
    expect(lines).toEqual([expect.stringContaining(`${dataDir} is in use by another process`)]);
    expect((await client.call('GET', '/templates')).status).not.toBe(503);
  });

  it('killed in the middle of an answer, it gives exactly that one the next time', async () => {
    const openai = await startOpenAI();
    // The model never comes back to whoever asks it first.
    openai.faults.push(...Array.from({ length: 10 }, () => ({ kind: 'hang' as const })));
    const settings = { OPENAI_API_KEY: 'sk-any', OPENAI_BASE_URL: openai.baseUrl };
    try {
      const first = start();
      const bakery = await openShop(await open(first));
      await first.kill('SIGTERM');

      const second = start(settings);
      const conversation = await write(await open(second), bakery, 'ana', 'Que horas vocês abrem no domingo?');
      await vi.waitUntil(() => openai.log.length > 0, { timeout: 60_000 });
      await second.kill('SIGKILL');

      const client = await open(start());
      await answered(client, bakery, conversation);
      await quiet(client, bakery);
      expect(await answers(client, bakery, conversation)).toHaveLength(1);
    } finally {
      await openai.close();
    }
  });

  it('killed while twenty customers are being served, it owes none of them an answer and gives none two', async () => {
    const first = start();
    const client = await open(first);
    const bakery = await openShop(client);
    const names = Array.from({ length: 20 }, (_, index) => `customer-${index}`);
    const conversations = await Promise.all(
      names.map((name) => write(client, bakery, name, 'Que horas vocês abrem no domingo?')),
    );
    await Promise.any(conversations.map((id) => answered(client, bakery, id)));
    await first.kill('SIGKILL');

    const again = await open(start());
    await Promise.all(conversations.map((id) => answered(again, bakery, id)));
    await quiet(again, bakery);
    const counts = await Promise.all(conversations.map(async (id) => (await answers(again, bakery, id)).length));
    expect(counts).toEqual(names.map(() => 1));
  });
});

describe.skipIf(notBuilt)(
  'a start that cannot succeed says so in one line that names the setting',
  { timeout: 60_000 },
  () => {
    it('a port in use', async () => {
      const other = createServer();
      await new Promise<void>((ready) => other.listen(0, '127.0.0.1', ready));
      const { port } = other.address() as AddressInfo;
      expect(await refusal({ PORT: String(port) })).toEqual({
        code: 1,
        lines: [`PORT: ${port} on 127.0.0.1 is in use by another program`],
      });
      await new Promise((done) => other.close(done));
    });

    it.each([
      ['PORT', 'eighty'],
      ['ROLE', 'boss'],
      ['META_GRAPH_URL', 'graph.facebook.com'],
      ['MASTER_KEY', 'secret'],
      ['DATABASE_URL', 'mysql://localhost/x'],
    ])('%s=%s', async (name, value) => {
      const { code, lines } = await refusal({ [name]: value });
      expect(code).toBe(1);
      expect(lines).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
      expect(lines[0]).not.toContain(value);
    });
  },
);
