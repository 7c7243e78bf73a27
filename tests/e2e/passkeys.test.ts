import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Session } from '#server/api/auth/schemas.js';
import { launchBrowser } from '#tests/support/editorDriver.js';
import { startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

const password = 'pão quentinho às 6';
const noBrowser = !process.env['CHROMIUM_PATH'];

/** What a browser itself makes of our options, and we of its answers: no code of the web app in between. */
describe.skipIf(noBrowser)(`a passkey in a real browser${noBrowser ? ' (set CHROMIUM_PATH)' : ''}`, () => {
  let platform: TestPlatform;
  let browser: Browser;
  let page: Page;
  let url: string;
  beforeAll(async () => {
    [platform, browser] = await Promise.all([startTestPlatform(), launchBrowser()]);
    // Passkeys are of domains: not of 127.0.0.1.
    url = `http://localhost:${new URL(platform.url).port}`;
    page = await browser.newPage();
    const devtools = await page.context().newCDPSession(page);
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
    await page.goto(`${url}/healthz`);
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });

  /** A request of the page itself. */
  const post = (path: string, body: object, token?: string) =>
    page.evaluate(
      async ([to, text, bearer]) => {
        const headers = { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) };
        const response = await fetch(to, { method: 'POST', headers, body: text });
        return { status: response.status, body: await response.json() };
      },
      [`/api/v1${path}`, JSON.stringify(body), token ?? ''] as const,
    );
  const create = (options: PublicKeyCredentialCreationOptionsJSON) =>
    page.evaluate(async (json) => {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(json);
      const credential = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
      return credential.toJSON() as object;
    }, options);
  const get = (options: PublicKeyCredentialRequestOptionsJSON) =>
    page.evaluate(async (json) => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(json);
      const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
      return credential.toJSON() as object;
    }, options);

  it('is added, signs in alone, and is the second factor of a password', async () => {
    const email = 'lucia@paodalucia.com.br';
    const registered = await post('/auth/register', { email, password, name: 'Lúcia', organizationName: 'Pão' });
    const session = registered.body as Session;
    const adding = await post('/account/passkeys/options', { password }, session.accessToken);
    expect(adding.status).toBe(200);
    const added = await post(
      '/account/passkeys',
      { name: 'Notebook', handle: adding.body.handle, response: await create(adding.body.options) },
      session.accessToken,
    );
    expect(added).toMatchObject({ status: 201, body: { name: 'Notebook' } });

    const alone = await post('/auth/passkeys/options', {});
    const entered = await post('/auth/passkeys/login', {
      handle: alone.body.handle,
      response: await get(alone.body.options),
    });
    expect(entered).toMatchObject({ status: 200, body: { user: { id: session.user.id } } });

    const asked = await post('/auth/login', { email, password });
    expect(asked.body.factors).toEqual(['passkey', 'recovery_code']);
    const second = await post('/auth/passkeys/options', { challenge: asked.body.challenge });
    const inside = await post('/auth/passkeys/login', {
      handle: second.body.handle,
      response: await get(second.body.options),
    });
    expect(inside).toMatchObject({ status: 200, body: { user: { id: session.user.id } } });
  });
});
