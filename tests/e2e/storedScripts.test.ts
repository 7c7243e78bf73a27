import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Session } from '#server/api/auth/schemas.js';
import { EditorDriver, launchBrowser, whyNoBrowser } from '#tests/support/editorDriver.js';
import { scripts } from '#tests/support/hostile.js';
import { expectOk, openBakery, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

const corpus = scripts.slice(0, 200);
const all = (at: number, size: number): string => corpus.slice(at, at + size).join('\n');

/** Addresses of the web app, as its router has them: a new page must be visited, too. */
const router = readFileSync(new URL('../../editor/src/app/router.tsx', import.meta.url), 'utf8');
const declared = [...router.matchAll(/(?:page\(|path: )'([^']+)'/g)]
  .map(([, path = '']) => path)
  .filter((path) => path.startsWith('/'));

/**
 * Tells when something that was stored became more than text in a page: it ran, it reached out, or it stands in the document as an element
 * that the page did not make.
 */
async function watch(page: Page): Promise<() => Promise<string[]>> {
  const happened: string[] = [];
  page.on('dialog', (dialog) => {
    happened.push(`ran: ${dialog.message()}`);
    void dialog.dismiss().catch(() => {});
  });
  page.on('request', (request) => {
    if (/evil\.example/.test(request.url())) happened.push(`reached out: ${request.url()}`);
  });
  return async () => {
    const planted = await page.evaluate(() =>
      [...document.querySelectorAll('*')].flatMap((element) =>
        [...element.attributes]
          .filter(
            ({ name, value }) =>
              /^on/i.test(name) || /^\s*(javascript|vbscript):|^data:text\/html|evil\.example/i.test(value),
          )
          .filter(
            ({ name }) =>
              !['value', 'aria-label', 'title', 'placeholder', 'alt', 'content', 'data-node'].includes(name),
          )
          .map(({ name, value }) => `planted: <${element.localName} ${name}="${value}">`)
          .concat(
            element.localName === 'script' && /alert\(/.test(element.textContent ?? '') ? ['planted: a script'] : [],
          ),
      ),
    );
    return [...happened.splice(0), ...planted];
  };
}

describe.skipIf(whyNoBrowser)(`what somebody stored${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`, () => {
  let platform: TestPlatform;
  let browser: Browser;
  let session: Session;
  let editor: EditorDriver;
  let findings: () => Promise<string[]>;
  const ids = { department: '', conversation: '', run: '' };

  beforeAll(async () => {
    [platform, browser] = await Promise.all([startTestPlatform(), launchBrowser()]);
    const bakery = await openBakery(platform);
    session = bakery.session;
    const post = async (path: string, body: unknown) =>
      (await expectOk(platform.call('POST', path, body, { token: bakery.token }))).body;
    const name = (at: number): string => (corpus[at % corpus.length] ?? '').slice(0, 120);

    // A department that hands on what it was given: all of the corpus is in the run's input and in the output of its node.
    const echo = {
      format: 1,
      nodes: [
        { id: 'start', type: 'trigger.manual', version: 1, config: {}, position: { x: 0, y: 0 }, title: name(3) },
        {
          id: 'echo',
          type: 'data.set',
          version: 1,
          title: name(1),
          config: { values: [{ name: 'said', value: '{{ trigger.texts }}' }] },
          position: { x: 0, y: 120 },
        },
      ],
      edges: [{ id: 'e', from: { node: 'start', port: 'out' }, to: { node: 'echo', port: 'in' } }],
      settings: {},
    };
    ids.department = (await post('/departments', { name: name(0), definition: echo })).id;
    await post(`/departments/${ids.department}/publish`, {});
    const { run } = await post(`/departments/${ids.department}/runs`, { input: { texts: corpus } });
    ids.run = run.id;

    const channel = (await post('/integrations/simulator', { departmentId: bakery.departmentId })).id;
    for (let at = 0; at < corpus.length; at += 20) {
      const said = { from: 'ana', name: name(at + 2), text: all(at, 20).slice(0, 4_000) };
      ids.conversation = (await post(`/simulator/${channel}/messages`, said)).conversation.id;
    }
    for (let at = 0; at < 40; at++) await post('/departments', { name: name(at * 5) });
    for (let at = 0; at < 40; at++) await post('/knowledge/sources', { title: name(at * 5 + 1), text: all(at * 5, 5) });
    for (let at = 0; at < 10; at++) await post('/api-keys', { name: name(at * 20 + 2), permissions: ['runs:read'] });
    await post(`/conversations/${ids.conversation}/messages`, { text: all(100, 20).slice(0, 4_000) });
    const patch = (path: string, body: unknown) =>
      expectOk(platform.call('PATCH', path, body, { token: bakery.token }));
    await patch('/organizations/current', { name: name(4), profile: corpus.join('\n').slice(0, 19_000) });
    await patch('/account', { name: name(5) });
    await vi.waitFor(async () => {
      const { body } = await platform.call('GET', `/runs/${ids.run}`, undefined, { token: bakery.token });
      expect(body.status).toBe('succeeded');
    }, 60_000);
    const signedIn = { ...session, user: { ...session.user, name: name(5) } };
    editor = await EditorDriver.open(browser, platform.url, { session: signedIn });
    findings = await watch(editor.page);
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });

  it('would be noticed on a page that shows it as HTML', async () => {
    const broken = await browser.newPage();
    const found = await watch(broken);
    let noticed = 0;
    for (const script of corpus) {
      await broken.setContent(`<!doctype html><p>${script}</p>`);
      if ((await found()).length > 0) noticed += 1;
      // What leads away takes the page along.
      if (broken.url() !== 'about:blank') await broken.goto('about:blank');
    }
    await broken.close();
    console.log(`stored scripts: noticed ${noticed} of ${corpus.length} on a broken page`);
    // The rest are harmless as HTML: Markdown, or caught inside an attribute that was never opened.
    expect(noticed).toBeGreaterThan(corpus.length / 2);
  });

  const address = (path: string): string =>
    path
      .replace('$departmentId', ids.department)
      .replace('$runId', ids.run)
      .replace('$conversationId', ids.conversation);
  const more = [
    '/conversations/$conversationId',
    '/departments/$departmentId/runs/$runId?step=echo',
    '/departments/$departmentId/runs/$runId?view=graph',
    '/docs',
  ];

  it.each([...declared, ...more])('runs nowhere on %s', async (path) => {
    await editor.visit(address(path));
    await editor.page.waitForLoadState('networkidle');
    await expect.poll(async () => (await editor.page.locator('body').innerText()).trim()).not.toBe('');
    expect(await findings()).toEqual([]);
  });

  it('is there to be read, as text', async () => {
    for (const [path, text] of [
      ['/team', corpus[0]],
      ['/knowledge', corpus[6]],
      ['/conversations/$conversationId', '<img src=x onerror=alert(1)>'],
      ['/settings/api-keys', corpus[22]],
      ['/settings/audit', corpus[2]],
    ] as const) {
      await editor.visit(address(path));
      // The choices of a closed menu hold it, too.
      await editor.page.getByText(String(text), { exact: false }).filter({ visible: true }).first().waitFor();
    }
    expect(await findings()).toEqual([]);
  });

  it('leaves the reference of the API readable under its content policy, from the introduction to a route', async () => {
    const reader = await EditorDriver.open(browser, platform.url);
    await reader.visit('/docs');
    await reader.page.getByRole('heading', { name: 'Writing twice' }).waitFor();
    expect(await reader.page.locator('[data-tag]').count()).toBeGreaterThan(20);
    await reader.page.locator('[data-tag=departments]').click();
    await reader.page.getByText('Start a run by hand').click();
    await reader.page.getByText('RateLimit-Policy').first().waitFor();
    expect(reader.complaints).toEqual([]);
    await reader.close();
  });
});
