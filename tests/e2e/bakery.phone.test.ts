import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EditorDriver, launchBrowser, patient, whyNoBrowser } from '#tests/support/editorDriver.js';
import { startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

describe.skipIf(whyNoBrowser)(
  `the sample bakery on a phone, in Portuguese${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`,
  () => {
    let platform: TestPlatform;
    let browser: Browser;
    let editor: EditorDriver;
    beforeAll(async () => {
      [platform, browser] = await Promise.all([startTestPlatform(), launchBrowser()]);
      editor = await EditorDriver.open(browser, platform.url, { locale: 'pt-BR', size: 'phone' });
    });
    afterAll(async () => {
      await browser?.close();
      await platform?.close();
    });

    it('goes from the landing page to a team that answers from what the house knows', async () => {
      await editor.trySample();
      await editor.hire();
      await editor.ask('Que horas vocês abrem no domingo?');
      await editor.seesAnswer(/6h30/);
      expect(await editor.overflow()).toBeLessThanOrEqual(0);
    });

    it('shows each step with its time, and what went in and out of it', async () => {
      await editor.look('steps');
      await editor.page.locator('li[data-node=send]').waitFor();
      await expect
        .poll(async () => (await editor.steps()).every(({ text }) => /\d+(,\d)? m?s\b/.test(text)), patient)
        .toBe(true);
      const steps = await editor.steps();
      expect(steps.map(({ node }) => node)).toEqual(
        expect.arrayContaining(['message', 'who', 'escalation', 'understand', 'search', 'answer', 'send']),
      );
      expect(steps.find(({ node }) => node === 'answer')?.text).toMatch(/\d tokens/);

      await editor.page.locator('li[data-node=search] button').click();
      const sheet = editor.page.getByRole('dialog');
      await sheet.getByText('Horário e endereço').first().waitFor();
      await sheet.getByRole('tab', { name: 'Recebeu' }).click();
      await sheet
        .getByText(/Que horas vocês abrem no domingo\?/)
        .first()
        .waitFor();
      await editor.press('Escape');
      await sheet.waitFor({ state: 'hidden' });
    });

    it('lights up the way it went in the drawing', async () => {
      await editor.look('graph');
      await expect.poll(() => editor.nodeState('answer'), patient).toBe('done');
      await expect.poll(() => editor.nodeState('handoff'), patient).toBe('skip');
      expect(await editor.overflow()).toBeLessThanOrEqual(0);
    });

    it('says so when the house does not know, and offers a person', async () => {
      await editor.look('chat');
      await editor.ask('Vocês vendem pneu de trator?');
      await editor.seesAnswer(/não tenho aqui/);
      await expect.poll(() => editor.button('Falar com uma pessoa').isVisible(), patient).toBe(true);
    });

    it('hands over to a person who asks for one, and then stays quiet', async () => {
      await editor.button('Falar com uma pessoa').click();
      await editor.thread.getByText(editor.words.simulator.person).waitFor();
      const said = await editor.thread.locator('button[aria-pressed]').count();
      await editor.ask('Alguém aí?');
      // The message is with the inbox once it is stored; nobody else may have answered it.
      await editor.link(editor.words.simulator.openThread).click();
      await editor.page.getByRole('log').getByText('Alguém aí?', { exact: true }).waitFor();
      await editor.page.goBack();
      await editor.thread.getByText('Alguém aí?', { exact: true }).waitFor();
      expect(await editor.thread.locator('button[aria-pressed]').count()).toBe(said);
    });

    it('shows the conversation in the inbox, where a person answers and gives it back', async () => {
      const inbox = await editor.context.newPage();
      await inbox.goto(`${platform.url}/conversations`);
      await inbox.getByRole('link', { name: /Jéssica/ }).click();
      await inbox
        .getByRole('textbox', { name: editor.words.inbox.write })
        .fill('Oi, aqui é a Lúcia. Como posso ajudar?');
      await inbox.getByRole('button', { name: editor.words.inbox.send, exact: true }).click();
      await editor.thread.getByText('aqui é a Lúcia').waitFor();

      await inbox.getByRole('radio', { name: editor.words.inbox.teamAnswers }).click();
      await editor.thread.getByText(editor.words.simulator.person).waitFor({ state: 'hidden' });
      await inbox.close();
      await editor.ask('Aceita Pix?');
      await editor.seesAnswer(/[Pp]ix/);
      expect(await editor.thread.getByText(editor.words.simulator.person).count()).toBe(0);
    });

    it('keeps the conversation and its steps after a reload', async () => {
      await editor.page.reload();
      await editor.seesAnswer(/6h30/);
      await editor.look('steps');
      await expect.poll(async () => (await editor.steps()).map(({ node }) => node), patient).toContain('send');
    });

    it('keeps what is written before the line is open, and sends it in order as soon as it is', async () => {
      const held: (() => void)[] = [];
      let open = false;
      await editor.page.route('**/integrations/simulator', async (route) => {
        if (!open) await new Promise<void>((release) => held.push(release));
        await route.continue();
      });
      await editor.page.reload();
      await editor.button(editor.words.simulator.restart).click();
      await editor.ask('Entregam nas Graças?');
      await editor.ask('Aceita Pix?');
      open = true;
      for (const release of held) release();
      await editor.seesAnswer(/[Pp]ix/);
      expect(await editor.thread.innerText()).toMatch(/Entregam nas Graças\?[^]*Aceita Pix\?/);
    });

    it('made the browser complain about nothing', () => expect(editor.complaints).toEqual([]));
  },
);
