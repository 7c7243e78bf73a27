import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Session } from '#server/api/auth/schemas.js';
import {
  EditorDriver,
  launchBrowser,
  patient,
  whyNoBrowser,
  type Size,
  type Theme,
} from '#tests/support/editorDriver.js';
import { expectOk, openBakery, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

describe.skipIf(whyNoBrowser)(`departments for some people${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`, () => {
  let platform: TestPlatform;
  let browser: Browser;
  let owner: EditorDriver;
  let session: Session;
  const call = (as: Session, method: string, path: string, body?: unknown) =>
    expectOk(platform.call(method, path, body, { token: as.accessToken }));

  beforeAll(async () => {
    [platform, browser] = await Promise.all([startTestPlatform(), launchBrowser()]);
    ({ session } = await openBakery(platform));
    for (const name of ['Cozinha', 'Encomendas']) await call(session, 'POST', '/departments', { name });
    owner = await EditorDriver.open(browser, platform.url, { session });
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });

  const sheet = (): Locator => owner.page.getByRole('dialog');
  async function choose(...names: string[]): Promise<void> {
    await sheet().getByRole('radio', { name: owner.words.people.grants.some, exact: true }).click();
    for (const name of names) await sheet().getByRole('checkbox', { name, exact: true }).click();
  }

  it('are chosen with an invitation, shown in the list, and changed later', async () => {
    const { people, common } = owner.words;
    const email = `${randomUUID()}@example.com`;
    await owner.visit('/settings/people');
    await owner.button(people.invite).click();
    await owner.page.getByLabel(people.inviteEmail).fill(email);
    await sheet().getByRole('radio', { name: owner.words.people.grants.some, exact: true }).click();
    expect(await sheet().getByRole('button', { name: people.inviteSend }).isDisabled()).toBe(true);
    await sheet().getByRole('checkbox', { name: 'Cozinha', exact: true }).click();
    await sheet().getByRole('button', { name: people.inviteSend }).click();
    await owner.page.getByText(people.grants.sees.replace('{{names}}', 'Cozinha')).waitFor();
    const { items } = (await call(session, 'GET', '/organizations/current/invitations')).body;
    expect(items[0]).toMatchObject({ email, departments: [expect.any(String)] });

    const guest = (
      await expectOk(
        platform.call('POST', '/auth/register', {
          email,
          name: 'Ana',
          password: 'pão quentinho às 6',
          organizationName: 'Dela',
        }),
      )
    ).body as Session;
    const token = await tokenOf(email);
    const ana = (await call(guest, 'POST', '/auth/invitations/accept', { token })).body as Session;
    const page = await EditorDriver.open(browser, platform.url, { session: ana });
    await page.visit('/team');
    await page.page.getByText('Cozinha').first().waitFor();
    expect(await page.page.getByText('Atendimento').count()).toBe(0);

    await owner.visit('/settings/people');
    await owner.button(people.edit.replace('{{name}}', 'Ana')).click();
    await sheet().getByRole('checkbox', { name: 'Atendimento', exact: true }).click();
    await sheet().getByRole('button', { name: common.save }).click();
    await owner.page.getByText(/Atendimento e Cozinha|Cozinha e Atendimento/).waitFor();
    await page.page.reload();
    await page.page.getByText('Atendimento').first().waitFor();
    await page.close();
  });

  it('are chosen for a key, which then reaches nothing else', async () => {
    const { people } = owner.words;
    await owner.visit('/settings/api-keys');
    await owner.button(people.keys.create).first().click();
    await sheet().getByLabel(people.keys.name).fill('Caixa');
    await choose('Encomendas');
    await sheet()
      .getByRole('checkbox', { name: `${people.scopes.departments}: ${people.keys.read}` })
      .click();
    await sheet().getByRole('button', { name: people.keys.create, exact: true }).click();
    const key = (await sheet().getByText(/^aid_/).textContent()) ?? '';
    const { body } = await expectOk(platform.call('GET', '/departments', undefined, { token: key }));
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual(['Encomendas']);
    await owner.button(people.keys.done).click();
    await owner.page.getByText(people.grants.sees.replace('{{names}}', 'Encomendas')).waitFor();
  });

  it.each([
    ['phone', 'light', 'pt-BR'],
    ['phone', 'dark', 'en'],
    ['desktop', 'dark', 'pt-BR'],
    ['desktop', 'light', 'en'],
  ] as const)('are chosen without a fault on a %s in %s, in %s', async (size: Size, theme: Theme, locale) => {
    const person = await EditorDriver.open(browser, platform.url, { session, size, theme, locale });
    const { people } = person.words;
    for (const [path, open] of [
      ['/settings/people', people.invite],
      ['/settings/api-keys', people.keys.create],
    ] as const) {
      await person.visit(path);
      await person.button(open).first().click();
      await person.page.getByRole('dialog').getByRole('radio', { name: people.grants.some, exact: true }).click();
      await person.page.getByRole('dialog').getByRole('checkbox', { name: 'Cozinha', exact: true }).click();
      await person.setTheme(theme);
      expect(await person.overflow()).toBeLessThanOrEqual(0);
      expect(await person.accessFaults()).toEqual([]);
    }
    await person.close();
  });

  /** The token in the newest mail to an address, from the outbox of the database. */
  async function tokenOf(email: string): Promise<string> {
    return vi.waitFor(async () => {
      const client = new pg.Client({ connectionString: platform.databaseUrl });
      await client.connect();
      const { rows } = await client
        .query<{ body: string }>(
          `select body from platform.emails where recipient = $1 and template = 'invitation' order by id desc limit 1`,
          [email],
        )
        .finally(() => client.end());
      const token = /#token=([\w-]{43})/.exec(rows[0]?.body ?? '')?.[1];
      if (!token) throw new Error('no mail');
      return token;
    }, patient);
  }
});
