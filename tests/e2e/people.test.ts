import { generate } from 'otplib';
import pg from 'pg';
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
const rafael = { name: 'Rafael', email: 'rafael@paodalucia.com.br', password: 'broa de milho às 7' };

describe.skipIf(whyNoBrowser)(`people and programs${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`, () => {
  let platform: TestPlatform;
  let browser: Browser;
  let owner: EditorDriver;
  beforeAll(async () => {
    [platform, browser] = await Promise.all([startTestPlatform(), launchBrowser()]);
    owner = await EditorDriver.open(browser, platform.url);
    await owner.register(lucia);
    await owner.page.getByRole('heading', { name: /Pão da Lúcia/ }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });

  /** Where the newest mail of a kind leads, as its reader would open it. */
  const linkTo = (email: string, template: string): Promise<string> =>
    vi.waitFor(async () => {
      const client = new pg.Client({ connectionString: platform.databaseUrl });
      await client.connect();
      try {
        const { rows } = await client.query<{ body: string }>(
          'select body from platform.emails where recipient = $1 and template = $2 order by id desc limit 1',
          [email, template],
        );
        const path = /https?:\/\/[^/]+(\/\S+)/.exec(rows[0]?.body ?? '')?.[1];
        if (!path) throw new Error(`no ${template} for ${email}`);
        return path;
      } finally {
        await client.end();
      }
    }, 60_000);

  it('somebody is invited, comes by the link of the mail, and sees what their role allows', async () => {
    const { people, account } = owner.words;
    await owner.visit('/settings/people');
    await owner.button(people.invite).click();
    await owner.page.getByLabel(people.inviteEmail).fill(rafael.email);
    await owner.page.getByRole('radio', { name: new RegExp(people.roles.viewer) }).click();
    await owner.button(people.inviteSend).click();
    await owner.page.getByText(rafael.email).first().waitFor();

    const guest = await EditorDriver.open(browser, platform.url);
    await guest.visit(await linkTo(rafael.email, 'invitation'));
    await guest.page.getByLabel(guest.words.auth.fields.name).fill(rafael.name);
    await guest.page.getByLabel(guest.words.auth.fields.password, { exact: true }).fill(rafael.password);
    await guest.button(account.door.inviteJoin).click();
    await guest.page.waitForURL(/\/home/);
    await guest.visit('/settings');
    await guest.page.getByText(people.title, { exact: true }).waitFor();
    expect(await guest.page.getByText(people.keys.title, { exact: true }).count()).toBe(0);

    await owner.visit('/settings/people');
    await owner.button(people.edit.replace('{{name}}', rafael.name)).click();
    await owner.page.getByRole('radio', { name: new RegExp(people.roles.admin) }).click();
    await owner.button(owner.words.common.save).click();
    await expect.poll(() => guest.page.getByText(people.keys.title, { exact: true }).isVisible(), patient).toBe(true);
    await guest.close();
  });

  it('a key is made for a program, shown once, and works until it is revoked', async () => {
    const { keys } = owner.words.people;
    await owner.visit('/settings/api-keys');
    await owner.button(keys.create).first().click();
    await owner.page.getByLabel(keys.name).fill('Caixa');
    await owner.page.getByRole('checkbox', { name: `${owner.words.people.scopes.departments}: ${keys.read}` }).click();
    await owner.page.getByRole('dialog').getByRole('button', { name: keys.create, exact: true }).click();
    const key = (await owner.page.getByRole('dialog').getByText(/^aid_/).textContent()) ?? '';
    const status = async (path: string): Promise<number> =>
      (await fetch(`${platform.url}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } })).status;
    expect([await status('/departments'), await status('/knowledge/sources')]).toEqual([200, 403]);
    await owner.button(keys.done).click();
    await owner.button(`${keys.revoke}: Caixa`).click();
    await owner.page.getByRole('dialog').getByRole('button', { name: keys.revoke, exact: true }).click();
    await expect.poll(() => status('/departments'), patient).toBe(401);
  });

  it('what was done is found in the log by who, what and when', async () => {
    const { audit } = owner.words.people;
    const sentence = (name: string): string => audit.did.apiKey.create.replace('{{name}}', name);
    await owner.visit('/settings/audit');
    const rows = owner.page.getByRole('list', { name: audit.title }).getByRole('listitem');
    await rows.filter({ hasText: sentence('Caixa') }).waitFor();
    expect(await rows.count()).toBeGreaterThan(1);
    await owner.page.getByLabel(audit.who, { exact: true }).selectOption({ label: lucia.name });
    await owner.page.getByLabel(audit.what, { exact: true }).selectOption({ label: sentence('…') });
    await expect.poll(() => rows.allTextContents(), patient).toEqual([expect.stringContaining(sentence('Caixa'))]);
    await owner.page.getByLabel(audit.toDay, { exact: true }).fill('2020-01-01');
    await owner.page.getByText(audit.noneSuch, { exact: true }).waitFor();
    await owner.button(audit.clear).click();
    await expect.poll(() => rows.count(), patient).toBeGreaterThan(1);
  });

  it('an authenticator app is turned on, and asked for at the next sign-in', async () => {
    const { account } = owner.words;
    await owner.visit('/settings/account');
    await owner.button(account.turnOn).click();
    const sheet = owner.page.getByRole('dialog');
    await sheet.getByLabel(account.confirm).fill(lucia.password);
    await sheet.getByRole('button', { name: account.continue }).click();
    const secret = (await sheet.locator('code').textContent()) ?? '';
    await sheet.getByLabel(account.totpCode).fill(await generate({ secret }));
    await sheet.getByRole('button', { name: account.turnOn }).click();
    await owner.page.getByText(account.codesShown).waitFor();
    const code = (await owner.page.getByRole('dialog').locator('li').first().textContent()) ?? '';
    await owner.button(account.codesKept).click();

    await owner.signOut();
    await owner.signIn(lucia.email, lucia.password);
    await owner.page.getByRole('heading', { name: account.door.factorTitle }).waitFor();
    await owner.page.getByLabel(account.door.factorCode).fill('000000');
    await owner.button(owner.words.auth.signIn.submit).click();
    await owner.page.getByText(owner.words.common.errors.wrong_code).waitFor();
    await owner.page.getByLabel(account.door.factorCode).fill(code);
    await owner.button(owner.words.auth.signIn.submit).click();
    await expect.poll(() => new URL(owner.page.url()).pathname, patient).toBe('/home');
  });

  it('a passkey is made and opens the door without a password', async () => {
    const { account } = owner.words;
    // Passkeys belong to a name, and an address of numbers has none.
    const person = await EditorDriver.open(browser, platform.url.replace('127.0.0.1', 'localhost'));
    const devtools = await person.page.context().newCDPSession(person.page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await person.signIn(rafael.email, rafael.password);
    await person.page.waitForURL(/\/home/);
    await person.visit('/settings/account');
    await person.button(account.passkeyAdd).click();
    const sheet = person.page.getByRole('dialog');
    await sheet.getByLabel(account.passkeyName).fill('Celular');
    await sheet.getByLabel(account.confirm).fill(rafael.password);
    await sheet.getByRole('button', { name: account.passkeyAdd }).click();
    await person.button(account.codesKept).click();
    await person.page.getByText('Celular').waitFor();
    await person.signOut();
    await person.visit('/entrar');
    await person.button(account.door.keySignIn).click();
    await expect.poll(() => new URL(person.page.url()).pathname, patient).toBe('/home');
    await person.close();
  });

  it('a forgotten password is replaced by the link of the mail', async () => {
    const { account, auth } = owner.words;
    const visitor = await EditorDriver.open(browser, platform.url);
    await visitor.visit('/forgot');
    await visitor.page.getByLabel(auth.fields.email).fill(rafael.email);
    await visitor.button(account.door.forgotSend).click();
    await visitor.page.getByText(account.door.forgotSent).waitFor();
    await visitor.visit(await linkTo(rafael.email, 'reset_password'));
    await visitor.page.getByLabel(account.passwordNew).fill('bolo de rolo às 8');
    await visitor.button(visitor.words.common.save).click();
    await visitor.page.waitForURL(/\/entrar/);
    await visitor.signIn(rafael.email, 'bolo de rolo às 8');
    await expect
      .poll(() => visitor.page.getByRole('heading', { name: account.door.factorTitle }).isVisible(), patient)
      .toBe(true);
    await visitor.close();
  });
});
