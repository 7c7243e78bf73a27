import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EditorDriver, launchBrowser, patient, whyNoBrowser } from '#tests/support/editorDriver.js';
import { editDelivery, messagesDelivery, textDelivery, wamid } from '#tests/support/meta/deliveries.js';
import { sign, startGraphApi, type GraphApi } from '#tests/support/meta/graphApi.js';
import { expectOk, openBakery, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

const secret = 'app-secret';
const phoneNumberId = '106540352242922';
const accessToken = 'a token of a system user';

describe.skipIf(whyNoBrowser)(`the inbox${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`, () => {
  let graph: GraphApi;
  let platform: TestPlatform;
  let browser: Browser;
  let bakery: Awaited<ReturnType<typeof openBakery>>;
  let phone: EditorDriver;
  let desktop: EditorDriver;

  beforeAll(async () => {
    graph = await startGraphApi();
    graph.accessToken = accessToken;
    [platform, browser] = await Promise.all([
      startTestPlatform({ META_APP_SECRET: secret, META_VERIFY_TOKEN: 'verify-me', META_GRAPH_URL: graph.url }),
      launchBrowser(),
    ]);
    bakery = await openBakery(platform);
    await expectOk(
      platform.call(
        'POST',
        '/integrations/whatsapp',
        { phoneNumberId, accessToken, departmentId: bakery.departmentId },
        bakery,
      ),
    );
    phone = await EditorDriver.open(browser, platform.url, { session: bakery.session, size: 'phone' });
    desktop = await EditorDriver.open(browser, platform.url, { session: bakery.session, locale: 'en' });
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
    await graph?.close();
  });

  const deliver = async (body: unknown): Promise<void> => {
    const text = JSON.stringify(body);
    await expectOk(
      platform.call('POST', '/webhooks/whatsapp', text, { headers: { 'x-hub-signature-256': sign(text, secret) } }),
    );
  };
  const from = '5581980000001';
  const sent = () => graph.sent().filter(({ body }) => body['to'] === from).length;

  it('offers to answer what a customer edited after it was answered, until somebody did', async () => {
    const { inbox } = phone.words;
    const id = wamid();
    await deliver(textDelivery({ phoneNumberId, from, name: 'Jéssica' }, 'Que horas vocês abrem no domingo?', id));
    await expect.poll(sent, patient).toBe(1);
    const { body } = await platform.call('GET', '/conversations', undefined, bakery);
    const conversation: string = body.items[0].id;
    await phone.visit(`/conversations/${conversation}`);
    await desktop.visit(`/conversations/${conversation}`);
    const thread = phone.page.getByRole('log', { name: inbox.thread });
    await thread.getByText('Que horas vocês abrem no domingo?').waitFor();
    const later = Math.ceil(Date.now() / 1000) + 2;
    await deliver(editDelivery({ phoneNumberId, from, timestamp: later }, id, 'Que horas vocês abrem no sábado?'));

    // Nobody reloads.
    await thread.getByText('Que horas vocês abrem no sábado?').waitFor();
    await thread.getByText(inbox.lateEdit).waitFor();
    await thread.getByText(inbox.edited.split('{{')[0] as string).waitFor();
    expect(await phone.overflow()).toBeLessThanOrEqual(0);
    expect(await phone.accessFaults()).toEqual([]);
    expect(sent()).toBe(1);

    // With a keyboard alone: the place to write is where the focus goes.
    await desktop.page.getByText(desktop.words.inbox.lateEdit).waitFor();
    await desktop.button(desktop.words.inbox.answerAgain).focus();
    await desktop.press('Enter');
    const write = desktop.page.getByRole('textbox', { name: desktop.words.inbox.write });
    await expect.poll(() => write.evaluate((each) => each === document.activeElement), patient).toBe(true);
    // What is said now is said after the edit, by every clock.
    await vi.waitFor(() => expect(Date.now() / 1000).toBeGreaterThan(later), 60_000);
    await desktop.page.keyboard.insertText('No sábado, das 7 às 13.');
    await desktop.press('Enter');
    await expect.poll(sent, patient).toBe(2);
    await thread.getByText('No sábado, das 7 às 13.').waitFor();
    await thread.getByText(inbox.lateEdit).waitFor({ state: 'detached' });
    await desktop.page.getByText(desktop.words.inbox.lateEdit).waitFor({ state: 'detached' });
    await thread.getByText(inbox.edited.split('{{')[0] as string).waitFor();
  });

  it('offers nothing for what was edited before it was answered', async () => {
    const { inbox } = desktop.words;
    await platform.call('PATCH', `/departments/${bakery.departmentId}`, { status: 'paused' }, bakery);
    const other = '5581980000002';
    const id = wamid();
    await deliver(textDelivery({ phoneNumberId, from: other, name: 'Rafael' }, 'Vocês têm bolo?', id));
    await deliver(editDelivery({ phoneNumberId, from: other }, id, 'Vocês têm bolo de rolo?'));
    await platform.call('PATCH', `/departments/${bakery.departmentId}`, { status: 'active' }, bakery);
    await expect.poll(() => graph.sent().filter(({ body }) => body['to'] === other).length, patient).toBe(1);
    await desktop.visit('/conversations');
    await desktop.page.getByRole('link', { name: /Rafael/ }).click();
    const thread = desktop.page.getByRole('log', { name: inbox.thread });
    await thread.getByText('Vocês têm bolo de rolo?').waitFor();
    await thread.getByText(inbox.edited.split('{{')[0] as string).waitFor();
    expect(await thread.getByText(inbox.lateEdit).count()).toBe(0);
  });

  it('shows where a customer is as a place that a map can be opened at, and asks nobody else for it by itself', async () => {
    const { inbox } = phone.words;
    const lucas = { phoneNumberId, from: '5581980000003', name: 'Lucas' };
    const elsewhere: string[] = [];
    phone.page.on('request', (request) => {
      if (!request.url().startsWith(platform.url)) elsewhere.push(request.url());
    });
    const point = { latitude: -8.0631, longitude: -34.8711 };
    await deliver(
      messagesDelivery(lucas, [
        { id: wamid(), type: 'location', location: { ...point, name: 'Marco Zero', address: 'Recife Antigo' } },
        { id: wamid(), type: 'location', location: point },
      ]),
    );
    await phone.visit('/conversations');
    await phone.page.getByRole('link', { name: /Lucas/ }).click();
    const thread = phone.page.getByRole('log', { name: inbox.thread });
    await thread.getByText(inbox.place.replace('{{name}}', 'Marco Zero, Recife Antigo')).waitFor();
    const maps = thread.getByRole('link', { name: inbox.map });
    const map = 'https://www.google.com/maps/search/?api=1&query=-8.0631%2C+-34.8711';
    expect(await maps.evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual([map, map]);
    expect(await thread.getByText('-34.8711').count()).toBe(0);
    expect(await phone.overflow()).toBeLessThanOrEqual(0);
    expect(await phone.accessFaults()).toEqual([]);
    expect(elsewhere).toEqual([]);
  });

  it('made the browser complain about nothing', () => expect([...phone.complaints, ...desktop.complaints]).toEqual([]));
});
