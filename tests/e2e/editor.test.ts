import pg from 'pg';
import type { Browser } from 'playwright-core';
import type * as Y from 'yjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { nodesOf } from '#engine/graph/document/shape.js';
import { BuilderDriver } from '#tests/support/builderDriver.js';
import { dialDraft, joinDraft, say, updateThat } from '#tests/support/collaboration.js';
import { EditorDriver, launchBrowser, patient, whyNoBrowser } from '#tests/support/editorDriver.js';
import { openBakery, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

describe.skipIf(whyNoBrowser)(`building a department${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`, () => {
  let platform: TestPlatform;
  let browser: Browser;
  let bakery: Awaited<ReturnType<typeof openBakery>>;
  let ana: BuilderDriver;
  let bia: BuilderDriver;

  beforeAll(async () => {
    [platform, browser] = await Promise.all([startTestPlatform(), launchBrowser()]);
    bakery = await openBakery(platform);
    const open = async () =>
      new BuilderDriver(await EditorDriver.open(browser, platform.url, bakery), bakery.departmentId).open();
    [ana, bia] = await Promise.all([open(), open()]);
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });

  const draft = async () =>
    (await platform.call('GET', `/departments/${bakery.departmentId}`, undefined, bakery)).body.draft as {
      nodes: {
        id: string;
        type: string;
        title?: string;
        position: { x: number; y: number };
        config: Record<string, unknown>;
      }[];
      edges: { id: string; from: { node: string; port: string }; to: { node: string } }[];
    };
  const nodeOf = async (id: string) => (await draft()).nodes.find((node) => node.id === id);

  it('a step that is dragged is moved for everybody, and on the server', async () => {
    const before = await nodeOf('mood');
    await ana.drag(ana.node('mood'), { x: -60, y: 10 });
    await expect
      .poll(async () => (await nodeOf('mood'))?.position.x, patient)
      .toBeLessThan((before?.position.x ?? 0) - 20);
    const there = async (who: BuilderDriver) =>
      await who.node('mood').evaluate((node) => (node as HTMLElement).style.transform);
    await expect.poll(async () => (await there(bia)) === (await there(ana)), patient).toBe(true);
  });

  it('undo takes back what is mine and nothing else', async () => {
    await bia.select('who');
    await bia.field('title').getByRole('textbox').fill('Reconhece a pessoa');
    await expect.poll(() => ana.node('who').innerText(), patient).toContain('Reconhece a pessoa');
    const moved = (await nodeOf('mood'))?.position.x;
    await ana.page.keyboard.press('ControlOrMeta+z');
    await expect.poll(async () => (await nodeOf('mood'))?.position.x, patient).not.toBe(moved);
    expect((await nodeOf('who'))?.title).toBe('Reconhece a pessoa');
    await ana.page.keyboard.press('ControlOrMeta+Shift+z');
    await expect.poll(async () => (await nodeOf('mood'))?.position.x, patient).toBe(moved);
  });

  it('shows who has what in hand, and where they point', async () => {
    await bia.select('answer');
    await ana.node('answer').locator('.node-holder').waitFor();
    await bia.field('title').getByRole('textbox').focus();
    await ana.select('answer');
    await ana.field('title').locator('.field-guest').waitFor();
    await ana.page.keyboard.press('Escape');
    await ana.page.keyboard.press('f');
    await bia.page.locator('.react-flow__pane').hover({ position: { x: 40, y: 40 } });
    await expect.poll(() => ana.page.locator('.canvas-cursor').count(), patient).toBe(1);
    // A name stands on the colour of its person, like their face.
    const ground = await ana.page
      .locator('.canvas-cursor b')
      .evaluate((name) => getComputedStyle(name).backgroundColor);
    expect(ground).toMatch(/^rgb\(/);
  });

  it('says nothing of problems before the draft has come: what is on its way lacks nothing; then it is shown round', async () => {
    const late = new BuilderDriver(await EditorDriver.open(browser, platform.url, bakery), bakery.departmentId);
    const { page } = late;
    const held: (() => void)[] = [];
    let come = false;
    await page.routeWebSocket(/\/collaboration\//, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => server.send(message));
      server.onMessage((message) => (come ? socket.send(message) : void held.push(() => socket.send(message))));
    });
    await late.editor.visit(`/departments/${bakery.departmentId}/edit`);
    await expect.poll(() => held.length, patient).toBeGreaterThan(0);
    // Longer than the pause after which it looks.
    await page.evaluate(async () => {
      for (let frame = 0; frame < 90; frame += 1) await new Promise((drawn) => requestAnimationFrame(drawn));
    });
    expect(page.workers()).toEqual([]);
    come = true;
    for (const send of held) send();
    // The way round the editor, at the first visit: Enter goes on, and at its end it is over for good.
    const { step, done } = late.words.tour;
    for (let at = 1; at <= 6; at += 1) {
      await page.getByText(step.replace('{{at}}', String(at)).replace('{{of}}', '6')).waitFor();
      if (at === 6) await page.getByRole('button', { name: done }).waitFor();
      await page.keyboard.press('Enter');
    }
    await expect.poll(() => page.getByRole('dialog').count(), patient).toBe(0);
    expect(await page.evaluate(() => localStorage.getItem('editor-tour'))).toBe('1');
    await late.select('search');
    await expect.poll(() => page.workers().length, patient).toBe(1);
    expect(await page.locator('#editor-dock').count()).toBe(0);
    await late.editor.close();
  });

  it('two who write in one name and one short field at once are both in it', async () => {
    for (const person of [ana, bia]) await (await person.select('search')).saved();
    const before = await nodeOf('search');
    const both = (text: unknown) => `Ana ${String(text)} Bia`;
    const write = async (person: BuilderDriver, key: 'Home' | 'End', word: string) => {
      await person.field('title').getByRole('textbox').focus();
      await person.page.keyboard.press(key);
      await person.page.keyboard.type(word);
      await person.field('query').locator('.cm-content').focus();
      await person.page.keyboard.press(`ControlOrMeta+${key}`);
      await person.page.keyboard.type(word);
    };
    await Promise.all([write(ana, 'Home', 'Ana '), write(bia, 'End', ' Bia')]);
    await expect.poll(async () => (await nodeOf('search'))?.title, patient).toBe(both(before?.title));
    await expect
      .poll(async () => (await nodeOf('search'))?.config['query'], patient)
      .toBe(both(before?.config['query']));
    // Each takes back what they wrote, and only that, in as many steps as they were slow.
    const takenBack = async (person: BuilderDriver, left: string) => {
      const texts = (node: Awaited<ReturnType<typeof nodeOf>>) => [String(node?.title), String(node?.config['query'])];
      const wanted = texts(before).map((text) => `${text}${left}`);
      for (let steps = 0; steps < 12; steps += 1) {
        const now = texts(await nodeOf('search'));
        if (String(now) === String(wanted)) return;
        await person.page.keyboard.press('ControlOrMeta+z');
        await expect.poll(async () => texts(await nodeOf('search')), patient).not.toEqual(now);
      }
      expect(texts(await nodeOf('search'))).toEqual(wanted);
    };
    await takenBack(ana, ' Bia');
    await takenBack(bia, '');
  });

  it('a cursor that was moved a moment ago stays there when somebody else writes in the same field', async () => {
    const before = String((await nodeOf('search'))?.title);
    const [mine, theirs] = [ana, bia].map((person) => person.field('title').getByRole('textbox'));
    if (!mine || !theirs) throw new Error('two people have two fields');
    await mine.focus();
    await ana.page.keyboard.press('End');
    // The page hears of the next key too late: as when the other's letters come first.
    await ana.page.evaluate(`
      globalThis.deaf = new AbortController();
      for (const kind of ['selectionchange', 'keyup', 'select'])
        addEventListener(kind, (event) => event.stopImmediatePropagation(), { capture: true, signal: deaf.signal });
    `);
    await ana.page.keyboard.press('Home');
    await theirs.focus();
    await bia.page.keyboard.press('End');
    await bia.page.keyboard.insertText(' e Bia');
    await expect.poll(() => mine.inputValue(), patient).toBe(`${before} e Bia`);
    expect(await mine.evaluate((field) => (field as HTMLInputElement).selectionStart)).toBe(0);
    await ana.page.evaluate('deaf.abort()');
    await bia.page.keyboard.press('ControlOrMeta+z');
    await expect.poll(async () => (await nodeOf('search'))?.title, patient).toBe(before);
  });

  it('goes where another person points, until one moves oneself', async () => {
    const face = bia.page.getByRole('button', { name: bia.words.bar.follow.replace('{{name}}', '') }).first();
    await face.click();
    await expect.poll(() => face.getAttribute('aria-pressed'), patient).toBe('true');
    await ana.page.locator('.react-flow__pane').hover({ position: { x: 30, y: 300 } });
    const fromTheMiddle = async () => {
      const [cursor, canvas] = await Promise.all([
        bia.page.locator('.canvas-cursor').boundingBox(),
        bia.page.locator('.react-flow').boundingBox(),
      ]);
      return cursor && canvas ? Math.abs(cursor.x - canvas.x - canvas.width / 2) : Infinity;
    };
    await expect.poll(fromTheMiddle, patient).toBeLessThan(30);
    await ana.page.locator('.react-flow__pane').hover({ position: { x: 60, y: 60 } });
    await expect.poll(fromTheMiddle, patient).toBeLessThan(30);
    await bia.page.mouse.wheel(0, 40);
    await bia.page.locator('.react-flow__pane').hover({ position: { x: 40, y: 400 } });
    await bia.page.mouse.wheel(0, 40);
    await expect.poll(() => face.getAttribute('aria-pressed'), patient).toBe('false');
    await bia.page.keyboard.press('f');
  });

  it('an edge is drawn from a way out to a step; one that would go round is refused, with the reason', async () => {
    const before = (await draft()).edges.length;
    await ana.connect(ana.port('remember'), ana.node('send'));
    await expect.poll(async () => (await draft()).edges.length, patient).toBe(before + 1);
    await ana.connect(ana.port('answer'), ana.node('who'));
    await ana.page.getByText(ana.words.refused.circle).waitFor();
    expect((await draft()).edges).toHaveLength(before + 1);
  });

  it('an edge let go over nothing asks what comes next, and joins it', async () => {
    await ana.page.keyboard.press('Escape');
    await ana.drag(ana.port('mood', 1), { x: -40, y: 130 });
    await ana.page.getByRole('combobox', { name: ana.words.palette.search }).fill('espera um');
    await ana.page.keyboard.press('Enter');
    await expect
      .poll(
        async () => (await draft()).edges.some(({ from, to }) => from.node === 'mood' && to.node.startsWith('delay_')),
        patient,
      )
      .toBe(true);
  });

  it('what is deleted in the middle leaves its neighbours joined', async () => {
    await ana.select('search');
    await ana.page
      .locator('.react-flow__pane')
      .focus()
      .catch(() => undefined);
    await ana.node('search').focus();
    await ana.page.keyboard.press('Delete');
    await expect.poll(async () => await nodeOf('search'), patient).toBeUndefined();
    expect((await draft()).edges.some(({ from, to }) => from.node === 'understand' && to.node === 'answer')).toBe(true);
    await ana.page.keyboard.press('ControlOrMeta+z');
    await expect.poll(async () => (await nodeOf('search'))?.type, patient).toBe('data.knowledgeSearch');
  });

  it('steps are copied as text from one window into another', async () => {
    await ana.editor.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: platform.url });
    await ana.select('offer');
    await ana.node('offer').focus();
    await ana.page.keyboard.press('ControlOrMeta+c');
    const text = await ana.page.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(text)).toMatchObject({ nodes: [{ type: 'channel.send' }] });
    const count = (await bia.nodes()).length;
    await bia.page.evaluate((copied) => {
      const data = new DataTransfer();
      data.setData('text/plain', copied);
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, text);
    await expect.poll(async () => (await bia.nodes()).length, patient).toBe(count + 1);
    await bia.page.keyboard.press('ControlOrMeta+z');
    await expect.poll(async () => (await bia.nodes()).length, patient).toBe(count);
  });

  it('a mistake in an expression is underlined where it is, counted on the step, listed, and mended with one key', async () => {
    await ana.select('answer');
    await ana.write('message', 'Oi {{ contact.nme }}');
    await ana.field('message').locator('.cm-lintRange-error').waitFor();
    expect(await ana.field('message').locator('.cm-lintRange-error').innerText()).toBe('nme');
    await expect.poll(() => ana.node('answer').locator('.node-mark').innerText(), patient).toBe('1');
    await expect.poll(() => ana.editor.button(/Publicar v/).getAttribute('aria-disabled'), patient).toBe('true');
    await ana.page.keyboard.press('ControlOrMeta+.');
    await expect.poll(async () => (await nodeOf('answer'))?.config['message'], patient).toBe('Oi {{ contact.name }}');
  });

  it('a number is kept as it was written, comma and all, and what is none says so and changes nothing', async () => {
    await ana.select('mood');
    const below = ana.field('negativeBelow').getByRole('spinbutton');
    const kept = async () => (await nodeOf('mood'))?.config['negativeBelow'];
    await below.fill('');
    await below.pressSequentially('-0,5');
    await expect.poll(kept, patient).toBe(-0.5);
    await below.pressSequentially('x');
    await ana.field('negativeBelow').getByRole('alert').waitFor();
    await below.press('Backspace');
    await expect.poll(() => below.inputValue(), patient).toBe('-0,5');
    expect(await ana.field('negativeBelow').getByRole('alert').count()).toBe(0);
    await below.fill('');
    await expect.poll(kept, patient).toBeUndefined();
    // In an expression as well: `1.0` on the way to `1.05` is not yet 1.
    await ana.select('remember');
    await ana.write('attributes.0.value', '');
    await ana.page.keyboard.type('1.05');
    const value = async () =>
      ((await nodeOf('remember'))?.config['attributes'] as { value: unknown }[] | undefined)?.[0]?.value;
    await expect.poll(value, patient).toBe(1.05);
    await ana.write('attributes.0.value', '{{ steps.mood.mood }}');
    await expect.poll(value, patient).toBe('{{ steps.mood.mood }}');
  });

  it('completes the names that can stand there, with what steps before give', async () => {
    await ana.select('answer');
    await ana.write('message', '');
    await ana.page.keyboard.type('{{steps.');
    await ana.page.locator('.cm-tooltip-autocomplete').getByText('understand').waitFor();
    await ana.page.keyboard.press('Escape');
    await ana.write('message', '');
    await expect.poll(async () => (await nodeOf('answer'))?.config['message'], patient).toBeUndefined();
  });

  it('publishing with problems is refused, and says what and where', async () => {
    await bia.select('answer');
    await bia.write('message', '{{ contact.nme }}');
    await bia.saved();
    await bia.page.keyboard.press('Escape');
    await expect.poll(() => ana.node('answer').locator('.node-mark').count(), patient).toBe(1);
    await ana.editor.button(/Publicar v/).click({ force: true });
    const sheet = ana.page.getByRole('dialog');
    await sheet
      .getByText(/contact/)
      .first()
      .waitFor();
    await ana.page.keyboard.press('Escape');
    await bia.select('answer');
    await bia.write('message', '');
    await bia.saved();
    await expect.poll(() => ana.node('answer').locator('.node-mark').count(), patient).toBe(0);
  });

  it('publishing shows what changes, and makes it live', async () => {
    await ana.saved();
    await expect.poll(() => ana.editor.button(/Publicar v2/).getAttribute('aria-disabled'), patient).toBeNull();
    // By key, out of a field too.
    await ana.select('who');
    await ana.page.keyboard.press('F2');
    await ana.page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
    await ana.page.keyboard.press('ControlOrMeta+Shift+Enter');
    const sheet = ana.page.getByRole('dialog');
    await sheet.getByText('Reconhece a pessoa').first().waitFor();
    await sheet.getByRole('button', { name: /Publicar v2/ }).click();
    await expect.poll(() => ana.page.locator('.version-badge').innerText(), patient).toContain('v2');
    const { body } = await platform.call('GET', `/departments/${bakery.departmentId}`, undefined, bakery);
    expect(body.published.version).toBe(2);
    // What customers set off is told of what is live, and what it counts.
    await sheet.waitFor({ state: 'detached' });
    await ana.page.keyboard.press('Escape');
    await ana.page.keyboard.press('y');
    const { traffic } = ana.editor.words.inPlace;
    const legend = ana.page.getByRole('region', { name: traffic.label });
    await legend.getByText(/^v2 no ar/).waitFor();
    await ana.page.keyboard.press('y');
    await legend.waitFor({ state: 'detached' });
  });

  it('any two versions are compared on the canvas, and an old one becomes the draft again', async () => {
    await bia.editor.visit(`/departments/${bakery.departmentId}/versions`);
    await bia.page.getByRole('button', { name: /^Versão 1/ }).click();
    await bia.page.locator('.react-flow__node .diff-removed').first().waitFor();
    await bia.editor.button(bia.words.versions.restore).click();
    await bia.page.getByRole('dialog').getByRole('button', { name: bia.words.versions.restore }).click();
    await expect.poll(async () => (await nodeOf('who'))?.title, patient).toBe('Lembra quem é');
    // One goes on where one was.
    await bia.page.getByRole('dialog').waitFor({ state: 'detached' });
    const focused = () => bia.page.evaluate(() => document.activeElement?.textContent);
    await expect.poll(focused, patient).toBe(bia.words.versions.restore);
    // Who has it open sees it at once.
    await expect.poll(() => ana.node('who').innerText(), patient).toContain('Lembra quem é');
  });

  it('Mod+Enter runs the draft: its steps light up with their time', async () => {
    await ana.page.keyboard.press('Escape');
    await ana.page.keyboard.press('ControlOrMeta+Enter');
    await expect.poll(() => ana.editor.nodeState('answer'), { timeout: 60_000, interval: 50 }).toBe('done');
    await ana.page.locator('.run-chip').waitFor();
    await expect.poll(() => ana.node('answer').locator('.node-time').innerText(), patient).toMatch(/s$/);
  });

  it('a value of that run is dragged into a field, which then reads it', async () => {
    const { page } = ana;
    await ana.select('answer');
    await page.getByRole('tab', { name: ana.words.inspector.receives }).click();
    await page.locator('[data-reference="trigger.text"]').hover();
    await page.mouse.down();
    await page.mouse.move(10, 10, { steps: 4 });
    // The fields come into view while it is on its way.
    const field = ana.field('message').locator('.cm-content');
    await field.hover();
    await page.mouse.up();
    await expect.poll(async () => (await nodeOf('answer'))?.config['message'], patient).toBe('{{ trigger.text }}');
    await page.keyboard.press('Escape');
    await ana.node('answer').focus();
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(async () => (await nodeOf('answer'))?.config['message'], patient).toBeUndefined();
  });

  it('a test up to a step ends there; a pinned result stands for its step, and the run is looked at as it was', async () => {
    const { page } = ana;
    await page.keyboard.press('Escape');
    await ana.select('understand');
    await page.getByRole('tab', { name: ana.words.inspector.gives }).click();
    await ana.editor.button(ana.words.pin.keep).click();
    await ana.node('understand').getByLabel(ana.words.node.pinned).waitFor();
    await ana.select('search');
    await ana.node('search').focus();
    await page.keyboard.press('Shift+R');
    // The run before it had lit up the whole way.
    await expect.poll(() => ana.editor.nodeState('answer'), patient).not.toBe('done');
    await expect.poll(() => ana.editor.nodeState('search'), patient).toBe('done');
    await page.getByRole('status').filter({ hasText: ana.editor.words.runs.status.succeeded }).first().waitFor();
    expect(await ana.editor.nodeState('answer')).not.toBe('done');
    await page.keyboard.press('Escape');
    await page.keyboard.press('h');
    const past = page.getByRole('region', { name: ana.editor.words.inPlace.past.title });
    await past.locator('.react-flow__node[data-id="understand"]').click();
    await past.getByText(ana.editor.words.inPlace.pinned).waitFor();
    // It was executed up to there: the drawing of that run has no more.
    expect(await past.locator('.react-flow__node[data-id="answer"]').count()).toBe(0);
    await past.getByRole('button', { name: ana.editor.words.inPlace.past.back }).click();
    await ana.node('answer').waitFor();
    await ana.select('understand');
    await page.getByRole('tab', { name: ana.words.inspector.gives }).click();
    await ana.editor.button(ana.words.pin.release).click();
  });

  it('a test goes on from a step on the department as it is now; the same keys stop it while it waits', async () => {
    const { page } = ana;
    const runs = async () =>
      (await platform.call('GET', `/runs?departmentId=${bakery.departmentId}&limit=1`, undefined, bakery)).body
        .items as {
        id: string;
        status: string;
        forkedFrom: object | null;
      }[];
    await page.keyboard.press('Escape');
    await ana.node('answer').focus();
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect.poll(() => ana.editor.nodeState('answer'), patient).toBe('done');
    await expect.poll(async () => (await runs())[0]?.status, patient).toBe('succeeded');
    // In between, after it ran.
    await page.keyboard.press('Escape');
    await page.keyboard.press('f');
    const found = (await draft()).edges.find(({ from }) => from.node === 'search' && from.port === 'found');
    await ana.selectEdge(found?.id ?? '');
    await page.locator('.edge-plus').click();
    await page.getByRole('combobox', { name: ana.words.palette.search }).fill('espera um');
    await page.keyboard.press('Enter');
    const waits = async () =>
      (await draft()).edges.find(({ from }) => from.node === 'search' && from.port === 'found')?.to.node ?? '';
    await expect.poll(waits, patient).toMatch(/^delay_/);
    await ana.saved();
    await ana.select('search');
    await ana.node('search').focus();
    await page.keyboard.press('r');
    await expect.poll(async () => (await runs())[0]?.status, patient).toBe('waiting');
    await expect.poll(() => ana.editor.nodeState('understand'), patient).toBe('done');
    expect(await ana.editor.nodeState('answer')).not.toBe('done');
    const [waiting] = await runs();
    expect(waiting).toMatchObject({ status: 'waiting', forkedFrom: { path: 'search' } });
    await ana.editor.button(ana.words.bar.stop).waitFor();
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect.poll(async () => (await runs())[0], patient).toMatchObject({ id: waiting?.id, status: 'canceled' });
    await page.getByRole('button', { name: ana.words.bar.test }).first().waitFor();
    await ana.node('search').focus();
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(waits, patient).toBe('answer');
  });

  it('a result of a run that is not shown any more is pinned with the way it left by', async () => {
    const { page } = ana;
    await page.keyboard.press('Escape');
    await ana.node('answer').focus();
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect.poll(() => ana.editor.nodeState('answer'), patient).toBe('done');
    await ana.editor.button(ana.words.run.hide).click();
    await ana.select('understand');
    await page.getByRole('tab', { name: ana.words.inspector.gives }).click();
    await ana.editor.button(ana.words.pin.keep).click();
    const kept = (id: string) =>
      page.evaluate((key) => JSON.parse(localStorage.getItem(key) ?? '{}') as object, `pinned:${id}`);
    await expect.poll(() => kept(bakery.departmentId), patient).toMatchObject({ understand: { port: 'question' } });
    await ana.editor.button(ana.words.pin.release).click();
    await page.keyboard.press('Escape');
  });

  it('a name that is offered after an @ is taken with Enter, as in every list of names', async () => {
    const { page } = ana;
    await ana.select('answer');
    await ana.node('answer').focus();
    await page.keyboard.press('c');
    const box = page.locator('[data-comment-box]');
    await box.waitFor();
    await page.keyboard.type('Olha isso, @');
    await page.getByRole('list', { name: ana.words.comments.people }).waitFor();
    expect(await ana.editor.accessFaults()).toEqual([]);
    await page.keyboard.press('Enter');
    await expect.poll(() => box.inputValue(), patient).toMatch(/^Olha isso, @\S+ $/);
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect.poll(() => box.inputValue(), patient).toBe('');
    const threads = (await platform.call('GET', `/departments/${bakery.departmentId}/comments`, undefined, bakery))
      .body;
    expect(JSON.stringify(threads)).toContain('Olha isso, @');
    await page.getByRole('button', { name: ana.words.comments.resolve }).first().click();
    await page.getByRole('button', { name: ana.editor.words.common.close }).first().click();
  });

  it('the draft answers in the chat beside it, before anything is published', async () => {
    const { page } = ana;
    await page.keyboard.press('Escape');
    await ana.node('answer').focus();
    await page.keyboard.press('t');
    await page.getByRole('radio', { name: ana.editor.words.inPlace.chat.draft }).waitFor();
    await expect.poll(() => ana.editor.composer.isEnabled(), patient).toBe(true);
    await ana.editor.composer.fill('Que horas vocês abrem no domingo?');
    await expect
      .poll(async () => {
        await ana.editor.composer.press('Enter');
        return ana.editor.thread.getByText('Que horas vocês abrem no domingo?').count();
      }, patient)
      .toBeGreaterThan(0);
    await ana.editor.seesAnswer(/6h30|6:30/);
    await page.getByRole('button', { name: ana.editor.words.common.close }).first().click();
  });

  it('a change described in words is seen as a proposal, accepted as one step, and undone as one', async () => {
    const { page } = ana;
    const before = await draft();
    await ana.node('mood').focus();
    await page.keyboard.press('d');
    const field = page.locator('[data-describe] textarea');
    await field.fill('Ponha uma espera de 10 minutos depois de "Sente o clima" e tire "Guarda na memória"');
    await field.press('Enter');
    await page.locator('.proposal-canvas .diff-added').waitFor();
    await page.locator('.proposal-canvas .diff-removed').waitFor();
    expect(await draft()).toEqual(before);
    await ana.editor.button(ana.editor.words.describe.accept).click();
    await expect.poll(async () => (await nodeOf('remember')) === undefined, patient).toBe(true);
    expect((await draft()).nodes.some(({ id }) => id.startsWith('delay_'))).toBe(true);
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(async () => (await nodeOf('remember'))?.type, patient).toBe('data.contact');
    expect((await draft()).edges.length).toBe(before.edges.length);
  });

  it('what a step reads and which model it thinks with are picked from lists; what is gone is a problem with a fix', async () => {
    const { pickers } = ana.editor.words;
    const config = async () => (await nodeOf('answer'))?.config ?? {};
    await ana.select('answer');
    const picked = async (field: string, words: string, title: string): Promise<void> => {
      await ana.page.keyboard.press('ControlOrMeta+a');
      await ana.page.keyboard.type(words);
      await ana.page.locator('.pick-list').getByRole('option', { selected: true }).filter({ hasText: title }).waitFor();
      await ana.page.keyboard.press('Enter');
      await ana.field(field).getByText(title).first().waitFor();
    };
    await ana.field('knowledge').getByRole('button', { name: pickers.knowledge.choose }).click();
    // Found without its accents, in a list that stays open for the next.
    await picked('knowledge', 'horario', 'Horário e endereço');
    await picked('knowledge', 'encom', 'Encomendas');
    await ana.page.keyboard.press('Escape');
    await expect.poll(async () => (await config())['knowledge'], patient).toHaveLength(2);
    await ana.field('model').getByRole('button').click();
    await picked('model', '6.1-terra', 'gpt-6.1-terra');
    await expect.poll(async () => (await config())['model'], patient).toBe('gpt-6.1-terra');
    expect(await ana.editor.accessFaults()).toEqual([]);

    const [gone, kept] = (await config())['knowledge'] as string[];
    await platform.call('DELETE', `/knowledge/sources/${gone}`, undefined, bakery);
    await bia.open();
    await bia.select('answer');
    await bia.field('knowledge').getByText(pickers.knowledge.lost).waitFor();
    await bia.field('knowledge').getByRole('button', { name: bia.words.field.fix }).click();
    await expect.poll(async () => (await config())['knowledge'], patient).toEqual([kept]);
  });

  it('offline edits are kept, and merge on return', async () => {
    await ana.editor.context.setOffline(true);
    await ana.page.evaluate(() => dispatchEvent(new Event('offline')));
    await ana.select('remember');
    await ana.field('title').getByRole('textbox').fill('Escrito sem rede');
    await ana.editor.context.setOffline(false);
    await expect
      .poll(async () => (await nodeOf('remember'))?.title, { timeout: 60_000, interval: 100 })
      .toBe('Escrito sem rede');
  });

  it('is where one was when the draft is opened anew, because somebody took the id of its window', async () => {
    const hired = { name: 'Balcão', template: 'customer-service' };
    const { id } = (await platform.call('POST', '/departments', hired, bakery)).body as { id: string };
    const answerOf = async () =>
      (await platform.call('GET', `/departments/${id}`, undefined, bakery)).body.draft.nodes.find(
        (node: { id: string }) => node.id === 'answer',
      ) as { title?: string; note?: string };
    const late = new BuilderDriver(await EditorDriver.open(browser, platform.url, bakery), id);
    const { page } = late;
    let cut = false;
    const ends: { close(): Promise<void> }[] = [];
    await page.routeWebSocket(/\/collaboration\//, (socket) => {
      if (cut) void socket.close();
      else ends.push(socket.connectToServer(), socket);
    });
    await late.open();
    await late.select('answer');
    const title = late.field('title').getByRole('textbox');
    await title.fill('Antes');
    await expect.poll(async () => (await answerOf()).title, patient).toBe('Antes');
    const address = `${platform.url.replace('http', 'ws')}/api/v1/collaboration`;
    const spy = await joinDraft(address, id, bakery.token);
    const others = () => [...spy.provider.awareness.getStates().keys()].filter((each) => each !== spy.doc.clientID);
    await expect.poll(() => others().length, patient).toBe(1);
    const taken = others()[0] ?? 0;
    cut = true;
    for (const end of ends.splice(0)) await end.close();
    await title.fill('Sem rede');
    await title.focus();
    const theirs = updateThat(spy.doc, (doc) => {
      doc.clientID = taken;
      for (const note of ['x', 'Outra coisa']) (nodesOf(doc).get('answer') as Y.Map<unknown>).set('note', note);
    });
    // Until the server has noticed that the window is away the id is its own.
    const take = async () => {
      const thief = await dialDraft(address, id, bakery.token);
      thief.socket.send(say.update(theirs));
      await vi.waitUntil(async () => thief.socket.readyState !== thief.socket.OPEN || (await answerOf()).note, patient);
      thief.socket.terminate();
      return (await answerOf()).note;
    };
    await expect.poll(take, patient).toBe('Outra coisa');
    cut = false;
    await page.getByText(late.words.astray).waitFor({ timeout: patient.timeout });
    // In the same field, which reads what is saved.
    const active = () => page.evaluate(() => document.activeElement?.matches('input[id$="-title"]') ?? false);
    await expect.poll(active, patient).toBe(true);
    await expect.poll(async () => (await title.inputValue()) === ((await answerOf()).title ?? ''), patient).toBe(true);
    spy.leave();
    await late.editor.context.close();
  });

  it('without a mouse: a step is found, added, named, joined and taken away', async () => {
    const { page, words } = bia;
    await bia.open();
    await page.keyboard.press('/');
    await page.waitForFunction(() => document.activeElement?.matches('[data-palette-search]'));
    await page.keyboard.type('espera um');
    await page.keyboard.press('Enter');
    await page.locator('[data-inspector^="delay_"]').waitFor();
    const id = (await page.locator('[data-inspector]').getAttribute('data-inspector')) ?? '';
    await page.keyboard.press('Escape');
    await bia.node(id).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('F2');
    await page.keyboard.type('Respira');
    await expect.poll(async () => (await nodeOf(id))?.title, patient).toBe('Respira');
    // Out of the field one is at its step, not at the top of the page.
    await page.keyboard.press('Escape');
    await page.waitForFunction((step) => (document.activeElement as HTMLElement | null)?.dataset['id'] === step, id);
    await page.keyboard.press('f');
    await bia.node('remember').focus();
    await page.keyboard.press('Enter');
    await bia.node(id).focus();
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.press('e');
    await expect
      .poll(
        async () => (await draft()).edges.some(({ from, to }) => from.node === 'remember' && to.node === id),
        patient,
      )
      .toBe(true);
    await page.keyboard.press('Escape');
    // One types on while the list is still on its way.
    let arrive = (): void => undefined;
    const held = new Promise<void>((resolve) => (arrive = resolve));
    await page.route(/CommandMenu-.*\.js/, async (route) => {
      await held;
      await route.continue();
    });
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type('Respira');
    arrive();
    await expect.poll(() => page.getByRole('dialog').getByRole('combobox').inputValue(), patient).toBe('Respira');
    await page.keyboard.press('Enter');
    await page.locator(`[data-inspector="${id}"]`).waitFor();
    // From a step to its edges, and along one of them to the step at its other end.
    await bia.node(id).focus();
    await page.keyboard.press('.');
    await page.getByText(/^Ligação 1 de 1: .* pra Respira$/).waitFor();
    // An edge goes by the titles of its ends, in the language of the page.
    await page.locator('.react-flow__edge[aria-label$=" a Respira"]').waitFor({ state: 'attached' });
    await page.keyboard.press(';');
    await page.locator('[data-inspector="remember"]').waitFor();
    await bia.node(id).focus();
    await page.keyboard.press('Enter');
    await page.locator(`[data-inspector="${id}"]`).waitFor();
    await bia.node(id).focus();
    await page.keyboard.press('Delete');
    await expect.poll(async () => await nodeOf(id), patient).toBeUndefined();
    // What is gone leaves the focus beside it, and what is put in has it.
    const focused = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['id']);
    await expect.poll(focused, patient).toBe('remember');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ControlOrMeta+d');
    await expect.poll(focused, patient).not.toBe('remember');
    expect(await focused()).toBeDefined();
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(focused, patient).toBe('remember');
    // What fits best is chosen, whichever group it is in.
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type('vers');
    const best = page.getByRole('dialog').getByRole('option', { selected: true });
    await best.filter({ hasText: words.command.versions }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: words.command.shortcuts }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(focused, patient).toBe('remember');
    // A note is put there and written on; later Enter goes on writing.
    await page.keyboard.press('n');
    await page.getByLabel(words.note.label).waitFor();
    await page.keyboard.type('Lembrar');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.getByLabel(words.note.label).waitFor();
    await page.keyboard.press('End');
    await page.keyboard.type(' disto');
    await page.keyboard.press('Escape');
    await page.locator('.canvas-note').filter({ hasText: 'Lembrar disto' }).waitFor();
    await page.keyboard.press('Delete');
    await expect.poll(() => page.locator('.canvas-note').count(), patient).toBe(0);
  });

  it('what stands in the place of the draft takes no keys for it, and Escape leads back', async () => {
    const { page } = bia;
    const { past } = bia.editor.words.inPlace;
    await bia.select('remember');
    const count = (await draft()).nodes.length;
    await page.keyboard.press('Escape');
    await bia.node('remember').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('h');
    await page.getByRole('button', { name: past.back }).waitFor();
    for (const key of ['Delete', 'ControlOrMeta+d', 'ControlOrMeta+g', 'n', 'ControlOrMeta+z'])
      await page.keyboard.press(key);
    await page.keyboard.press('Escape');
    await bia.node('remember').waitFor();
    await bia.saved();
    expect((await draft()).nodes).toHaveLength(count);
    expect(await page.locator('.canvas-note').count()).toBe(0);
  });

  it('on a phone the same department is a list of steps, edited with the same inspector', async () => {
    const phone = new BuilderDriver(
      await EditorDriver.open(browser, platform.url, { session: bakery.session, size: 'phone' }),
      bakery.departmentId,
    );
    await phone.editor.visit(`/departments/${bakery.departmentId}/edit`);
    await phone.page.locator('[data-node="who"] .step-card').first().click();
    await phone.field('title').getByRole('textbox').fill('Do telefone');
    await expect.poll(async () => (await nodeOf('who'))?.title, patient).toBe('Do telefone');
    await expect.poll(() => ana.node('who').innerText(), patient).toContain('Do telefone');
    expect(await phone.editor.overflow()).toBeLessThanOrEqual(0);
    // Behind a step, on a way of a decision, and another way round: all with a thumb.
    const { page, words } = phone;
    const edges = async () => (await draft()).edges.map(({ from, to }) => `${from.node}.${from.port}>${to.node}`);
    const more = async (command: string) => {
      await page.getByRole('button', { name: words.inspector.more }).tap();
      await page.getByRole('menuitem', { name: command }).tap();
    };
    const made = async (type: RegExp, name: string) => {
      await page
        .getByRole('dialog', { name: words.steps.add })
        .getByRole('button', { name: new RegExp(`^${name} `) })
        .tap();
      const found = page.locator('[data-inspector]');
      await found.waitFor();
      await expect.poll(async () => (await found.getAttribute('data-inspector')) ?? '', patient).toMatch(type);
      return (await found.getAttribute('data-inspector')) ?? '';
    };
    await more(words.command.addAfter);
    const delay = await made(/^delay_/, 'Espera um tempo');
    await expect.poll(edges, patient).toContain(`who.out>${delay}`);
    await more(words.command.addAfter);
    const values = await made(/^set_/, 'Anota valores');
    await more(words.command.moveUp);
    await expect.poll(edges, patient).toEqual(expect.arrayContaining([`who.out>${values}`, `${values}.out>${delay}`]));
    await more(words.command.moveDown);
    await expect.poll(edges, patient).toEqual(expect.arrayContaining([`who.out>${delay}`, `${delay}.out>${values}`]));
    await more(words.command.addAfter);
    const decision = await made(/^if_/, 'Se');
    await expect.poll(edges, patient).toContain(`${values}.out>${decision}`);
    await page.keyboard.press('Escape');
    await page.locator('[data-inspector]').waitFor({ state: 'detached' });
    await page
      .locator(`li[data-node="${decision}"] + li`)
      .getByRole('button', { name: `${words.steps.addHere}: Não` })
      .first()
      .tap();
    const other = await made(/^delay_/, 'Espera um tempo');
    await expect.poll(edges, patient).toContain(`${decision}.no>${other}`);
    // Behind a step that several follow, each of them is a place, and so is a branch of its own.
    await page.keyboard.press('Escape');
    await page.locator('[data-node="who"] .step-card').first().tap();
    await more(words.command.addAfter);
    const where = page.getByRole('dialog', { name: words.steps.add }).getByLabel(words.steps.where.label);
    await where.selectOption({
      label: words.steps.where.before.replace('{{step}}', (await nodeOf('escalation'))?.title ?? ''),
    });
    const second = await made(/^delay_/, 'Espera um tempo');
    await expect
      .poll(edges, patient)
      .toEqual(expect.arrayContaining([`who.out>${second}`, `${second}.out>escalation`]));
    for (const id of [second, other, decision, values, delay]) {
      if (id !== second) await page.locator(`[data-node="${id}"] .step-card`).first().tap();
      await page.locator(`[data-inspector="${id}"]`).waitFor();
      await more(words.command.remove);
      await expect.poll(async () => (await nodeOf(id)) === undefined, patient).toBe(true);
    }
    await phone.editor.close();
  });

  it('who may only look changes nothing', async () => {
    const email = 'olha@paodalucia.com.br';
    await platform.call('POST', '/organizations/current/invitations', { email, role: 'viewer' }, bakery);
    const token = await invitationOf(platform.databaseUrl, email);
    const joined = await platform.call('POST', '/auth/invitations/join', {
      token,
      name: 'Olívia',
      password: 'pão quentinho às 6',
    });
    const viewer = new BuilderDriver(
      await EditorDriver.open(browser, platform.url, { session: joined.body }),
      bakery.departmentId,
    );
    await viewer.open();
    await expect.poll(() => viewer.page.locator('[data-palette]').count(), patient).toBe(0);
    const before = JSON.stringify(await draft());
    await viewer.drag(viewer.node('mood'), { x: 80, y: 0 });
    await viewer.node('mood').focus();
    await viewer.page.keyboard.press('Delete');
    await viewer.select('answer');
    expect(await viewer.field('title').getByRole('textbox').getAttribute('readonly')).not.toBeNull();
    expect(await viewer.editor.button(/Publicar/).count()).toBe(0);
    // Without the list of steps the canvas has the room, not what stands beside it; and comments are to be read.
    const widthOf = async (selector: string) => (await viewer.page.locator(selector).boundingBox())?.width ?? 0;
    expect(await widthOf('.editor-middle')).toBeGreaterThan((await widthOf('.editor-side')) * 2);
    await viewer.page.keyboard.press('Escape');
    await viewer.page.keyboard.press('c');
    await viewer.page.getByText(viewer.words.comments.readOnly).waitFor();
    expect(await viewer.page.getByLabel(viewer.words.comments.write).count()).toBe(0);
    expect(JSON.stringify(await draft())).toBe(before);
    await viewer.editor.close();
  });

  it('made the browser complain about nothing', () => {
    const serious = [...ana.editor.complaints, ...bia.editor.complaints].filter(
      (each) => !/ERR_INTERNET_DISCONNECTED/.test(each),
    );
    expect(serious).toEqual([]);
  });
});

/** The token in the mail that invites somebody. */
const invitationOf = (databaseUrl: string, email: string): Promise<string> =>
  vi.waitFor(async () => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      const { rows } = await client.query<{ body: string }>(
        "select body from platform.emails where recipient = $1 and template = 'invitation' order by id desc limit 1",
        [email],
      );
      const token = /#token=([\w-]{43})/.exec(rows[0]?.body ?? '')?.[1];
      if (!token) throw new Error(`no invitation for ${email}`);
      return token;
    } finally {
      await client.end();
    }
  }, 60_000);
