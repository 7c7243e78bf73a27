import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BuilderDriver } from '#tests/support/builderDriver.js';
import { EditorDriver, launchBrowser, patient, whyNoBrowser } from '#tests/support/editorDriver.js';
import { openBakery, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

/** What hands do besides what they mean to, and browsers that let a page do less. */
describe.skipIf(whyNoBrowser)(`hands on the canvas${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`, () => {
  let platform: TestPlatform;
  let browser: Browser;
  let bakery: Awaited<ReturnType<typeof openBakery>>;
  let ana: BuilderDriver;

  beforeAll(async () => {
    [platform, browser] = await Promise.all([startTestPlatform(), launchBrowser()]);
    bakery = await openBakery(platform);
    const editor = await EditorDriver.open(browser, platform.url, bakery);
    // As on a page that came without https.
    await editor.page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    ana = await new BuilderDriver(editor, bakery.departmentId).open();
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });

  const place = async (id: string) => {
    const { body } = await platform.call('GET', `/departments/${bakery.departmentId}`, undefined, bakery);
    return body.draft.nodes.find((node: { id: string }) => node.id === id)?.position;
  };
  /** Presses the middle of a step, and lets go a little beside. */
  const press = async (editor: Pick<BuilderDriver, 'node' | 'page'>, id: string, by: number): Promise<void> => {
    await editor.node(id).hover();
    const box = await editor.node(id).boundingBox();
    const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2];
    await editor.page.mouse.move(x, y);
    await editor.page.mouse.down();
    await editor.page.mouse.move(x + by, y);
    await editor.page.mouse.up();
  };

  it.each([1, 2, 4])('a press that moves by %i px chooses the step, and leaves it where it is', async (by) => {
    const before = await place('answer');
    await press(ana, 'answer', by);
    await ana.page.locator('[data-inspector="answer"]').waitFor();
    await ana.page.keyboard.press('Escape');
    await ana.page.locator('[data-inspector="answer"]').waitFor({ state: 'detached' });
    await ana.saved();
    expect(await place('answer')).toEqual(before);
  });

  it('tests the department by key from a step that has the focus, and chooses nothing by that', async () => {
    await ana.select('who');
    await ana.page.keyboard.press('Escape');
    await ana.page.locator('[data-inspector="who"]').waitFor({ state: 'detached' });
    await ana.node('who').focus();
    await ana.page.keyboard.press('ControlOrMeta+Enter');
    await ana.page.locator('.run-chip').waitFor();
    expect(await ana.page.locator('.react-flow__node.selected').count()).toBe(0);
    expect(await ana.page.locator('[data-inspector]').count()).toBe(0);
  });

  it('whoever chose a step by key and is at another before it is drawn stays there', async () => {
    await ana.page.keyboard.press('Escape');
    await ana.page.locator('[data-inspector]').waitFor({ state: 'detached' });
    const at = await ana.page.evaluate(async () => {
      const step = (id: string) => document.querySelector<HTMLElement>(`.react-flow__node[data-id="${id}"]`);
      step('who')?.focus();
      step('who')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
      step('answer')?.focus();
      for (let frame = 0; frame < 4; frame++)
        await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
      return (document.activeElement as HTMLElement | null)?.dataset['id'];
    });
    expect(at).toBe('answer');
    await ana.page.locator('[data-inspector="who"]').waitFor();
  });

  it('a press that trembles chooses a step on the drawing of a run too', async () => {
    const { body } = await platform.call(
      'POST',
      `/departments/${bakery.departmentId}/runs`,
      { input: { text: 'Tem broa?' }, version: 'draft', effects: 'rehearse' },
      bakery,
    );
    const { page } = ana;
    await page.goto(`${platform.url}/departments/${bakery.departmentId}/runs/${body.run.id}?view=graph`);
    await ana.node('message').waitFor();
    await press(ana, 'message', 3);
    await expect.poll(() => new URL(page.url()).searchParams.get('step') ?? '', patient).toContain('message');
    await ana.open();
  });

  it('copies and cuts from the menu without a clipboard of the page, and says by which key it pastes', async () => {
    const { page, words } = ana;
    const { command, paste } = words;
    const item = (name: string) => page.getByRole('menuitem', { name: new RegExp(`^${name}`) });
    await ana.node('mood').click({ button: 'right' });
    await item(command.copy).click();
    await page.getByRole('menu').waitFor({ state: 'detached' });
    const before = await ana.nodes();
    await page.locator('.react-flow__pane').click({ button: 'right', position: { x: 12, y: 200 } });
    await item(command.paste).click();
    await page.getByText(paste.byKey.replace('{{keys}}', 'Ctrl + V')).waitFor();
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+v');
    await expect.poll(async () => (await ana.nodes()).length, patient).toBe(before.length + 1);

    const [copy = ''] = (await ana.nodes()).filter((id) => !before.includes(id));
    await ana.node(copy).click({ button: 'right' });
    await item(command.cut).click();
    await ana.node(copy).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+v');
    await expect.poll(async () => (await ana.nodes()).length, patient).toBe(before.length + 1);
    expect(ana.editor.complaints).toEqual([]);
  });

  it('takes nothing away that the browser did not let it copy', async () => {
    const { page, words } = ana;
    await page.evaluate(() => Object.defineProperty(document, 'execCommand', { value: () => false }));
    const before = await ana.nodes();
    await ana.node('mood').click({ button: 'right' });
    await page.getByRole('menuitem', { name: new RegExp(`^${words.command.cut}`) }).click();
    await page.getByText(words.paste.copyByKey.replace('{{keys}}', 'Ctrl + X')).waitFor();
    expect(await ana.nodes()).toEqual(before);
    expect(ana.editor.complaints).toEqual([]);
  });
});
