import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EditorDriver, launchBrowser, sizes, whyNoBrowser } from '#tests/support/editorDriver.js';
import { expectOk, openBakery, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

describe.skipIf(whyNoBrowser)(`every page${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`, () => {
  let platform: TestPlatform;
  let browser: Browser;
  let visitor: EditorDriver;
  let member: EditorDriver;
  const ids = { department: '', conversation: '', run: '', data: '', dataRun: '' };

  beforeAll(async () => {
    [platform, browser] = await Promise.all([startTestPlatform(), launchBrowser()]);
    const bakery = await openBakery(platform);
    ids.department = bakery.departmentId;
    // Something to look at on each: an answer with its run, and a conversation that waits for a person.
    const { body: channel } = await expectOk(
      platform.call('POST', '/integrations/simulator', { departmentId: ids.department }, bakery),
    );
    const write = (from: string, text: string) =>
      expectOk(platform.call('POST', `/simulator/${channel.id}/messages`, { from, name: from, text }, bakery));
    ids.conversation = (await write('Jéssica', 'Que horas vocês abrem no domingo?')).body.conversation.id;
    await write('Célia', 'Quero falar com uma pessoa');
    ids.run = await vi.waitFor(async () => {
      const { body } = await platform.call('GET', '/runs?status=succeeded', undefined, bakery);
      expect(body.items).toHaveLength(2);
      return body.items.find((run: { conversationId: string }) => run.conversationId === ids.conversation).id;
    }, 60_000);
    // What other systems send has fields of any name, of one letter too.
    const post = async (path: string, body: object) => (await expectOk(platform.call('POST', path, body, bakery))).body;
    const start = { id: 'start', type: 'trigger.manual', version: 1, config: {}, position: { x: 0, y: 0 } };
    const config = { values: [{ name: 'o', value: '{{ trigger }}' }] };
    const set = { ...start, id: 'set', type: 'data.set', config };
    const edge = { id: 'e', from: { node: 'start', port: 'out' }, to: { node: 'set', port: 'in' } };
    const definition = { format: 1, nodes: [start, set], edges: [edge], settings: {} };
    ids.data = (await post('/departments', { name: 'Medidas', definition })).id;
    await post(`/departments/${ids.data}/publish`, {});
    ids.dataRun = (await post(`/departments/${ids.data}/runs`, { input: { x: 1, y: [2], w: {} } })).run.id;
    visitor = await EditorDriver.open(browser, platform.url);
    member = await EditorDriver.open(browser, platform.url, { session: bakery.session });
    // The way around the editor is shown once; here it has been seen.
    await member.page.addInitScript(() => localStorage.setItem('editor-tour', '1'));
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });

  /** What each page must show before it is looked at. */
  const pages: [name: string, path: () => string, who: 'visitor' | 'member', shows: RegExp][] = [
    ['landing', () => '/', 'visitor', /não\.$/],
    ['sign in', () => '/entrar', 'visitor', /bom te ver/],
    ['forgot', () => '/forgot', 'visitor', /achar sua entrada/],
    ['reset', () => '/reset#token=x', 'visitor', /senha nova/],
    ['verify', () => '/verify', 'visitor', /Confirmando/],
    ['invitation', () => '/invitation', 'visitor', /Convite/],
    ['outbox', () => '/outbox', 'visitor', /Caixa de saída/],
    ['register', () => '/criar-conta', 'visitor', /Monte seu time/],
    ['home', () => '/home', 'member', /./],
    ['hire', () => '/hire', 'member', /Quem começa/],
    ['inbox', () => '/conversations', 'member', /Conversas/],
    ['conversation', () => `/conversations/${ids.conversation}`, 'member', /Jéssica/],
    ['team', () => '/team', 'member', /Seu time/],
    ['knowledge', () => '/knowledge', 'member', /./],
    ['settings', () => '/settings', 'member', /Ajustes/],
    ['account', () => '/settings/account', 'member', /Você/],
    ['devices', () => '/settings/sessions', 'member', /Aparelhos/],
    ['people', () => '/settings/people', 'member', /Pessoas/],
    ['API keys', () => '/settings/api-keys', 'member', /Chaves de API/],
    ['connections', () => '/settings/connections', 'member', /Conexões/],
    ['what is kept', () => '/settings/retention', 'member', /O que fica guardado/],
    ['log', () => '/settings/audit', 'member', /Registro/],
    ['WhatsApp', () => '/settings/whatsapp', 'member', /WhatsApp/],
    ['editor', () => `/departments/${ids.department}/edit`, 'member', /Chega mensagem/],
    ['versions', () => `/departments/${ids.department}/versions`, 'member', /Versão 1/],
    ['simulator', () => `/departments/${ids.department}/simulator`, 'member', /Atendimento/],
    ['runs of all', () => '/runs', 'member', /Execuções de todo o time/],
    ['runs', () => `/departments/${ids.department}/runs`, 'member', /Execuções/],
    ['run', () => `/departments/${ids.department}/runs/${ids.run}`, 'member', /Que horas/],
    ['run on its graph', () => `/departments/${ids.department}/runs/${ids.run}?view=graph`, 'member', /Que horas/],
    ['run of data', () => `/departments/${ids.data}/runs/${ids.dataRun}`, 'member', /3 campos/],
    ['missing', () => '/nowhere', 'member', /não existe/],
  ];

  it.each(pages)(
    '%s is accessible by day and night, on a desktop and on a phone, and fits a phone',
    async (_, path, who, shows) => {
      const editor = who === 'visitor' ? visitor : member;
      await editor.page.setViewportSize(sizes.desktop);
      await editor.visit(path());
      await editor.page
        .getByRole('heading', { level: 1, name: shows })
        .or(editor.page.getByText(shows))
        .first()
        .waitFor();
      await editor.page.waitForLoadState('networkidle');
      await editor.setTheme('light');
      expect(await editor.accessFaults()).toEqual([]);
      await editor.setTheme('dark');
      expect(await editor.accessFaults(['color-contrast'])).toEqual([]);

      await editor.page.setViewportSize(sizes.phone);
      expect(await editor.accessFaults(['color-contrast'])).toEqual([]);
      await editor.setTheme('light');
      expect(await editor.accessFaults()).toEqual([]);
      expect(await editor.overflow()).toBeLessThanOrEqual(0);
    },
  );

  it('changes its colours at once for whoever wants nothing to move', async () => {
    await member.visit('/conversations');
    await member.page.getByRole('link', { name: /Jéssica/ }).waitFor();
    const moving = await member.page.evaluate(() => {
      const { dataset } = document.documentElement;
      dataset['theme'] = dataset['theme'] === 'dark' ? 'light' : 'dark';
      return document.getAnimations().filter((each) => each instanceof CSSTransition).length;
    });
    expect(moving).toBe(0);
  });

  it('made the browser complain about nothing', () =>
    expect([...visitor.complaints, ...member.complaints]).toEqual([]));
});
