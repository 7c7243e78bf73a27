import { readFileSync } from 'node:fs';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { graph } from '#engine/graph/testing/graph.js';
import { BuilderDriver } from '#tests/support/builderDriver.js';
import { EditorDriver, launchBrowser, whyNoBrowser } from '#tests/support/editorDriver.js';
import { openBakery, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

describe.skipIf(whyNoBrowser)(`arranging a department${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`, () => {
  let platform: TestPlatform;
  let browser: Browser;
  let bakery: Awaited<ReturnType<typeof openBakery>>;
  let ana: BuilderDriver;

  beforeAll(async () => {
    [platform, browser] = await Promise.all([startTestPlatform(), launchBrowser()]);
    bakery = await openBakery(platform);
    ana = await new BuilderDriver(
      await EditorDriver.open(browser, platform.url, { ...bakery, theme: 'dark' }),
      bakery.departmentId,
    ).open();
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });

  interface Node {
    readonly id: string;
    readonly type: string;
    readonly parentId?: string;
    readonly locked?: boolean;
    readonly position: { readonly x: number; readonly y: number };
    readonly config: Readonly<Record<string, unknown>>;
  }
  const draft = async () =>
    (await platform.call('GET', `/departments/${bakery.departmentId}`, undefined, bakery)).body.draft as {
      nodes: Node[];
      edges: { id: string; from: { node: string }; to: { node: string } }[];
      settings: { notes?: Record<string, { text: string }> };
    };
  const nodeOf = async (id: string) => (await draft()).nodes.find((node) => node.id === id);
  const nodeLike = async (prefix: string) => (await draft()).nodes.find(({ id }) => id.startsWith(prefix));
  const notes = async () => Object.values((await draft()).settings.notes ?? {}).map(({ text }) => text);
  const key = (keys: string) => ana.page.keyboard.press(keys);
  const look = async (name: string) =>
    process.env['LOOK'] && void (await ana.page.screenshot({ path: `${process.env['LOOK']}/${name}.png` }));
  /** Selects several, as a hand with Shift does. */
  const choose = async (...ids: string[]) => {
    await key('Escape');
    await ana.node(ids[0] ?? '').click();
    for (const id of ids.slice(1)) await ana.node(id).click({ modifiers: ['Shift'] });
    // Those and no others: as many may be what was chosen before.
    const chosen = () =>
      ana.page
        .locator('.react-flow__node.selected')
        .evaluateAll((all) => all.map((node) => (node as HTMLElement).dataset['id']).sort());
    await expect.poll(chosen).toEqual(ids.toSorted());
  };

  it('puts a step in between by the plus on an edge', async () => {
    const [edge] = (await draft()).edges.filter(({ from }) => from.node === 'who');
    await ana.page.locator(`.react-flow__edge[data-id="${edge?.id}"] path`).last().click({ force: true });
    await look('edge');
    await ana.page.locator('.edge-plus').click();
    await ana.page.getByRole('combobox', { name: ana.words.palette.search }).fill('espera um');
    await look('quick');
    await key('Enter');
    await expect
      .poll(async () => {
        const { edges } = await draft();
        const into = edges.find(({ from, to }) => from.node === 'who' && to.node.startsWith('delay_'));
        return edges.some(({ from, to }) => from.node === into?.to.node && to.node === edge?.to.node);
      })
      .toBe(true);
    await look('inserted');
    await key('ControlOrMeta+z');
    await expect.poll(async () => await nodeLike('delay_')).toBeUndefined();
  });

  it('takes a step from the palette to where it is let go', async () => {
    await key('Escape');
    await key('f');
    const repeat = ana.page.locator('[data-palette] .palette-row').filter({ hasText: 'Repete até' }).first();
    await repeat.dragTo(ana.page.locator('.react-flow__pane'), { targetPosition: { x: 120, y: 420 } });
    await expect.poll(async () => await nodeLike('loop_')).toBeDefined();
    const loop = (await nodeLike('loop_'))?.id ?? '';
    await look('dropped');
    // A step dragged into it is one of what it repeats, until it is dragged out again.
    await key('Escape');
    const pause = ana.page.locator('[data-palette] .palette-row').filter({ hasText: 'Espera um tempo' }).first();
    const again = { timeout: 60_000, interval: 3_000 };
    const put = async () => {
      await ana.dragTo(pause, ana.node(loop));
      await expect.poll(async () => await nodeLike('delay_')).toBeDefined();
      const parent = (await nodeLike('delay_'))?.parentId;
      await key('ControlOrMeta+z');
      await expect.poll(async () => await nodeLike('delay_')).toBeUndefined();
      return parent;
    };
    await expect.poll(put, again).toBe(loop);
    await pause.dragTo(ana.page.locator('.react-flow__pane'), { targetPosition: { x: 120, y: 600 } });
    await expect.poll(async () => await nodeLike('delay_')).toBeDefined();
    const inside = (await nodeLike('delay_'))?.id ?? '';
    await key('Escape');
    // On a busy machine a hand may miss what is still on its way to its place, and takes it again.
    const around = async (drag: Promise<unknown>) => (await drag, (await nodeOf(inside))?.parentId);
    await expect.poll(() => around(ana.dragTo(ana.node(inside), ana.node(loop))), again).toBe(loop);
    await look('within');
    await expect.poll(() => around(ana.drag(ana.node(inside), { x: 10, y: 260 })), again).toBeUndefined();
    for (const id of [inside, loop]) {
      await key('f');
      await choose(id);
      await key('Delete');
      await expect.poll(async () => await nodeOf(id)).toBeUndefined();
    }
  });

  it('moves several into line, and takes one step back for all', async () => {
    const places = async () => [(await nodeOf('mood'))?.position.x, (await nodeOf('answer'))?.position.x];
    const [left, right] = await places();
    expect(left).toBeLessThan(right ?? 0);
    await choose('mood', 'answer');
    await key('Alt+a');
    await expect.poll(places).toEqual([left, left]);
    await look('aligned');
    await key('ControlOrMeta+z');
    await expect.poll(places).toEqual([left, right]);
  });

  it('makes a department of several, which opens in place and comes apart again', async () => {
    const before = await draft();
    // Three things may follow these two, each for itself: the department of them has an exit for each.
    await choose('search', 'answer');
    await key('ControlOrMeta+g');
    await expect.poll(async () => (await nodeOf('search'))?.parentId).toBeDefined();
    const parting = (await nodeOf('search'))?.parentId ?? '';
    expect((await nodeOf(parting))?.config['exits']).toHaveLength(3);
    const followed = (await draft()).edges.filter(({ from }) => from.node === parting).map(({ to }) => to.node);
    expect(followed.toSorted()).toEqual(['offer', 'send', 'trouble']);
    await look('exits');
    await key('ControlOrMeta+z');
    await expect.poll(async () => (await nodeOf('search'))?.parentId).toBeUndefined();
    await choose('mood', 'remember');
    await key('ControlOrMeta+g');
    await expect.poll(async () => (await nodeOf('mood'))?.parentId).toBeDefined();
    const id = (await nodeOf('mood'))?.parentId ?? '';
    expect((await nodeOf('remember'))?.parentId).toBe(id);
    await look('grouped');
    // By key where the step has the focus, too: it stays where it is.
    const place = (await nodeOf(id))?.position;
    await ana.node(id).click();
    await key('f');
    await key('ControlOrMeta+ArrowDown');
    await ana.page.locator('.canvas-crumbs').waitFor();
    await ana.node('mood').waitFor();
    expect((await nodeOf(id))?.position).toEqual(place);
    await look('inside');
    await key('ControlOrMeta+ArrowUp');
    await expect.poll(() => ana.page.locator('.canvas-crumbs').count()).toBe(0);
    await ana.node(id).click();
    await key('ControlOrMeta+Shift+g');
    await expect.poll(async () => (await nodeOf('mood'))?.parentId).toBeUndefined();
    const { edges } = await draft();
    expect(edges.some(({ from, to }) => from.node === 'who' && to.node === 'mood')).toBe(true);
    expect(edges.some(({ from, to }) => from.node === 'mood' && to.node === 'remember')).toBe(true);
    // Whoever is inside when it is taken away is led out, and told.
    await key('ControlOrMeta+z');
    await ana.node(id).dblclick();
    await ana.page.locator('.canvas-crumbs').waitFor();
    const taken = await draft();
    const left = { nodes: taken.nodes.filter((node) => ![node.id, node.parentId].includes(id)) };
    const there = new Set(left.nodes.map((node) => node.id));
    const joined = taken.edges.filter(({ from, to }) => there.has(from.node) && there.has(to.node));
    const put = (definition: object) =>
      platform.call('PUT', `/departments/${bakery.departmentId}/draft`, { definition }, bakery);
    await put({ ...taken, ...left, edges: joined });
    await ana.page.getByText(ana.words.canvas.levelGone).waitFor();
    await ana.node('who').waitFor();
    await put(before);
    await ana.node('mood').waitFor();
  });

  it('has for the mouse alone, by its right button, what can be done with what is under it', async () => {
    const menu = ana.page.getByRole('menu');
    const item = (id: 'group' | 'ungroup' | 'left' | 'copy' | 'paste') =>
      menu.getByRole('menuitem', { name: ana.editor.words.editor.command[id] });
    await key('Escape');
    await key('f');
    const before = await draft();
    // A frame around two: no plus on any edge covers what is among them.
    const [mood, remember] = [await ana.node('mood').boundingBox(), await ana.node('remember').boundingBox()];
    if (!mood || !remember) throw new Error('They are not on the screen');
    await ana.page.keyboard.down('Shift');
    await ana.page.mouse.move(mood.x - 12, mood.y - 12);
    await ana.page.mouse.down();
    await ana.page.mouse.move(remember.x + remember.width - 4, remember.y + remember.height - 4, { steps: 6 });
    await ana.page.mouse.up();
    await ana.page.keyboard.up('Shift');
    await expect.poll(() => ana.page.locator('.react-flow__node.selected').count()).toBe(2);
    expect(await ana.page.locator('.edge-plus').count()).toBe(0);
    await ana.page.mouse.click(mood.x + 20, mood.y + 20, { button: 'right' });
    await menu.first().waitFor();
    expect(await ana.editor.accessFaults()).toEqual([]);
    await menu.getByRole('menuitem', { name: ana.editor.words.editor.menu.group.arrange }).click();
    await item('left').click();
    await expect
      .poll(async () => ((await nodeOf('mood'))?.position.x ?? 0) - ((await nodeOf('remember'))?.position.x ?? 1))
      .toBe(0);
    // Over both lies the frame that drags them together.
    const aligned = await ana.node('mood').boundingBox();
    await ana.page.mouse.click((aligned?.x ?? 0) + 20, (aligned?.y ?? 0) + 20, { button: 'right' });
    await item('group').click();
    await expect.poll(async () => (await nodeOf('mood'))?.parentId ?? '').toMatch(/^subDepartment/);
    // What is under the hand is meant, whatever was selected before.
    await ana.node('answer').click();
    const sector = (await nodeOf('mood'))?.parentId ?? '';
    await ana.node(sector).click({ button: 'right' });
    await item('ungroup').click();
    await expect.poll(async () => (await nodeOf('mood'))?.parentId).toBeUndefined();
    // The same menu at the top of the inspector.
    await ana.node('answer').click();
    await ana.editor.button(ana.words.inspector.more).click();
    await menu.waitFor();
    expect(await ana.editor.accessFaults()).toEqual([]);
    await key('Escape');
    await menu.waitFor({ state: 'detached' });
    // Escape gives the focus back.
    await ana.node('answer').click({ button: 'right' });
    await menu.waitFor();
    await key('Escape');
    await menu.waitFor({ state: 'detached' });
    await expect
      .poll(() =>
        ana.page.evaluate(() => document.activeElement?.closest<HTMLElement>('.react-flow__node')?.dataset['id']),
      )
      .toBe('answer');
    await platform.call('PUT', `/departments/${bakery.departmentId}/draft`, { definition: before }, bakery);
    await expect.poll(async () => (await draft()).edges.length).toBe(before.edges.length);
  });

  it('says so when what is pasted are no steps', async () => {
    const before = (await draft()).nodes.length;
    await key('Escape');
    await ana.page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', '{"nodes":[{"name":"x","type":"another.start"}],"connections":{}}');
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    });
    await ana.page.getByText(ana.words.paste.nothing).waitFor();
    expect((await draft()).nodes).toHaveLength(before);
  });

  it('locks a step where it stands', async () => {
    await choose('mood');
    await key('l');
    await expect.poll(async () => (await nodeOf('mood'))?.locked).toBe(true);
    const at = (await nodeOf('mood'))?.position;
    await ana.drag(ana.node('mood'), { x: 80, y: 40 });
    await look('locked');
    await choose('mood');
    await key('l');
    await expect.poll(async () => (await nodeOf('mood'))?.locked ?? false).toBe(false);
    expect((await nodeOf('mood'))?.position).toEqual(at);
  });

  it('keeps a note on the canvas', async () => {
    await key('Escape');
    await key('n');
    const note = ana.page.locator('.canvas-note').first();
    await note.dblclick();
    await ana.page.getByRole('textbox', { name: ana.words.note.label }).fill('Revisar os preços no Natal');
    await key('Escape');
    await expect.poll(notes).toEqual(['Revisar os preços no Natal']);
    await look('note');
  });

  it('puts each new note beside the others, on no step', async () => {
    const covering = () =>
      ana.page.locator('.react-flow__node').evaluateAll((all) => {
        const boxes = all.map((each) => ({
          note: each.classList.contains('react-flow__node-note'),
          box: each.getBoundingClientRect(),
        }));
        const overlap = (a: DOMRect, b: DOMRect) => a.x < b.right && b.x < a.right && a.y < b.bottom && b.y < a.bottom;
        return boxes
          .filter(({ note }) => note)
          .map((one) => boxes.filter((other) => other !== one && overlap(one.box, other.box)).length);
      });
    const outside = async (note: Locator) => {
      const [inner, outer] = [await note.boundingBox(), await ana.page.locator('.react-flow').boundingBox()];
      if (!inner || !outer) return true;
      return (
        inner.x < outer.x ||
        inner.y < outer.y ||
        inner.x + inner.width > outer.x + outer.width ||
        inner.y + inner.height > outer.y + outer.height
      );
    };
    for (let count = 2; count <= 4; count++) {
      await ana.node('message').focus();
      await key('n');
      await ana.page.getByRole('textbox', { name: ana.words.note.label }).fill(`Bilhete ${count}`);
      await key('Escape');
      await expect.poll(covering).toEqual(Array.from({ length: count }, () => 0));
      // Where one sees it.
      await expect.poll(() => outside(ana.page.locator('.react-flow__node-note.selected'))).toBe(false);
    }
    for (let count = 3; count >= 1; count--) {
      await key('Escape');
      await ana.page.locator('.react-flow__node-note').last().click();
      await key('Delete');
      await expect.poll(async () => (await notes()).length).toBe(count);
    }
  });

  it('says so when the picture that a step sends cannot be fetched', async () => {
    const before = await draft();
    const nodes = before.nodes.map((node) =>
      node.id === 'offer'
        ? { ...node, config: { ...node.config, media: { kind: 'image', link: 'https://localhost/bolo.png' } } }
        : node,
    );
    await platform.call(
      'PUT',
      `/departments/${bakery.departmentId}/draft`,
      { definition: { ...before, nodes } },
      bakery,
    );
    await key('Escape');
    await key('f');
    await ana.select('offer');
    await ana.field('media').getByText(ana.editor.words.pickers.media.notFetched).waitFor();
    expect(await ana.editor.accessFaults()).toEqual([]);
    await platform.call('PUT', `/departments/${bakery.departmentId}/draft`, { definition: before }, bakery);
    await expect.poll(() => ana.field('media').getByText(ana.editor.words.pickers.media.notFetched).count()).toBe(0);
    await key('Escape');
  });

  it('finds and replaces across all steps, as one step back', async () => {
    await ana.page.keyboard.press('Escape');
    const before = JSON.stringify((await draft()).nodes);
    await key('ControlOrMeta+f');
    const sheet = ana.page.getByRole('dialog');
    await sheet.getByLabel(ana.words.search.find).fill('mensagem');
    await sheet.getByLabel(ana.words.search.replace).fill('recado');
    await look('replace');
    await sheet.getByRole('button', { name: /^Substituir|^Trocar/ }).click();
    await expect.poll(async () => JSON.stringify((await draft()).nodes)).toContain('recado');
    await key('Escape');
    await key('ControlOrMeta+z');
    await expect.poll(async () => JSON.stringify((await draft()).nodes)).toBe(before);
  });

  it('leaves as a file and comes back from one', async () => {
    const download = ana.page.waitForEvent('download');
    await key('ControlOrMeta+k');
    await ana.page.getByRole('dialog').getByRole('combobox').fill(ana.words.command.exportFile);
    await key('Enter');
    const path = await (await download).path();
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('trigger.whatsapp');
    await key('ControlOrMeta+k');
    await ana.page.getByRole('dialog').getByRole('combobox').fill(ana.words.command.importFile);
    await key('Enter');
    const take = (content: string) =>
      ana.page
        .locator('input[type="file"]')
        .setInputFiles({ name: 'time.json', mimeType: 'application/json', buffer: Buffer.from(content) });
    await take('{"a":1}');
    await ana.page.getByRole('dialog').getByText('time.json').waitFor();
    await ana.page.getByRole('dialog').getByText(ana.words.import.nothing).waitFor();
    const foreign = JSON.parse(text) as { nodes: { id: string; config: Record<string, unknown> }[] };
    for (const { id, config } of foreign.nodes) if (id === 'answer') config['model'] = 'modelo-de-outra-casa';
    await take(JSON.stringify(foreign));
    const lost = ana.page.getByRole('dialog').getByText(ana.editor.words.pickers.importLost.title);
    await lost.waitFor();
    await ana.page
      .getByRole('dialog')
      .getByText(/modelo-de-outra-casa/)
      .first()
      .waitFor();
    await take(text.replaceAll('Revisar os preços no Natal', 'Revisar os preços na Páscoa'));
    await lost.waitFor({ state: 'detached' });
    await ana.page.getByRole('dialog').getByText('Revisar os preços na Páscoa').waitFor();
    await look('import');
    await ana.page.getByRole('dialog').getByRole('button').last().click();
    await expect.poll(notes).toEqual(['Revisar os preços na Páscoa']);
    // What was taken from a file is one step to undo.
    await key('ControlOrMeta+z');
    await expect.poll(notes).toEqual(['Revisar os preços no Natal']);
  });

  it('shows a newcomer around', async () => {
    await key('Escape');
    await expect.poll(() => ana.page.getByRole('dialog').count()).toBe(0);
    await key('ControlOrMeta+k');
    await ana.page.getByRole('dialog').getByRole('combobox').fill(ana.words.command.tour);
    await key('Enter');
    const card = ana.page.getByRole('dialog');
    await look('tour');
    for (let at = 0; at < 5; at += 1) await card.getByRole('button', { name: ana.words.tour.next }).click();
    await card.getByRole('button', { name: ana.words.tour.done }).click();
    await expect.poll(() => card.count()).toBe(0);
  });

  it('is usable in the dark', async () => {
    await key('f');
    await look('dark');
    expect(await ana.editor.accessFaults()).toEqual([]);
  });

  it('names what opens beside a button', async () => {
    await key('Escape');
    await key('[');
    for (const name of [ana.words.palette.group.agent, ana.editor.words.common.sandbox]) {
      await ana.editor.button(name).click();
      await ana.page.getByRole('dialog', { name }).waitFor();
      expect(await ana.editor.accessFaults()).toEqual([]);
      await key('Escape');
      await ana.page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await key('[');
  });

  it('draws many small edges together, and by themselves those that are touched', async () => {
    const [many, inARow] = [200, 20];
    const made = graph().node('message', 'trigger.manual');
    const idOf = (index: number): string => (index === 0 ? 'message' : `s${index}`);
    for (let index = 1; index < many; index += 1) {
      const position = { x: (index % inARow) * 220, y: Math.floor(index / inARow) * 110 };
      made.node(idOf(index), 'data.set', { values: [] }, { position }).edges(`${idOf(index - 1)}>${idOf(index)}`);
    }
    const body = { name: 'Cidade', definition: made.build() };
    const { id } = (await platform.call('POST', '/departments', body, bakery)).body;
    const bia = new BuilderDriver(await EditorDriver.open(browser, platform.url, { ...bakery }), id);
    // On a slow line the code of the inspector is the last to come.
    let comes = (): void => undefined;
    const slow = new Promise<void>((done) => (comes = done));
    await bia.page.route('**/assets/Inspector-*.js', async (route) => (await slow, await route.continue()));
    await bia.open();
    const edges = bia.page.locator('.react-flow__edge');
    const seen = { timeout: 60_000 };
    await expect.poll(() => bia.page.locator('.react-flow__node').count(), seen).toBe(many);
    await expect.poll(() => bia.page.locator('.resting path.route').count(), seen).toBeGreaterThan(0);
    await expect.poll(() => edges.count(), seen).toBe(0);

    // An edge leaves by the lower side of its step.
    const box = await bia.node('s50').boundingBox();
    const below = { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) + 2 };
    await bia.page.mouse.click(below.x, below.y);
    await expect
      .poll(() => edges.evaluateAll((all) => all.map((edge) => edge.getAttribute('data-id'))))
      .toHaveLength(1);
    await bia.page.locator('.edge-plus').waitFor();
    await bia.page.keyboard.press('Escape');
    await expect.poll(() => edges.count(), seen).toBe(0);

    const inside = below.y - (box?.height ?? 0) / 2;
    await bia.page.mouse.move(below.x, inside);
    await bia.page.mouse.down();
    await bia.page.mouse.move(below.x + 30, inside + 60, { steps: 4 });
    await expect.poll(() => edges.count(), seen).toBe(2);
    await bia.page.mouse.up();
    await expect.poll(() => edges.count(), seen).toBe(0);

    // What is typed before it is there is for its field, and no shortcut.
    await bia.page.keyboard.press('F2');
    await bia.page.keyboard.type('ndel');
    await bia.page.keyboard.press('Delete');
    comes();
    const titleOf50 = async () => {
      const { body } = await platform.call('GET', `/departments/${id}`, undefined, bakery);
      return (body.draft as { nodes: { id: string; title?: string }[] }).nodes.find((node) => node.id === 's50')?.title;
    };
    await expect.poll(titleOf50, seen).toBe('ndel');
    // It is asked for once: whoever comes back to the step is not in its name, where Delete would take a letter.
    await bia.page.keyboard.press('Escape');
    await bia.node('s52').click();
    await bia.page.locator('[data-inspector="s52"]').waitFor();
    await bia.node('s50').click();
    await bia.page.locator('[data-inspector="s50"]').waitFor();
    await bia.page.keyboard.press('Delete');
    await expect.poll(() => bia.node('s50').count(), seen).toBe(0);
    expect(bia.editor.complaints).toEqual([]);
    await bia.editor.close();
  });

  it('goes on when the department cannot be asked for again, and leads out when it is deleted', async () => {
    const { page } = ana;
    const asked = `**/api/v1/departments/${bakery.departmentId}`;
    let refused = 0;
    await page.route(asked, (route) => {
      refused += 1;
      return route.fulfill({ status: 503, json: { error: { code: 'x', message: 'x' } } });
    });
    // What was asked for within 15 s is not asked for again when the connection is back.
    const comesBack = async (): Promise<number> => {
      await ana.editor.context.setOffline(true);
      await ana.editor.context.setOffline(false);
      return refused;
    };
    await expect.poll(comesBack, { timeout: 60_000, interval: 1_000 }).toBeGreaterThan(0);
    await ana.select('who');
    await page.unroute(asked);
    await platform.call('DELETE', `/departments/${bakery.departmentId}`, undefined, bakery);
    await page.getByRole('heading', { name: ana.words.ended.gone }).waitFor();
    // The same for whoever comes by a link later.
    await page.reload();
    await page.getByRole('heading', { name: ana.words.ended.gone }).waitFor();
    await page.getByRole('link', { name: ana.editor.words.common.nav.home }).first().click();
    await page.waitForURL('**/home');
    expect(await page.getByRole('link', { name: 'Atendimento' }).count()).toBe(0);
  });
});
