import pg from 'pg';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { pruneRuns } from '#engine/worker/sweep/retention.js';
import { EditorDriver, launchBrowser, patient, whyNoBrowser } from '#tests/support/editorDriver.js';
import { expectOk, openBakery, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

describe.skipIf(whyNoBrowser)(`how long runs are kept${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`, () => {
  let platform: TestPlatform;
  let browser: Browser;
  let bakery: Awaited<ReturnType<typeof openBakery>>;
  let phone: EditorDriver;
  const call = (method: string, path: string, body?: unknown) => expectOk(platform.call(method, path, body, bakery));
  const limits = async () => (await call('GET', '/organizations/current/retention')).body;
  const sql = async (text: string, values: unknown[] = []) => {
    const pool = new pg.Pool({ connectionString: platform.databaseUrl, max: 1 });
    try {
      return (await pool.query(text, values)).rows;
    } finally {
      await pool.end();
    }
  };

  beforeAll(async () => {
    [platform, browser] = await Promise.all([startTestPlatform(), launchBrowser()]);
    bakery = await openBakery(platform);
    phone = await EditorDriver.open(browser, platform.url, { session: bakery.session, size: 'phone' });
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });

  it('is found in the settings, and lengthened with one press', async () => {
    const { retention } = phone.words.settings;
    await phone.visit('/settings');
    await phone.page.getByRole('link', { name: new RegExp(retention.title) }).click();
    await phone.page.getByText(retention.none).first().waitFor();
    const save = phone.button(phone.words.common.save);
    expect(await save.isDisabled()).toBe(true);
    // A run stays as long as what it worked on: the longer limit moves along.
    await phone.page.getByLabel(retention.payloads.keep).selectOption({ label: '3 anos' });
    expect(await phone.page.getByLabel(retention.runs.keep).inputValue()).toBe('1095');
    await save.click();
    await expect.poll(limits, patient).toMatchObject({ payloadDays: 1_095, runDays: 1_095 });
    await phone.page.getByText(phone.words.common.saved).first().waitFor();
    await expect.poll(() => save.isDisabled(), patient).toBe(true);
  });

  it('says what is lost before it is shortened, and what is lost then is lost', async () => {
    const { retention } = phone.words.settings;
    const { body } = await call('POST', `/departments/${bakery.departmentId}/runs`, { input: { text: 'Tem broa?' } });
    const id: string = body.run.id;
    await expect.poll(async () => (await call('GET', `/runs/${id}`)).body.finishedAt, patient).not.toBeNull();
    await sql(`update platform.runs set finished_at = '2026-01-20T12:00:00Z' where id = $1`, [id]);
    await phone.visit('/settings/retention');
    await phone.page.getByText('Hoje 1 execução está inteira, de 20 de janeiro de 2026 pra cá.').waitFor();
    await phone.page.getByLabel(retention.payloads.keep).selectOption({ label: '30 dias' });
    await phone.button(phone.words.common.save).click();
    const sheet = phone.page.getByRole('dialog');
    await sheet.getByText(/há mais de 30 dias é apagado.*desde 20 de janeiro de 2026/).waitFor();
    expect(await phone.accessFaults()).toEqual([]);
    // Second thoughts change nothing.
    await sheet.getByRole('button', { name: phone.words.common.cancel }).click();
    await sheet.waitFor({ state: 'detached' });
    expect(await limits()).toMatchObject({ payloadDays: 1_095 });
    await phone.button(phone.words.common.save).click();
    await sheet.getByRole('button', { name: retention.shorten.submit }).click();
    await sheet.waitFor({ state: 'detached' });
    await expect.poll(limits, patient).toMatchObject({ payloadDays: 30, runDays: 1_095 });
    const engine = new pg.Pool({ connectionString: platform.databaseUrl, max: 1 });
    await pruneRuns(engine, { publish: () => {} });
    await engine.end();
    await phone.visit('/settings/retention');
    await phone.page.getByText(retention.none).first().waitFor();
    await phone.page.getByText(/1 execução está guardada/).waitFor();
  });

  it('says so when nothing is that old yet', async () => {
    const { retention } = phone.words.settings;
    await phone.page.getByLabel(retention.payloads.keep).selectOption({ label: '7 dias' });
    await phone.button(phone.words.common.save).click();
    await phone.page.getByRole('dialog').getByText(retention.shorten.nothingYet).waitFor();
    expect(await phone.overflow()).toBeLessThanOrEqual(0);
    await phone.press('Escape');
    expect(await limits()).toMatchObject({ payloadDays: 30 });
  });

  it('is read by everybody, and changed by those who run the house alone', async () => {
    const { retention, businessReadOnly } = phone.words.settings;
    const email = 'rafael@example.com';
    await call('POST', '/organizations/current/invitations', { email, role: 'member' });
    const token = await vi.waitFor(async () => {
      const [mail] = await sql(`select body from platform.emails where recipient = $1`, [email]);
      return /#token=([\w-]{43})/.exec(mail.body)?.[1];
    }, 60_000);
    const joined = await call('POST', '/auth/invitations/join', {
      token,
      name: 'Rafael',
      password: 'broa de milho às 7',
    });
    const member = await EditorDriver.open(browser, platform.url, { session: joined.body });
    await member.visit('/settings/retention');
    await member.page.getByText(businessReadOnly).waitFor();
    expect(await member.page.getByLabel(retention.runs.keep).isDisabled()).toBe(true);
    expect(await member.button(member.words.common.save).count()).toBe(0);
    expect(await member.accessFaults()).toEqual([]);
    // What they may not do they are not offered elsewhere, either.
    await member.visit('/team');
    await member.link(member.words.team.try).waitFor();
    expect(await member.button(member.words.team.pause).count()).toBe(0);
    await member.close();
  });

  it('made the browser complain about nothing', () => expect(phone.complaints).toEqual([]));
});
