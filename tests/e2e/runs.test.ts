import pg from 'pg';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { failureText } from '#engine/graph/failureTexts.js';
import { pruneRuns } from '#engine/worker/sweep/retention.js';
import type { Session } from '#server/api/auth/schemas.js';
import { errorKinds } from '#server/errorKinds.js';
import { EditorDriver, launchBrowser, patient, whyNoBrowser } from '#tests/support/editorDriver.js';
import { expectOk, openBakery, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';
import { openOrderDesk, startStock, type Stock } from '#tests/support/runs/orderDesk.js';

// A browser on a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

describe.skipIf(whyNoBrowser)(`the pages of runs${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`, () => {
  let platform: TestPlatform;
  let browser: Browser;
  let stock: Stock;
  let session: Session;
  let desk: string;
  let counter: string;
  let phone: EditorDriver;
  let desktop: EditorDriver;

  beforeAll(async () => {
    stock = await startStock();
    [platform, browser] = await Promise.all([
      startTestPlatform({ EGRESS_ALLOW: `127.0.0.1:${stock.port}` }),
      launchBrowser(),
    ]);
    ({ session, departmentId: counter } = await openBakery(platform));
    desk = await openOrderDesk(platform, session, stock.url);
    phone = await EditorDriver.open(browser, platform.url, { session, size: 'phone' });
    desktop = await EditorDriver.open(browser, platform.url, { session, locale: 'en' });
    await desktop.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
    await stock?.close();
  });

  const call = (method: string, path: string, body?: unknown) =>
    expectOk(platform.call(method, path, body, { token: session.accessToken }));
  const contact = { id: 'customer-1', name: 'Jéssica Moura' };
  const start = async (input: object): Promise<string> =>
    (await call('POST', `/departments/${desk}/runs`, { input })).body.run.id;
  const rests = (id: string, status: string) =>
    vi.waitFor(async () => expect((await call('GET', `/runs/${id}`)).body.status).toBe(status), 60_000);
  const page = (id: string, query = '') => `/departments/${desk}/runs/${id}${query}`;
  const row = (editor: EditorDriver, path: string) => editor.page.locator(`li[data-path="${path}"]`);
  const panel = (editor: EditorDriver) =>
    editor.page.getByRole('complementary', { name: editor.words.simulator.step.tabs });
  /** What the server rightly refused the browser still complains of. */
  const refusedBy = ({ complaints }: EditorDriver, status: number): void =>
    void complaints.splice(
      0,
      complaints.length,
      ...complaints.filter((each) => !each.includes(`status of ${status} `)),
    );
  /** As if what a run has done so far had happened a while ago. */
  const longAgo = async (id: string, interval: string): Promise<void> => {
    const client = new pg.Client({ connectionString: platform.databaseUrl });
    await client.connect();
    for (const [table, column, key] of [
      ['run_steps', 'started_at', 'run_id'],
      ['waits', 'created_at', 'run_id'],
      ['runs', 'created_at', 'id'],
    ])
      await client.query(
        `update platform.${table} set ${column} = ${column} - cast($2 as interval) where ${key} = $1`,
        [id, interval],
      );
    await client.end();
  };

  describe('a run that waited for the house', () => {
    let id: string;
    beforeAll(async () => {
      stock.fail('/check', 1);
      id = await start({ text: 'Quero 120 coxinhas pra sábado', contact, pieces: 120, items: ['coxinha', 'quibe'] });
      await rests(id, 'waiting');
      await longAgo(id, '17 minutes');
    });

    it('shows on a phone whose turn it is, and takes the answer', async () => {
      const { runs } = phone.words;
      await phone.visit(page(id));
      await phone.page.getByRole('heading', { level: 1, name: /Jéssica Moura escreveu: Quero 120/ }).waitFor();
      await row(phone, 'each#0/check').getByText('2×').waitFor();
      expect(await phone.overflow()).toBeLessThanOrEqual(0);
      await row(phone, 'confirm').getByRole('button').click();
      const sheet = phone.page.getByRole('dialog');
      await sheet.getByText(runs.yourTurn).waitFor();
      expect(await phone.accessFaults()).toEqual([]);
      await sheet.getByRole('button', { name: 'Com 5%' }).click();
      await rests(id, 'succeeded');
      // Live: nobody reloads.
      await phone.page.getByText(runs.status.succeeded, { exact: true }).first().waitFor();
      await phone.press('Escape');
      await row(phone, 'note').waitFor();
      await phone.page.getByText(/Esperou você 17 min/).waitFor();
    });

    it('shows on a desktop each try, the folded wait with its true length, laps and the answer given', async () => {
      await desktop.visit(page(id));
      await row(desktop, 'note').waitFor();
      const bars = (path: string) =>
        row(desktop, path)
          .locator('.wf-bar')
          .evaluateAll((all) => all.map(({ className }) => className.replace('wf-bar ', '').trim()));
      expect(await bars('each#0/check')).toEqual(['failed', 'backoff', 'work']);
      expect((await bars('confirm')).at(0)).toBe('you');
      await row(desktop, 'confirm').getByText('Com 5%').waitFor();
      await desktop.page.locator('.wf-tick.fold.you', { hasText: /17 min/ }).waitFor();
      await row(desktop, 'each').getByText('2 laps').waitFor();
      const facts = await desktop.page.getByLabel(desktop.words.runs.facts.label).innerText();
      expect(facts).toMatch(/Waiting for you\s+17 min/);
      expect(facts).toMatch(/Redone by itself\s+1 step/);
      expect(facts).toMatch(/Version\s+v1, live/);
    });

    it('is walked with the keyboard, and folds what is inside a container', async () => {
      await row(desktop, 'each').getByRole('button').focus();
      await desktop.press('Enter', 'Home', 'ArrowDown');
      await expect
        .poll(() => row(desktop, 'each').getByRole('button').getAttribute('aria-current'), patient)
        .toBe('true');
      await panel(desktop)
        .getByRole('heading', { name: /Para cada item/ })
        .waitFor();
      await desktop.press('ArrowLeft');
      await row(desktop, 'each#0/check').waitFor({ state: 'detached' });
      await desktop.press('ArrowRight', 'ArrowDown', 'ArrowDown');
      await panel(desktop).getByRole('heading', { name: 'Confere estoque' }).waitFor();
      expect(new URL(desktop.page.url()).searchParams.get('step')).toContain('each#0/check');
    });

    it('shows what a step received and returned, gives its path, and tells each try', async () => {
      const { tree } = desktop.words.simulator;
      await desktop.visit(page(id, '?step=each%230%2Fcheck'));
      const inside = panel(desktop);
      await inside.getByRole('tab', { name: desktop.words.simulator.step.output }).click();
      const value = inside.locator('[data-reference$=".left"]').first();
      expect(await value.getAttribute('data-reference')).toBe('steps.check.json.left');
      await inside.getByRole('button', { name: `left: ${tree.copyPath}` }).click();
      expect(await desktop.page.evaluate(() => navigator.clipboard.readText())).toBe('steps.check.json.left');
      const carried = await value.evaluate((element) => {
        const event = new DragEvent('dragstart', { dataTransfer: new DataTransfer(), bubbles: true });
        element.dispatchEvent(event);
        return event.dataTransfer?.getData('application/x-department-reference');
      });
      expect(carried).toBe('steps.check.json.left');
      await inside.getByRole('tab', { name: desktop.words.runs.log.title }).click();
      await inside.getByText('Try 2').waitFor();
      await inside.getByText(desktop.words.runs.log.retryHelps).waitFor();
      await inside.getByText(desktop.words.runs.failure.record).first().click();
      await inside.getByText('egress_failed').first().waitFor();
    });

    it('lights up the way it went on the graph of its version', async () => {
      await desktop.button('See on the graph of v1').click();
      await expect.poll(() => desktop.nodeState('book'), patient).toBe('done');
      await desktop.page.locator('.route.dead').first().waitFor({ state: 'attached' });
      await desktop.button(desktop.words.runs.seeTimeline).click();
      await row(desktop, 'book').waitFor();
    });

    it('is forked from a step with what it returned changed, after the mistakes in it are shown', async () => {
      const { fork, branch, lineage } = desktop.words.runs;
      const asked = stock.count('/book');
      await desktop.visit(page(id));
      await row(desktop, 'many').getByRole('button').click();
      await desktop.button(fork.from).click();
      const sheet = desktop.page.getByRole('dialog');
      const text = sheet.getByRole('textbox', { name: desktop.words.simulator.step.output });
      await text.waitFor();
      await text.fill('{ "few": true, ');
      await sheet.getByText(fork.notJson).first().waitFor();
      expect(await sheet.getByRole('button', { name: fork.submit, exact: true }).isDisabled()).toBe(true);
      // More than there is room for: it scrolls, and keys reach it.
      await text.fill(JSON.stringify({ few: Array.from({ length: 60 }, (_, line) => line) }, null, 2));
      expect(await desktop.accessFaults()).toEqual([]);
      await text.fill('{ "few": true }');
      await sheet.getByLabel(desktop.words.simulator.step.route).selectOption('no');
      await sheet.getByText(fork.notJson).first().waitFor({ state: 'detached' });
      expect(await desktop.accessFaults()).toEqual([]);
      await sheet.getByRole('button', { name: fork.submit, exact: true }).click();
      await desktop.page.getByText(branch.rehearsing).waitFor();
      await desktop.page.waitForURL((url) => !url.pathname.endsWith(id));
      await desktop.page.getByText(lineage.rehearsal).waitFor();
      await desktop.page.getByText(desktop.words.runs.status.succeeded, { exact: true }).first().waitFor();
      await row(desktop, 'order').getByText(desktop.words.runs.timeline.recalled).waitFor();
      // Few pieces need no confirmation, and a rehearsal asks nobody outside.
      expect(await row(desktop, 'confirm').count()).toBe(0);
      expect(stock.count('/book')).toBe(asked);
      await desktop.page.getByRole('link', { name: /Forked from/ }).click();
      await desktop.page.waitForURL((url) => url.pathname.endsWith(id));
    });

    it('tells where the value of a step is not what its port gives', async () => {
      await desktop.visit(page(id));
      await row(desktop, 'many').getByRole('button').click();
      await row(desktop, 'book').getByRole('button').click();
      await desktop.button(desktop.words.runs.fork.from).click();
      const sheet = desktop.page.getByRole('dialog');
      await sheet.getByRole('textbox').fill('{ "status": "two hundred", "headers": {}, "json": null, "text": "" }');
      await sheet.getByText('"status" must be').waitFor();
      // The server takes no such value: it is not sent.
      expect(await sheet.getByRole('button', { name: desktop.words.runs.fork.submit, exact: true }).isDisabled()).toBe(
        true,
      );
      await expect.poll(() => sheet.locator('.cm-lintRange-error').allInnerTexts(), patient).toContain('"two hundred"');
      await desktop.press('Escape', 'Escape');
    });

    it('is run again with the same input, for real when one says so', async () => {
      const { replay, branch, lineage } = phone.words.runs;
      const asked = stock.count('/check');
      await phone.visit(page(id));
      await phone.button(replay.open).click();
      const sheet = phone.page.getByRole('dialog');
      await sheet.getByLabel(branch.perform.title).check();
      expect(await phone.accessFaults()).toEqual([]);
      await sheet.getByRole('button', { name: replay.submit }).click();
      await phone.page.getByText(branch.performing).waitFor();
      await phone.page.getByText(lineage.replay).waitFor();
      await vi.waitFor(() => expect(stock.count('/check')).toBe(asked + 2), 60_000);
      await phone.page.getByText(phone.words.runs.status.waiting, { exact: true }).first().waitFor();
      await phone.button(phone.words.runs.cancel).click();
      await phone.page.getByText(phone.words.runs.status.canceled, { exact: true }).first().waitFor();
    });
  });

  describe('a run that failed', () => {
    let id: string;
    beforeAll(async () => {
      stock.fail('/check', 3);
      id = await start({ pieces: 3, items: ['coxinha'] });
      await rests(id, 'failed');
    });

    it('says what happened, who must act and whether a retry helps, and goes on from where it stopped', async () => {
      const { runs, simulator } = desktop.words;
      await desktop.visit(page(id));
      await panel(desktop).getByRole('heading', { name: 'Confere estoque' }).waitFor();
      await panel(desktop).getByText(simulator.step.actor.provider).first().waitFor();
      await panel(desktop).getByText(runs.log.retryHelps).first().waitFor();
      // Above the steps too: what the whole run stopped at.
      const why = desktop.page.getByRole('alert').filter({ hasText: 'Confere estoque' });
      await why.getByText(simulator.step.actor.provider).waitFor();
      await why.getByText(runs.log.retryHelps).waitFor();
      // Each in the language of the reader, whoever ran it and whenever.
      const { code } = (await call('GET', `/runs/${id}`)).body.error;
      await why.getByText(failureText(code, 'en') ?? code).waitFor();
      await phone.visit(page(id));
      await phone.page
        .getByRole('alert')
        .getByText(failureText(code, 'pt-BR') ?? code)
        .waitFor();
      expect(await desktop.accessFaults()).toEqual([]);
      await desktop.button(runs.retry).click();
      await desktop.page.getByText(runs.status.succeeded, { exact: true }).first().waitFor();
      await row(desktop, 'each#0/check').getByText('4×').waitFor();
      await why.waitFor({ state: 'detached' });
      // To its end, not only past what had failed: what the next one breaks must not meet this one.
      await expect.poll(async () => (await call('GET', `/runs/${id}`)).body.status).toBe('succeeded');
    });
  });

  describe('a run that did something of which nobody knows whether it happened', () => {
    let id: string;
    let asked: number;
    beforeAll(async () => {
      asked = stock.count('/book');
      stock.fail('/book', 1);
      id = await start({ text: 'Uma torta', contact, pieces: 1, items: [] });
      await vi.waitFor(
        async () => expect((await call('GET', `/runs/${id}`)).body.ledger[0]).toMatchObject({ needsPerson: true }),
        45_000,
      );
    });

    it('says so in the list and on its page, and goes on as a person says', async () => {
      const { runs } = phone.words;
      await phone.visit(`/runs?uncertain=true`);
      await phone.page.getByRole('listitem').filter({ hasText: 'Uma torta' }).getByText(runs.uncertain).waitFor();
      await phone.page.getByRole('link', { name: /Uma torta/ }).click();
      await row(phone, 'book').getByText(runs.outside.short.unknown).waitFor();
      await row(phone, 'book').getByRole('button').click();
      const sheet = phone.page.getByRole('dialog');
      await sheet.getByText(runs.outside.decide).waitFor();
      await sheet.getByText(new RegExp(`${id}/book`)).waitFor();
      // Whoever is to look there is told where.
      await sheet.getByText(new RegExp(`^POST 127\\.0\\.0\\.1:${stock.port}/book$`)).waitFor();
      expect(await phone.accessFaults()).toEqual([]);
      // Nothing was repeated behind anybody's back.
      expect(stock.count('/book')).toBe(asked + 1);
      await sheet.getByRole('button', { name: runs.outside.didNotHappen }).click();
      await phone.page.getByText(runs.status.succeeded, { exact: true }).first().waitFor();
      expect(stock.count('/book')).toBe(asked + 2);
      await sheet.getByText(runs.outside.once).waitFor();
      await sheet.getByText(runs.outside.did, { exact: true }).waitFor();
      await desktop.visit(page(id));
      await desktop.page.getByText(desktop.words.runs.facts.outside).waitFor();
      await row(desktop, 'book').getByText(desktop.words.runs.outside.short.done).waitFor();
    });
  });

  describe('while one looks on', () => {
    let id: string;

    it('something comes to be of which nobody knows whether it happened: one is asked without a reload', async () => {
      const { runs } = phone.words;
      id = await start({ text: 'Bolo de rolo', contact, pieces: 120, items: [] });
      await rests(id, 'waiting');
      await phone.visit(page(id, '?step=confirm'));
      const sheet = phone.page.getByRole('dialog');
      stock.fail('/book', 1);
      await sheet.getByRole('button', { name: 'Confirmo' }).click();
      await phone.press('Escape');
      await row(phone, 'book').getByRole('button').click();
      await sheet.getByRole('button', { name: runs.outside.didNotHappen }).waitFor();
      expect(await phone.accessFaults()).toEqual([]);
    });

    it('the home page names it among what waits for somebody of the house, and leads there', async () => {
      const { home, runs } = phone.words;
      await phone.visit('/home');
      await phone.page.getByText(/Bolo de rolo/).waitFor();
      await phone.page.getByText(runs.uncertain).first().waitFor();
      expect(await phone.page.getByText(home.calm).count()).toBe(0);
      expect(await phone.accessFaults()).toEqual([]);
      expect(await phone.overflow()).toBeLessThanOrEqual(0);
      const asked = await start({ text: 'Torta de limão', contact, pieces: 120, items: [] });
      await phone.page.getByText(/Torta de limão/).waitFor();
      await call('POST', `/runs/${asked}/cancel`);
      await phone.page.getByText(/Torta de limão/).waitFor({ state: 'detached' });
      await phone.page.getByRole('link', { name: new RegExp(`^${home.check}`) }).click();
      await row(phone, 'book').getByRole('button').click();
      await phone.page.getByRole('dialog').getByRole('button', { name: runs.outside.happened }).click();
      await rests(id, 'succeeded');
      await phone.visit('/home');
      await phone.page.getByText(home.calm).waitFor();
    });
  });

  it('of which two people say what became of it takes the first word, and the other hears so, also from within a sheet', async () => {
    const { runs } = phone.words;
    stock.fail('/book', 1);
    const id = await start({ text: 'Duas bocas', contact, pieces: 1, items: [] });
    await vi.waitFor(
      async () => expect((await call('GET', `/runs/${id}`)).body.ledger[0]).toMatchObject({ needsPerson: true }),
      45_000,
    );
    const live = await EditorDriver.open(browser, platform.url, { session, size: 'phone' });
    const { lose } = await live.holdLiveEvents();
    await live.visit(page(id, '?step=book'));
    const no = live.page.getByRole('dialog').getByRole('button', { name: runs.outside.didNotHappen, exact: true });
    await no.waitFor();
    lose();
    const [effect] = (await call('GET', `/runs/${id}`)).body.ledger;
    await call('POST', `/runs/${id}/effects/${effect.id}/resolve`, { outcome: 'happened' });
    await no.click();
    await live.page.getByRole('alert').getByText(errorKinds.effect_settled.message['pt-BR']).waitFor();
    await live.page.getByRole('dialog').getByText(runs.outside.settledBy.person).waitFor();
    await live.close();
  });

  it('fits a phone, whatever its steps are called', async () => {
    const title = 'Emite a nota fiscal de cada parcela do pedido e manda pra contabilidade';
    const node = (id: string, type: string, more: object) => ({
      id,
      type,
      version: 1,
      position: { x: 0, y: 0 },
      ...more,
    });
    const nodes = [
      node('start', 'trigger.manual', { config: {} }),
      node('each', 'logic.forEach', { config: { items: [1] } }),
      node('note', 'data.set', { title, parentId: 'each', config: { values: [{ name: 'a', value: 'b' }] } }),
    ];
    const edges = [{ id: 'e', from: { node: 'start', port: 'out' }, to: { node: 'each', port: 'in' } }];
    const { id: departmentId } = (
      await call('POST', '/departments', { name: 'Notas', definition: { format: 1, nodes, edges, settings: {} } })
    ).body;
    await call('POST', `/departments/${departmentId}/publish`, {});
    const { id } = (await call('POST', `/departments/${departmentId}/runs`, { input: {} })).body.run;
    await rests(id, 'succeeded');
    await phone.visit(`/departments/${departmentId}/runs/${id}`);
    await row(phone, 'each#0/note').waitFor();
    const ends = await phone.page
      .locator('li[data-path] > button')
      .evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().right));
    expect(ends.length).toBe(3);
    for (const end of ends) expect(end).toBeLessThanOrEqual(360);
  });

  it('that another system refused does not say that it was done', async () => {
    const { runs } = desktop.words;
    stock.refuse('/book', 1);
    const id = await start({ text: 'Uma recusa', contact, pieces: 1, items: [] });
    await rests(id, 'succeeded');
    await desktop.visit(page(id, '?step=book'));
    await row(desktop, 'book').getByText(runs.outside.short.refused).waitFor();
    await panel(desktop).getByText(runs.outside.refused).waitFor();
    for (const told of [runs.outside.once, runs.outside.settledBy.worker])
      expect(await panel(desktop).getByText(told).count(), told).toBe(0);
    await panel(desktop).getByText(runs.outside.short.refused, { exact: true }).waitFor();
    expect(await panel(desktop).getByText(runs.stepStatus.succeeded, { exact: true }).count()).toBe(0);
    expect(await desktop.page.getByText(runs.facts.outside).count()).toBe(0);
    expect(await desktop.accessFaults()).toEqual([]);
  });

  it('that is stopped in doubt promises to do nothing more, whatever is said of what it did', async () => {
    const { runs } = phone.words;
    stock.fail('/book', 1);
    const id = await start({ text: 'Uma dúvida', contact, pieces: 1, items: [] });
    await vi.waitFor(
      async () => expect((await call('GET', `/runs/${id}`)).body.ledger[0]).toMatchObject({ needsPerson: true }),
      45_000,
    );
    await call('POST', `/runs/${id}/cancel`);
    const asked = stock.count('/book');
    await phone.visit(page(id, '?step=book'));
    const sheet = phone.page.getByRole('dialog');
    await sheet.getByRole('button', { name: runs.outside.over.didNotHappen, exact: true }).click();
    await phone.page.getByText(runs.outside.over.settled, { exact: true }).waitFor();
    await expect.poll(async () => (await call('GET', `/runs/${id}`)).body.ledger[0].state, patient).toBe('not_done');
    expect(stock.count('/book')).toBe(asked);
  });

  it('that is stopped while one looks on asks nobody any more', async () => {
    const { runs, simulator } = desktop.words;
    const id = await start({ text: 'Pra depois', contact, pieces: 120, items: [] });
    await rests(id, 'waiting');
    await desktop.visit(page(id));
    await panel(desktop).getByRole('button', { name: 'Confirmo' }).waitFor();
    await desktop.button(runs.cancel).click();
    await panel(desktop).getByText(runs.stepStatus.stopped).waitFor();
    expect(await panel(desktop).getByRole('button', { name: 'Confirmo' }).count()).toBe(0);
    expect(await panel(desktop).getByText(runs.yourTurn).count()).toBe(0);
    await row(desktop, 'confirm')
      .getByText(/^stopped after/)
      .waitFor();
    await desktop.button('See on the graph of v1').click();
    await expect.poll(() => desktop.nodeState('many'), patient).toBe('done');
    expect(await desktop.nodeState('confirm')).not.toBe('wait');
    await desktop.button(runs.seeTimeline).click();
    await panel(desktop).getByRole('tab', { name: simulator.step.input }).waitFor();
    expect(await desktop.accessFaults()).toEqual([]);
  });

  describe('a run of which little is left', () => {
    it('says that what it worked on was deleted, and offers nothing that needs it', async () => {
      const { runs, simulator } = desktop.words;
      const id = await start({ text: 'Cem brigadeiros', contact, pieces: 1, items: [] });
      await rests(id, 'succeeded');
      const pool = new pg.Pool({ connectionString: platform.databaseUrl, max: 1 });
      await pool.query(`update platform.runs set finished_at = now() - interval '91 days' where id = $1`, [id]);
      expect((await pruneRuns(pool, { publish: () => {} })).emptied).toBe(1);
      await pool.end();
      await desktop.visit(page(id, '?step=many'));
      await desktop.page.getByText(runs.pruned.run.split('{{')[0] as string).waitFor();
      await row(desktop, 'note').waitFor();
      await panel(desktop).getByText(runs.pruned.step).waitFor();
      await panel(desktop).getByRole('tab', { name: simulator.step.input }).click();
      await panel(desktop).getByText(runs.pruned.step).waitFor();
      for (const name of [runs.fork.from, runs.replay.open, runs.retry])
        expect(await desktop.button(name).count(), name).toBe(0);
      expect(await desktop.accessFaults()).toEqual([]);
    });

    it('says so at once to whoever looks at it while its time is up, and that it is gone when it is', async () => {
      const looker = await EditorDriver.open(browser, platform.url, { session, locale: 'en' });
      const live = await looker.holdLiveEvents();
      const { runs } = looker.words;
      const id = await start({ text: 'Duzentos sonhos', contact, pieces: 1, items: [] });
      await rests(id, 'succeeded');
      await looker.visit(page(id, '?step=many'));
      await looker.page.getByRole('heading', { level: 1, name: /Duzentos sonhos/ }).waitFor();
      await looker.button(runs.fork.from).waitFor();
      const pool = new pg.Pool({ connectionString: platform.databaseUrl, max: 1 });
      const passes = async (days: number): Promise<void> => {
        await pool.query(`update platform.runs set finished_at = now() - make_interval(days => $2) where id = $1`, [
          id,
          days,
        ]);
        await pruneRuns(pool, { publish: (_organization, event) => live.say(event) });
      };
      await passes(91);
      await looker.page.getByText(runs.pruned.run.split('{{')[0] as string).waitFor();
      await panel(looker).getByText(runs.pruned.step).waitFor();
      expect(await looker.page.getByText(/Duzentos sonhos/).count()).toBe(0);
      expect(await looker.button(runs.fork.from).count()).toBe(0);
      await passes(4_000);
      await pool.end();
      await looker.page.getByRole('heading', { level: 1, name: runs.pruned.gone }).waitFor();
      expect(await looker.accessFaults()).toEqual([]);
      await looker.close();
    });

    it('is looked at, and rehearsed, when its department was let go', async () => {
      const { runs } = phone.words;
      const gone = await openOrderDesk(platform, session, stock.url, 'Doces');
      const { id } = (
        await call('POST', `/departments/${gone}/runs`, {
          input: { text: 'Quero 200 doces', contact, pieces: 200, items: [] },
        })
      ).body.run;
      await rests(id, 'waiting');
      await call('DELETE', `/departments/${gone}`);
      await phone.visit('/runs');
      await phone.page.getByRole('link', { name: /200 doces/ }).click();
      await phone.page.getByText(runs.dismissed).waitFor();
      await row(phone, 'many').waitFor();
      expect(await phone.button(runs.retry).count()).toBe(0);
      await phone.button(runs.replay.open).click();
      const sheet = phone.page.getByRole('dialog');
      await sheet.getByLabel(runs.branch.rehearse.title).waitFor();
      expect(await sheet.getByLabel(runs.branch.perform.title).count()).toBe(0);
      expect(await phone.accessFaults()).toEqual([]);
      await sheet.getByRole('button', { name: runs.replay.submit }).click();
      await phone.page.getByText(runs.lineage.replay).waitFor();
      await phone.page.getByRole('link', { name: new RegExp(runs.title) }).click();
      await phone.page.getByText(runs.dismissed).waitFor();
      await phone.page
        .getByRole('link', { name: /200 doces/ })
        .first()
        .waitFor();
      await phone.visit('/home');
      refusedBy(phone, 404);
    });

    it('is not repeated for real while its department is paused: why not is said', async () => {
      const { runs } = desktop.words;
      const id = await start({ text: 'Um café', contact, pieces: 1, items: [] });
      await rests(id, 'succeeded');
      await call('PATCH', `/departments/${desk}`, { status: 'paused' });
      await desktop.visit(page(id));
      await desktop.button(runs.replay.open).click();
      const sheet = desktop.page.getByRole('dialog');
      await sheet.getByLabel(runs.branch.perform.title).check();
      await sheet.getByRole('button', { name: runs.replay.submit }).click();
      await desktop.page.getByText(errorKinds.department_paused.message.en).waitFor();
      expect(new URL(desktop.page.url()).pathname).toBe(page(id));
      await call('PATCH', `/departments/${desk}`, { status: 'active' });
      refusedBy(desktop, 409);
    });
  });

  it('gives what it returned to the clipboard on a page that came without https', async () => {
    const { tree, step } = desktop.words.simulator;
    const plain = await EditorDriver.open(browser, platform.url, { session, locale: 'en' });
    await plain.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await plain.page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    const id = await start({ text: 'Um suco', contact, pieces: 1, items: [] });
    await rests(id, 'succeeded');
    await plain.visit(page(id, '?step=note'));
    await panel(plain).getByRole('tab', { name: step.output }).click();
    await plain.button(tree.copyAll).click();
    await plain.page.getByText(tree.copied).waitFor();
    await desktop.visit(page(id));
    expect(await desktop.page.evaluate(() => navigator.clipboard.readText())).toMatch(/"done": 1/);
    expect(plain.complaints).toEqual([]);
    await plain.close();
  });

  describe('a run that rests while nobody is asked anything', () => {
    let pool: pg.Pool;
    beforeAll(() => {
      pool = new pg.Pool({ connectionString: platform.databaseUrl, max: 1 });
    });
    afterAll(() => pool.end());
    /** A run as if it had not begun, for the reason that the columns give. */
    const resting = async (text: string, columns: string): Promise<string> => {
      const id = await start({ text, contact, pieces: 1, items: [] });
      await rests(id, 'succeeded');
      await pool.query(
        `update platform.runs set status = 'queued', started_at = null, finished_at = null, ${columns} where id = $1`,
        [id],
      );
      return id;
    };
    /** Admitted, and on no queue: as while others of the house have all the room. */
    const inTurn = `admitted_at = now() + interval '1 hour'`;
    const item = (editor: EditorDriver, text: string) =>
      editor.page.getByRole('list', { name: editor.words.runs.title }).getByRole('listitem').filter({ hasText: text });

    it('says that its department is paused, leads there, and goes on by itself once it is not', async () => {
      const { runs, team } = phone.words;
      // Nothing is started in a department that is paused: it was written down just before.
      const id = await start({ text: 'Um pudim', contact, pieces: 1, items: [] });
      await rests(id, 'succeeded');
      await call('PATCH', `/departments/${desk}`, { status: 'paused' });
      await pool.query(
        `update platform.runs set status = 'queued', started_at = null, finished_at = null, admitted_at = null, held = true where id = $1`,
        [id],
      );
      await desktop.visit(`/departments/${desk}/runs`);
      await item(desktop, 'Um pudim').getByText(desktop.words.runs.heldUp.line.paused).waitFor();
      await phone.visit(page(id));
      await phone.page.getByText(runs.heldUp.paused.replace('{{team}}', 'Encomendas')).waitFor();
      expect(await phone.accessFaults()).toEqual([]);
      expect(await phone.overflow()).toBeLessThanOrEqual(0);
      await phone.link(runs.heldUp.toTeam).click();
      await phone.page
        .getByRole('listitem')
        .filter({ hasText: 'Encomendas' })
        .getByRole('button', { name: team.resume })
        .click();
      // Nobody reloads the list.
      await item(desktop, 'Um pudim').getByText(desktop.words.runs.status.succeeded).waitFor();
    });

    it('says when it begins, and begins then', async () => {
      const { heldUp, status } = desktop.words.runs;
      const id = await resting('Um bolo de rolo', `admitted_at = null, not_before = now() + interval '26 hours'`);
      await desktop.visit(page(id));
      await desktop.page.getByText(/It begins .*, \d\d:\d\d:\d\d, by itself/).waitFor();
      expect(await desktop.accessFaults()).toEqual([]);
      await desktop.visit(`/departments/${desk}/runs`);
      const row = item(desktop, 'Um bolo de rolo');
      await row.getByText(new RegExp(`${heldUp.line.begins.split('{{')[0]}`)).waitFor();
      await pool.query('update platform.runs set not_before = now() where id = $1', [id]);
      await row.getByText(status.succeeded).waitFor();
    });

    it('says how many of the house go before it', async () => {
      const { heldUp } = desktop.words.runs;
      const first = await resting('Uma empada', inTurn);
      await desktop.visit(page(first));
      await desktop.page.getByText(heldUp.free).waitFor();
      const second = await resting('Duas empadas', inTurn);
      await desktop.visit(page(second));
      await desktop.page.getByText(heldUp.turn_one.replace('{{count}}', '1')).waitFor();
      await desktop.page.getByText(heldUp.stop).waitFor();
      expect(await desktop.accessFaults()).toEqual([]);
      for (const id of [first, second]) {
        await desktop.visit(page(id));
        await desktop.button(desktop.words.runs.cancel).click();
        await desktop.page.getByText(desktop.words.runs.status.canceled, { exact: true }).first().waitFor();
      }
      expect(await desktop.page.getByText(heldUp.free).count()).toBe(0);
    });

    it('says which run of its conversation is at work, and leads there', async () => {
      const { heldUp } = desktop.words.runs;
      const channel = (await call('POST', '/integrations/simulator', { departmentId: counter })).body.id;
      const written = await call('POST', `/simulator/${channel}/messages`, { from: 'bia', name: 'Bia', text: 'Oi' });
      const conversation: string = written.body.conversation.id;
      const answered = async () => (await call('GET', `/runs?conversationId=${conversation}`)).body.items;
      await expect.poll(answered, patient).toMatchObject([{ status: 'succeeded' }]);
      const other = await resting('A de antes', `${inTurn}, conversation_id = '${conversation}'`);
      const id = await start({ text: 'A de depois', contact, pieces: 200, items: [] });
      await rests(id, 'waiting');
      await pool.query('update platform.runs set conversation_id = $2, unseen_answers = 1 where id = $1', [
        id,
        conversation,
      ]);
      await desktop.visit(page(id));
      await desktop.page.getByText(heldUp.conversation).waitFor();
      await desktop.link(heldUp.toOther).click();
      await desktop.page.getByRole('heading', { level: 1, name: /A de antes/ }).waitFor();
      await call('POST', `/runs/${other}/cancel`);
      await call('POST', `/runs/${id}/cancel`).catch(() => undefined);
    });
  });

  it('that is not there is said to be so, with the way to those that are', async () => {
    const { runs, common } = desktop.words;
    await desktop.visit(page('01a21e9f-0000-7000-8000-000000000000'));
    await desktop.page.getByRole('heading', { level: 1, name: common.errors.not_found }).waitFor();
    expect(await desktop.accessFaults()).toEqual([]);
    await desktop.page.locator('#content').getByRole('link', { name: runs.title, exact: true }).last().click();
    await desktop.page.getByRole('heading', { level: 1, name: runs.title }).waitFor();
    refusedBy(desktop, 404);
  });

  describe('the list', () => {
    it('shows new runs and their status without a reload', async () => {
      const { runs } = desktop.words;
      await desktop.visit(`/departments/${desk}/runs`);
      const list = desktop.page.getByRole('list', { name: runs.title });
      await list.waitFor();
      stock.fail('/check', 3);
      await start({ text: 'Três empadas', contact, pieces: 3, items: ['empada'] });
      const item = list.getByRole('listitem').filter({ hasText: 'Três empadas' });
      await expect.poll(() => item.getByText(runs.status.failed).isVisible(), patient).toBe(true);
    });

    it('is narrowed by what one looks for, and says so when nothing fits', async () => {
      const { filter } = desktop.words.runs;
      const items = desktop.page.getByRole('list', { name: desktop.words.runs.title }).getByRole('listitem');
      await desktop.page.getByLabel(filter.search).fill('jessica');
      await expect
        .poll(async () => (await items.allInnerTexts()).every((text) => /Jéssica/.test(text)), patient)
        .toBe(true);
      await desktop.page.getByLabel(filter.status).selectOption('failed');
      await expect.poll(() => items.count(), patient).toBe(1);
      expect(desktop.page.url()).toContain('status=failed');
      await desktop.page.getByLabel(filter.version, { exact: true }).selectOption('0');
      await desktop.page.getByText(filter.none).waitFor();
      expect(await desktop.accessFaults()).toEqual([]);
      await desktop.button(filter.clear).first().click();
      await desktop.page.getByRole('checkbox', { name: filter.failedFirst }).click();
      await items.first().getByText(desktop.words.runs.status.failed).waitFor();
    });

    it('is of all departments, and of use on a phone', async () => {
      const { filter, all } = phone.words.runs;
      await phone.visit('/runs');
      await phone.page.getByRole('heading', { level: 1, name: all }).waitFor();
      await phone.button(filter.open).click();
      const sheet = phone.page.getByRole('dialog');
      await sheet.getByLabel(filter.trigger).selectOption('schedule');
      expect(await phone.accessFaults()).toEqual([]);
      await sheet.getByRole('button', { name: filter.done }).click();
      await phone.page.getByText(filter.none).waitFor();
      await phone.button(filter.clear).first().click();
      await phone.page.getByText('Três empadas').waitFor();
      expect(await phone.overflow()).toBeLessThanOrEqual(0);
    });
  });

  it('stays quick with five hundred steps, and draws only those in view', async () => {
    const client = new pg.Client({ connectionString: platform.databaseUrl });
    await client.connect();
    const id = await start({ pieces: 1, items: [] });
    await rests(id, 'succeeded');
    await client.query(
      `insert into platform.run_steps (run_id, organization_id, path, attempt, node_id, status, port, started_at, duration_ms)
       select r.id, r.organization_id, 'each#' || n || '/check', 1, 'check', 'succeeded', 'ok', r.started_at + interval '1 second' + n * interval '20 milliseconds', 15
       from platform.runs r, generate_series(0, 499) n where r.id = $1`,
      [id],
    );
    await client.end();
    await desktop.visit(page(id));
    await row(desktop, 'order').waitFor();
    expect(await desktop.page.locator('.wf-line').count()).toBeLessThan(60);
    await row(desktop, 'order').getByRole('button').focus();
    await desktop.press('End');
    await row(desktop, 'note').getByRole('button').and(desktop.page.locator(':focus')).waitFor();
    await phone.visit(page(id));
    await row(phone, 'order').waitFor();
    expect(await phone.page.locator('li[data-path]').count()).toBeLessThanOrEqual(100);
  });

  it('made the browser complain about nothing', () => expect([...desktop.complaints, ...phone.complaints]).toEqual([]));
});
