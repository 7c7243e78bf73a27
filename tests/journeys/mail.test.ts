import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestPlatform, type TestPlatform } from '#tests/support/platform.js';
import { startMailService, type MailService } from '#tests/support/sendgrid/server.js';

let service: MailService;
let platform: TestPlatform;
beforeAll(async () => {
  service = await startMailService();
  platform = await startTestPlatform({
    PUBLIC_URL: 'https://app.example.com',
    SENDGRID_API_KEY: service.apiKey,
    SENDGRID_FROM: 'oi@example.com',
    SENDGRID_BASE_URL: service.url,
  });
});
afterAll(async () => {
  await platform.close();
  await service.close();
});

const email = 'lucia@paodalucia.com.br';
const password = 'pão quentinho às 6';

/** The text of the newest mail to Lúcia with this subject. */
const mailed = (subject: string): Promise<string> =>
  vi.waitFor(
    () => {
      const found = service.log.findLast(({ body }) => body.subject === subject);
      if (!found) throw new Error(`no "${subject}"`);
      expect(found.violations).toEqual([]);
      expect(found.body.personalizations).toMatchObject([{ to: [{ email }] }]);
      return found.body.content[0]?.value ?? '';
    },
    { timeout: 60_000 },
  );
const tokenIn = (text: string): string => /https:\/\/app\.example\.com\/\w+#token=([\w-]{43})/.exec(text)?.[1] ?? '';

describe('with a mail service', () => {
  it('Lúcia confirms her address, forgets her password and comes back', async () => {
    const account = { email, password, name: 'Lúcia', organizationName: 'Pão da Lúcia' };
    expect((await platform.call('POST', '/auth/register', account)).status).toBe(201);
    const verification = tokenIn(await mailed('Confirme seu e-mail'));
    expect((await platform.call('POST', '/auth/verify-email', { token: verification })).status).toBe(204);

    expect((await platform.call('POST', '/auth/password/forgot', { email })).status).toBe(202);
    const reset = { token: tokenIn(await mailed('Crie uma senha nova')), password: 'broa de milho às 7' };
    expect((await platform.call('POST', '/auth/password/reset', reset)).status).toBe(204);
    await mailed('Sua senha foi trocada');
    expect((await platform.call('POST', '/auth/login', { email, password: reset.password })).status).toBe(200);
  });

  it('there is no outbox', async () => {
    expect((await platform.call('GET', '/outbox')).status).toBe(404);
  });
});
