import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCanary, type Canary } from '#tests/support/canary.js';
import { closedTargets } from '#tests/support/egressTargets.js';
import { expectOk, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

/** The same targets through the doors that tenants have, on the whole platform as it starts. */
let closed: Canary;
let opened: Canary;
let platform: TestPlatform;
let token: string;
const figures = { refused: 0, allowed: 0 };

beforeAll(async () => {
  closed = await startCanary();
  opened = await startCanary(
    (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"sold":3}'),
  );
  platform = await startTestPlatform({ EGRESS_ALLOW: `127.0.0.1:${opened.port}` });
  token = ((await expectOk(platform.call('POST', '/auth/sample', { locale: 'en' }))).body as { accessToken: string })
    .accessToken;
}, 60_000);
afterAll(async () => {
  console.log(
    `egress doors: ${figures.refused} refused, ${closed.connections()} reached the canary, ${figures.allowed} twins allowed`,
  );
  await platform.close();
  await closed.close();
  await opened.close();
});

const position = { x: 0, y: 0 };
let department: string;
beforeAll(async () => {
  const definition = {
    format: 1,
    nodes: [
      { id: 'start', type: 'trigger.manual', version: 1, config: {}, position },
      {
        id: 'ask',
        type: 'data.httpRequest',
        version: 1,
        config: { method: '{{ trigger.method }}', url: '{{ trigger.url }}', connection: '' },
        position,
      },
    ],
    edges: [{ id: 'e', from: { node: 'start', port: 'out' }, to: { node: 'ask', port: 'in' } }],
    settings: {},
  };
  const made = await expectOk(platform.call('POST', '/departments', { name: 'Doors', definition }, { token }));
  department = (made.body as { id: string }).id;
}, 60_000);

interface Ended {
  readonly status: string;
  readonly steps: readonly {
    readonly nodeId: string;
    readonly output: { port?: string } | null;
    readonly error: { code: string; message: string } | null;
  }[];
}

/** Runs the department with an address, to the end. */
async function ask(url: string, method = 'GET'): Promise<Ended> {
  const input = { url, method };
  const started = await expectOk(
    platform.call('POST', `/departments/${department}/runs`, { input, version: 'draft' }, { token }),
  );
  const { id } = (started.body as { run: { id: string } }).run;
  let ended: Ended | undefined;
  await expect
    .poll(
      async () => {
        ended = (await expectOk(platform.call('GET', `/runs/${id}`, undefined, { token }))).body as Ended;
        return ended.status;
      },
      { timeout: 60_000 },
    )
    .toMatch(/^(succeeded|failed)$/);
  return ended as Ended;
}
const stepOf = (run: Ended) => run.steps.find(({ nodeId }) => nodeId === 'ask');

describe('data.httpRequest', () => {
  it.each(['GET', 'POST'])(
    'with %s reaches none of the closed places',
    async (method) => {
      // Names that need a resolver of the test's own are in egress.test.ts.
      const targets = closedTargets(closed.port).filter((url) => !/public\.test|metadata\.google/.test(url));
      for (const url of targets) {
        const run = await ask(url, method);
        const code = stepOf(run)?.error?.code;
        // A name that this machine does not know is not found; what matters is that nothing was reached.
        expect([url, run.status, /^egress_(refused|failed)$/.test(code ?? '')]).toEqual([url, 'failed', true]);
        figures.refused++;
      }
      expect(closed.connections()).toBe(0);
    },
    300_000,
  );

  it.each(['GET', 'POST'])('with %s reaches what operators opened, once', async (method) => {
    const before = opened.requests.length;
    const run = await ask(`http://127.0.0.1:${opened.port}/orders`, method);
    expect([run.status, JSON.stringify(stepOf(run)?.output)]).toEqual([
      'succeeded',
      expect.stringContaining('"sold":3'),
    ]);
    const arrived = opened.requests.slice(before);
    expect(arrived.map((each) => each.method)).toEqual([method]);
    expect(arrived[0]?.headers['idempotency-key'] !== undefined).toBe(method === 'POST');
    figures.allowed++;
  });
});

describe('the picture of a message', () => {
  it('is fetched from none of the closed places', async () => {
    const targets = closedTargets(closed.port);
    for (const link of [...targets, ...targets.map((url) => url.replace(/^http:/i, 'https:'))]) {
      const answer = await platform.call('GET', `/media/picture?link=${encodeURIComponent(link)}`, undefined, {
        token,
      });
      expect([link, answer.status]).toEqual([link, 400]);
      figures.refused++;
    }
    expect(closed.connections()).toBe(0);
  });
});
