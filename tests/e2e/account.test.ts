import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCanary } from '#tests/support/canary.js';
import { EditorDriver, launchBrowser, patient, whyNoBrowser } from '#tests/support/editorDriver.js';
import { en } from '../../editor/src/i18n/en/index.js';
import { ptBR } from '../../editor/src/i18n/pt-BR/index.js';
import { expectOk, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

const lucia = {
  name: 'Lúcia',
  email: 'lucia@paodalucia.com.br',
  password: 'pão quentinho às 6',
  business: 'Pão da Lúcia',
};

/** Opens a page without the app, which comes when the function that is given back is called. */
async function openBeforeApp(page: Page, url: string): Promise<() => void> {
  let letGo = (): void => undefined;
  const released = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/assets/*.js', async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  return letGo;
}

describe.skipIf(whyNoBrowser)(`an account of one's own${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`, () => {
  let platform: TestPlatform;
  let browser: Browser;
  let editor: EditorDriver;
  beforeAll(async () => {
    [platform, browser] = await Promise.all([startTestPlatform(), launchBrowser()]);
    editor = await EditorDriver.open(browser, platform.url);
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });

  it('begins at a page that is there before the app, in the language of the browser or the one chosen', async () => {
    const { landing } = en.auth;
    const context = await browser.newContext({ locale: 'en-US', javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${platform.url}/`);
    const headline = (words: string) => page.getByRole('heading', { level: 1, name: words });
    expect(await headline(landing.title).isVisible()).toBe(true);
    expect(await page.title()).toContain(landing.title);
    for (const [name, path] of [
      [landing.create, '/criar-conta'],
      [landing.signIn, '/entrar'],
    ] as const)
      expect(await page.getByRole('link', { name, exact: true }).getAttribute('href')).toBe(path);
    await context.addCookies([{ name: 'locale', value: 'pt-BR', url: platform.url }]);
    await page.goto(`${platform.url}/`);
    expect(await headline(ptBR.auth.landing.title).isVisible()).toBe(true);
    await context.close();
  });

  it('leads whoever signs in to where they were going in this app, and never elsewhere', async () => {
    const canary = await startCanary();
    const email = 'rosa@example.com';
    const { password, name } = lucia;
    await expectOk(platform.call('POST', '/auth/register', { email, password, name, organizationName: 'Rosa' }));
    const elsewhere = [
      `http://127.0.0.1:${canary.port}/`,
      `//127.0.0.1:${canary.port}/`,
      `/\\127.0.0.1:${canary.port}/`,
      'javascript:document.body.remove()',
    ];
    for (const [next, path] of [['/runs', '/runs'], ...elsewhere.map((one) => [one, '/home'] as const)] as const) {
      const visitor = await EditorDriver.open(browser, platform.url);
      await visitor.signIn(email, password, next);
      await visitor.page.waitForURL(`${platform.url}${path}`);
      expect(visitor.complaints).toEqual([]);
      await visitor.close();
    }
    expect(canary.requests).toEqual([]);
    await canary.close();
  });

  it('takes that page over as it stands, and does what was pressed meanwhile', async () => {
    const visitor = await EditorDriver.open(browser, platform.url, { theme: 'dark' });
    const { page } = visitor;
    const letGo = await openBeforeApp(page, `${platform.url}/`);
    const headline = await page.getByRole('heading', { level: 1 }).elementHandle();
    await visitor.button('English').click();
    letGo();
    await page.getByRole('heading', { level: 1, name: en.auth.landing.title }).waitFor();
    expect(await headline?.evaluate((element) => element.isConnected)).toBe(true);
    // For the server too.
    expect((await visitor.context.cookies()).map(({ name, value }) => [name, value])).toEqual([['locale', 'en']]);
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });

  it('says at the field what is missing', async () => {
    await editor.visit('/criar-conta');
    await editor.button(editor.words.auth.register.submit).click();
    await editor.page.getByText(editor.words.common.fields.required).first().waitFor();
    await expect.poll(() => editor.page.getByText(editor.words.common.fields.password).isVisible(), patient).toBe(true);
  });

  it('is made with name, e-mail, password and business, and leads to hiring', async () => {
    await editor.register(lucia);
    await editor.page.getByRole('heading', { name: /Pão da Lúcia/ }).waitFor();
    await expect.poll(() => editor.button(editor.words.hire.submit).isVisible(), patient).toBe(true);
  });

  it('shows whoever is signed in no page for visitors', async () => {
    const page = await editor.context.newPage();
    const letGo = await openBeforeApp(page, `${platform.url}/`);
    expect(await page.getByRole('heading', { level: 1, includeHidden: true }).count()).toBe(1);
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(0);
    letGo();
    await page.waitForURL(/\/home/);
    await page.close();
  });

  it('is refused a second time', async () => {
    const stranger = await EditorDriver.open(browser, platform.url);
    await stranger.register(lucia);
    await expect
      .poll(() => stranger.page.getByText(stranger.words.common.errors.email_taken).isVisible(), patient)
      .toBe(true);
    await stranger.close();
  });

  it('can be left, which closes its pages, and entered again', async () => {
    await editor.signOut();
    await editor.visit('/home');
    await editor.page.waitForURL(/\/entrar/);

    await editor.signIn(lucia.email, 'outra senha qualquer');
    await editor.page.getByText(editor.words.common.errors.invalid_credentials).waitFor();
    await editor.signIn(lucia.email, lucia.password);
    await editor.page.waitForURL(/\/home/);
    await expect.poll(() => editor.page.getByText('Pão da Lúcia').first().isVisible(), patient).toBe(true);
  });

  it('made the browser complain about the wrong password only', () =>
    // Chromium itself writes down a request that was answered 401.
    expect(editor.complaints.filter((each) => !each.includes('401'))).toEqual([]));
});
