import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EditorDriver, launchBrowser, patient, whyNoBrowser } from '#tests/support/editorDriver.js';
import { startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

describe.skipIf(whyNoBrowser)(
  `the sample bakery on a desktop, in English, without a mouse${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`,
  () => {
    let platform: TestPlatform;
    let browser: Browser;
    let editor: EditorDriver;
    let events: Awaited<ReturnType<EditorDriver['holdLiveEvents']>>;
    beforeAll(async () => {
      [platform, browser] = await Promise.all([startTestPlatform(), launchBrowser()]);
      editor = await EditorDriver.open(browser, platform.url, { locale: 'en', size: 'desktop' });
      events = await editor.holdLiveEvents();
    });
    afterAll(async () => {
      await browser?.close();
      await platform?.close();
    });

    /** Runs that have ended, as the server counts them. */
    const answers = async (): Promise<number> => {
      const token = await editor.page.evaluate(() => JSON.parse(localStorage.getItem('session') ?? '{}').accessToken);
      return (await platform.call('GET', '/runs?status=succeeded', undefined, { token })).body.items.length;
    };

    it('gets from the landing page to an answer with the keyboard alone, and the drawing lights up step by step', async () => {
      const { words } = editor;
      await editor.visit('/');
      await (await editor.tabTo(words.auth.landing.sample)).press('Enter');
      await (await editor.tabTo(words.hire.submit)).press('Enter');
      await editor.composer.waitFor();
      const states = await editor.watchGraph();
      await editor.tabTo(words.simulator.write);
      await editor.page.keyboard.type('What time do you open on Sunday?');
      await editor.press('Enter');
      await editor.seesAnswer(/6:30/);

      await expect.poll(() => editor.nodeState('send'), patient).toBe('done');
      await expect.poll(() => editor.nodeState('handoff'), patient).toBe('skip');
      const seen = await states();
      const way = [
        'message done',
        'who done',
        'escalation done',
        'understand done',
        'search done',
        'answer done',
        'send done',
      ];
      expect(seen.filter((state) => way.includes(state))).toEqual(way);
      // Steps are seen at work before they are done; a slow page may draw the shortest only when they are.
      const atWork = way.map((state) => state.replace('done', 'now')).filter((state) => seen.includes(state));
      expect(atWork).not.toEqual([]);
      for (const state of atWork) expect(seen.indexOf(state)).toBeLessThan(seen.indexOf(state.replace('now', 'done')));
    });

    it('shows what a step received, returned, thought with and read', async () => {
      const { step } = editor.words.simulator;
      const panel = editor.page.getByRole('complementary', { name: step.tabs });
      await panel.getByRole('heading', { level: 2 }).waitFor();
      await panel.getByRole('tabpanel').getByText(/6:30/).first().waitFor();
      await panel.getByText(step.read).waitFor();
      await editor.tabTo(step.output);
      await editor.press('ArrowRight');
      await panel.getByText(step.tokensIn).waitFor();
      await panel.getByText(step.cost, { exact: true }).waitFor();
      await editor.press('ArrowLeft');
      await panel.getByText('grounded').waitFor();
      await editor.press('ArrowLeft');
      await expect
        .poll(
          () =>
            panel
              .getByRole('tabpanel')
              .getByText(/What time do you open on Sunday\?/)
              .first()
              .isVisible(),
          patient,
        )
        .toBe(true);
    });

    it('opens the step of a node that is chosen in the drawing', async () => {
      await editor.page.locator('.react-flow__node[data-id=search]').focus();
      await editor.press('Enter');
      const panel = editor.page.getByRole('complementary', { name: editor.words.simulator.step.tabs });
      await expect.poll(() => panel.getByText(/passages/).isVisible(), patient).toBe(true);
    });

    it('says so when the house does not know, offers a person, and hands over', async () => {
      await editor.ask('Do you sell tractor tyres?');
      await editor.seesAnswer(/person/);
      await editor.button('Talk to a person').press('Enter');
      await editor.thread.getByText(editor.words.simulator.person).waitFor();
      await expect.poll(() => editor.nodeState('handoff'), patient).toBe('done');
      await expect.poll(() => editor.nodeState('answer'), patient).toBe('skip');
    });

    it('catches up on what happened while the connection was lost', async () => {
      await editor.button(editor.words.simulator.giveBack).press('Enter');
      await editor.thread.getByText(editor.words.simulator.person).waitFor({ state: 'hidden' });
      const answered = await answers();
      // The question is on its way when the socket goes; the answer is given unseen.
      events.lose();
      await editor.ask('Do you deliver to Boa Viagem?');
      await expect.poll(answers, patient).toBe(answered + 1);
      events.restore();
      await editor.seesAnswer(/Boa Viagem.*\d/);
      await expect.poll(() => editor.nodeState('send'), patient).toBe('done');
      await expect.poll(() => editor.nodeState('handoff'), patient).toBe('skip');
    });

    it('keeps every run, with the drawing of its version', async () => {
      await editor.link(editor.words.runs.title).press('Enter');
      await editor.page.getByRole('link', { name: /What time do you open on Sunday/ }).press('Enter');
      await editor.button(/graph of v1/).press('Enter');
      await expect.poll(() => editor.nodeState('answer'), patient).toBe('done');
      await editor.page.getByText(editor.words.runs.status.succeeded, { exact: true }).first().waitFor();
    });

    it('made the browser complain about nothing', () => expect(editor.complaints).toEqual([]));
  },
);
