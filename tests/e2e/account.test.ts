import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EditorDriver, launchBrowser, patient, whyNoBrowser } from '#tests/support/editorDriver.js';
import { startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

const lucia = {
  name: 'Lúcia',
  email: 'lucia@paodalucia.com.br',
  password: 'pão quentinho às 6',
  business: 'Pão da Lúcia',
};

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
