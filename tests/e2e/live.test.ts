import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EditorDriver, launchBrowser, patient, whyNoBrowser } from '#tests/support/editorDriver.js';
import { editDelivery, textDelivery, wamid } from '#tests/support/meta/deliveries.js';
import { sign, startGraphApi, type GraphApi } from '#tests/support/meta/graphApi.js';
import { expectOk, openBakery, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';
import { openOrderDesk } from '#tests/support/runs/orderDesk.js';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

const secret = 'app-secret';
const phoneNumberId = '106540352242922';
const from = '5581980000001';

/** What happens in the house, and the page that shows it. Each can happen several times. */
interface Place {
  /** Makes it ready; returns where it is, what it reads there, and what happens next. */
  open(time: number): Promise<{ path: string; reads: RegExp; happens(): Promise<unknown>; shows: string | RegExp }>;
}

describe.skipIf(whyNoBrowser)(`what happens meanwhile${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`, () => {
  let graph: GraphApi;
  let platform: TestPlatform;
  let browser: Browser;
  let bakery: Awaited<ReturnType<typeof openBakery>>;
  let desk: string;
  let conversation: string;
  const first = wamid();

  beforeAll(async () => {
    graph = await startGraphApi();
    graph.accessToken = 'a token of a system user';
    [platform, browser] = await Promise.all([
      startTestPlatform({ META_APP_SECRET: secret, META_VERIFY_TOKEN: 'verify-me', META_GRAPH_URL: graph.url }),
      launchBrowser(),
    ]);
    bakery = await openBakery(platform);
    const { departmentId } = bakery;
    await call('POST', '/integrations/whatsapp', { phoneNumberId, accessToken: graph.accessToken, departmentId });
    desk = await openOrderDesk(platform, bakery.session, 'http://127.0.0.1:9');
    await deliver(textDelivery({ phoneNumberId, from, name: 'Jéssica' }, 'Que horas vocês abrem?', first));
    await vi.waitFor(() => expect(graph.sent().length).toBe(1), 60_000);
    conversation = (await call('GET', '/conversations')).body.items[0].id;
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
    await graph?.close();
  });

  const call = (method: string, path: string, body?: unknown) => expectOk(platform.call(method, path, body, bakery));
  const deliver = async (body: unknown): Promise<void> => {
    const text = JSON.stringify(body);
    await expectOk(
      platform.call('POST', '/webhooks/whatsapp', text, { headers: { 'x-hub-signature-256': sign(text, secret) } }),
    );
  };
  /** An order that somebody of the house has to confirm. */
  const order = async (text: string): Promise<string> => {
    const input = { text, contact: { id: 'c', name: 'Rafael' }, pieces: 120, items: [] };
    const { id } = (await call('POST', `/departments/${desk}/runs`, { input })).body.run;
    await vi.waitFor(async () => expect((await call('GET', `/runs/${id}`)).body.status).toBe('waiting'), 60_000);
    return id;
  };

  const places: Record<string, Place> = {
    'the list of conversations': {
      open: async (time) => ({
        path: '/conversations',
        reads: /\/api\/v1\/conversations\?/,
        happens: () =>
          deliver(textDelivery({ phoneNumberId, from: `558198000010${time}`, name: `Cliente ${time}` }, 'Oi', wamid())),
        shows: `Cliente ${time}`,
      }),
    },
    'a conversation': {
      open: async (time) => ({
        path: `/conversations/${conversation}`,
        reads: /\/messages\?/,
        happens: async () => {
          const timestamp = Math.ceil(Date.now() / 1000);
          await deliver(editDelivery({ phoneNumberId, from, timestamp }, first, `Abrem no dia ${time}?`));
        },
        shows: `Abrem no dia ${time}?`,
      }),
    },
    'who answers in a conversation': {
      open: async () => {
        await call('POST', `/conversations/${conversation}/release`);
        return {
          path: `/conversations/${conversation}`,
          reads: new RegExp(`/api/v1/conversations/${conversation}$`),
          happens: () => call('POST', `/conversations/${conversation}/assign`),
          shows: /Devolva|enviar/i,
        };
      },
    },
    'the front page': {
      open: async (time) => ({
        path: '/home',
        reads: /\/runs\?/,
        happens: () => order(`Festa ${time}`),
        shows: new RegExp(`Festa ${time}`),
      }),
    },
    'the team': {
      open: async () => {
        await call('PATCH', `/departments/${bakery.departmentId}`, { status: 'active' });
        return {
          path: '/team',
          reads: /\/departments(\?|$)/,
          happens: () => call('PATCH', `/departments/${bakery.departmentId}`, { status: 'paused' }),
          shows: /pausad/i,
        };
      },
    },
    'the list of runs': {
      open: async (time) => ({
        path: '/runs',
        reads: /\/runs\?/,
        happens: () => order(`Encomenda ${time}`),
        shows: new RegExp(`Encomenda ${time}`),
      }),
    },
    'a run': {
      open: async (time) => {
        const id = await order(`Pedido ${time}`);
        return {
          path: `/departments/${desk}/runs/${id}`,
          reads: /\/timeline/,
          happens: () => call('POST', `/runs/${id}/cancel`),
          shows: 'Parada',
        };
      },
    },
    'the versions of a department': {
      open: async (time) => ({
        path: `/departments/${desk}/versions`,
        reads: /\/versions\?/,
        happens: () => call('POST', `/departments/${desk}/publish`, { note: `Versão da vez ${time}` }),
        shows: `Versão da vez ${time}`,
      }),
    },
    'comments on a department': {
      open: async (time) => {
        const { body } = await call('POST', `/departments/${desk}/comments`, { text: `Olha isso ${time}` });
        return {
          path: `/departments/${desk}/edit?comment=${body.id}`,
          reads: /\/comments\?/,
          happens: () => call('POST', `/departments/${desk}/comments`, { text: `Faltou o horário ${time}` }),
          shows: `Faltou o horário ${time}`,
        };
      },
    },
  };

  let times = 0;
  const shown = (page: EditorDriver, what: string | RegExp) => page.page.getByText(what).first().waitFor();
  const ready = JSON.stringify({ type: 'ready' });
  /** A page that is yet to be opened, whose first reading is held. */
  const begin = async ({ open }: Place) => {
    const place = await open(++times);
    const page = await EditorDriver.open(browser, platform.url, { session: bakery.session });
    const live = await page.holdLiveEvents();
    return { ...place, page, live, ...(await page.holdReading(place.reads)) };
  };
  /** One that has been read and is told what happens. */
  const settled = async (of: Place) => {
    const place = await begin(of);
    const { page, live, path, read, letGo } = place;
    letGo();
    await page.visit(path);
    await read;
    await expect.poll(() => live.heard, patient).toContain(ready);
    return place;
  };

  describe.each(Object.keys(places))('on %s', (name) => {
    const place = places[name] as Place;

    it('while it is read for the first time is shown, although it was told before the answer had come', async () => {
      const { page, live, path, happens, shows, read, letGo } = await begin(place);
      await page.visit(path);
      await read;
      await expect.poll(() => live.heard, patient).toContain(ready);
      const told = live.heard.length;
      await happens();
      await expect.poll(() => live.heard.length, patient).toBeGreaterThan(told);
      letGo();
      await shown(page, shows);
      await page.close();
    });

    it('while one is elsewhere is shown once one is back', async () => {
      const { page, live, happens, shows } = await settled(place);
      const { settings } = page.words;
      await page.page.evaluate(() => history.pushState({}, '', '/settings'));
      await page.button(settings.signOut).waitFor();
      const told = live.heard.length;
      await happens();
      await expect.poll(() => live.heard.length, patient).toBeGreaterThan(told);
      await page.page.goBack();
      await shown(page, shows);
      await page.close();
    });
  });

  // The same on every page: all that was read before is read again.
  describe('in a conversation', () => {
    const place = places['a conversation'] as Place;

    it('between that reading and the live connection is shown, although nobody told it', async () => {
      const { page, live, path, happens, shows, read, letGo } = await begin(place);
      live.lose();
      await page.visit(path);
      await read;
      await happens();
      live.restore();
      await expect.poll(() => live.heard, patient).toContain(ready);
      letGo();
      await shown(page, shows);
      await page.close();
    });

    it('while the live connection is lost is shown once it is back', async () => {
      const { page, live, happens, shows } = await settled(place);
      const told = live.heard.length;
      live.lose();
      await happens();
      live.restore();
      await expect.poll(() => live.heard.slice(told), patient).toContain(ready);
      await shown(page, shows);
      await page.close();
    });
  });
});
