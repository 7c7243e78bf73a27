import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCanary, type Canary } from '#tests/support/canary.js';
import { EditorDriver, launchBrowser, patient, sizes, whyNoBrowser } from '#tests/support/editorDriver.js';
import { openBakery, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

describe.skipIf(whyNoBrowser)(`connections${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`, () => {
  let shop: Canary;
  let platform: TestPlatform;
  let browser: Browser;
  let member: EditorDriver;
  let bakery: Awaited<ReturnType<typeof openBakery>>;
  beforeAll(async () => {
    shop = await startCanary((request, response) => {
      response.writeHead(request.headers.authorization === 'Bearer good-key' ? 200 : 401).end('{}');
    });
    [platform, browser] = await Promise.all([
      startTestPlatform({ EGRESS_ALLOW: `127.0.0.1:${shop.port}` }),
      launchBrowser(),
    ]);
    bakery = await openBakery(platform);
    member = await EditorDriver.open(browser, platform.url, { session: bakery.session });
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
    await shop?.close();
  });

  it('one is kept, tried, given another key and deleted, on a phone', async () => {
    const { connections, common } = member.words;
    await member.page.setViewportSize(sizes.phone);
    await member.visit('/settings/connections');
    await member.button(connections.add).first().click();
    const sheet = member.page.getByRole('dialog');
    await sheet.getByLabel(connections.name, { exact: true }).fill('Loja');
    await sheet.getByLabel(connections.hosts).fill('https://api.loja.com.br/x');
    await sheet.getByLabel(connections.secret, { exact: true }).fill('bad-key');
    await sheet.getByRole('button', { name: connections.create }).click();
    await sheet.getByText(connections.hostsBad).waitFor();
    await sheet.getByLabel(connections.hosts).fill(`127.0.0.1:${shop.port}`);
    expect(await member.accessFaults()).toEqual([]);
    await sheet.getByRole('button', { name: connections.create }).click();

    await member.button(`${connections.open}: Loja`).click();
    await sheet.getByLabel(connections.testUrl).fill(`http://127.0.0.1:${shop.port}/`);
    await sheet.getByRole('button', { name: connections.test, exact: true }).click();
    await sheet.getByText(connections.outcomes.refused).waitFor();
    await sheet.getByLabel(connections.newHosts).fill(`127.0.0.1:${shop.port}, https://x`);
    await sheet.getByText(connections.hostsBad).waitFor();
    await sheet.getByLabel(connections.newHosts).fill(`127.0.0.1:${shop.port}, api.loja.com.br`);
    // What is missing is said where it is missing.
    await sheet.getByRole('button', { name: connections.replace }).click();
    await sheet.getByText(common.fields.required).waitFor();
    await sheet.getByLabel(connections.replace).fill('good-key');
    await sheet.getByRole('button', { name: connections.replace }).click();
    await member.page.getByText(connections.replaced).first().waitFor();
    await sheet.getByRole('listitem').filter({ hasText: 'api.loja.com.br' }).waitFor();
    await sheet.getByRole('button', { name: connections.test, exact: true }).click();
    await sheet.getByText(connections.outcomes.accepted).waitFor();
    expect(await member.accessFaults()).toEqual([]);
    expect(await member.overflow()).toBeLessThanOrEqual(0);

    await sheet.getByRole('button', { name: connections.remove }).click();
    await sheet.getByRole('button', { name: connections.remove }).click();
    await member.page.getByText(connections.none).waitFor();
  });

  it('a step that needs one says where it is made, takes it, and says when it is gone', async () => {
    const { page, words } = member;
    const { pickers, editor, connections } = words;
    await page.setViewportSize(sizes.desktop);
    await page.addInitScript(() => localStorage.setItem('editor-tour', '1'));
    await member.visit(`/departments/${bakery.departmentId}/edit`);
    await page.locator('.react-flow__node').first().waitFor();
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('dialog').getByRole('combobox').fill('chama outro sistema');
    await page
      .getByRole('dialog')
      .getByRole('option', { selected: true })
      .filter({ hasText: 'Chama outro sistema' })
      .waitFor();
    await page.keyboard.press('Enter');
    const field = page.locator('[data-field="connection"]');
    await field.getByText(pickers.connection.none).waitFor();
    const [made] = await Promise.all([
      page.waitForEvent('popup'),
      field.getByRole('link', { name: pickers.connection.make }).click(),
    ]);
    await made.getByRole('button', { name: connections.add }).first().waitFor();
    await made.close();
    const kept = { name: 'Estoque', kind: 'bearer', hosts: ['api.loja.com.br'], secret: 'key' };
    const { body } = await platform.call('POST', '/integrations/connections', kept, bakery);
    // Who comes back to the draft finds what they made meanwhile.
    await page.evaluate(() => dispatchEvent(new Event('visibilitychange')));
    await field.getByRole('combobox').selectOption({ label: 'Estoque (api.loja.com.br)' });
    await platform.call('DELETE', `/integrations/connections/${body.id}`, undefined, bakery);
    await page.evaluate(() => dispatchEvent(new Event('visibilitychange')));
    await field.getByText(/não existe mais\. Escolha outra/).waitFor();
    await expect
      .poll(() => field.getByRole('combobox').locator('option:checked').innerText(), patient)
      .toBe(editor.field.lostConnection);
    expect(await member.accessFaults()).toEqual([]);
  });

  it('own keys are chosen, missed, and entered', async () => {
    const { models, kinds, secret, create } = member.words.connections;
    await member.page.setViewportSize(sizes.desktop);
    await member.visit('/settings/connections');
    await member.page.getByRole('radio', { name: models.own }).click();
    await member.page.getByText(models.missing).waitFor();
    expect(await member.accessFaults()).toEqual([]);
    await member.button(`${models.add}: ${kinds.openai}`).click();
    const sheet = member.page.getByRole('dialog');
    await sheet.getByLabel(secret, { exact: true }).fill('sk-own');
    await sheet.getByRole('button', { name: create }).click();
    await member.page.getByText('api.openai.com').waitFor();
    await member.page.getByText(models.missing).waitFor({ state: 'detached' });
  });
});
