import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { pruneRuns } from '#engine/worker/sweep/retention.js';
import { startDepartments, type DepartmentDriver } from '#tests/support/departmentDriver.js';

let shop: DepartmentDriver;
beforeAll(async () => {
  shop = await startDepartments();
}, 120_000);
afterAll(() => shop.close());
beforeEach(() => void shop.told());

const set = (id: string, values: Record<string, string>, parent = '') =>
  [
    `${id}:data.set${parent && `:${parent}`}`,
    { values: Object.entries(values).map(([name, value]) => ({ name, value })) },
  ] as const;
interface Step {
  readonly path: string;
  readonly recalled: boolean;
  readonly output: { readonly [name: string]: unknown };
}
const recalledOf = (run: { steps: Step[] }) => run.steps.filter((step) => step.recalled).map((step) => step.path);
const outputOf = (run: { steps: Step[] }, path: string) => run.steps.findLast((step) => step.path === path)?.output;

describe('a fork', () => {
  /** start > price > order (tells the outside) > note, and beside it start > aside (tells the outside). */
  const order = () =>
    shop.publish(
      [
        ['start:trigger.manual'],
        set('price', { total: '{{ trigger.total }}' }),
        shop.tell('order', 'order'),
        set('note', { text: 'R$ {{ steps.price.total }}, n. {{ steps.order.json.number }}' }),
        shop.tell('aside', 'aside'),
      ],
      'start>price price>order order>note start>aside',
    );

  it('recalls what does not depend on the step, executes the rest, and does nothing outside unless told to', async () => {
    const run = await shop.run(await order(), { total: 10 });
    expect(run.status).toBe('succeeded');
    expect(shop.told().sort()).toEqual(['aside', 'order']);

    const { status, body } = await shop.on(run.id, 'fork', { fromStep: 'price', state: { total: 99 } });
    expect(status).toBe(202);
    expect(body.run).toMatchObject({
      version: 1,
      effects: 'rehearse',
      forkedFrom: { runId: run.id, path: 'price', edit: 'output' },
      replayOf: null,
    });
    const rehearsed = await shop.rested(body.run.id);
    expect(rehearsed.status).toBe('succeeded');
    expect(recalledOf(rehearsed).sort()).toEqual(['aside', 'price', 'start']);
    // The order gives what it gave: it was rehearsed.
    expect(outputOf(rehearsed, 'note')).toEqual({
      text: `R$ 99, n. ${(outputOf(run, 'order') as { json: { number: number } }).json.number}`,
    });
    expect(shop.told()).toEqual([]);

    const again = await shop.on(run.id, 'fork', { fromStep: 'price', state: { total: 99 }, effects: 'perform' });
    expect((await shop.rested(again.body.run.id)).status).toBe('succeeded');
    expect(shop.told()).toEqual(['order']);
    // The run that was forked is as it was.
    expect(await shop.rested(run.id)).toEqual(run);
  });

  it('without a state executes the step again', async () => {
    const run = await shop.run(await order(), { total: 10 });
    const { body } = await shop.on(run.id, 'fork', { fromStep: 'order', effects: 'perform' });
    const forked = await shop.rested(body.run.id);
    expect(recalledOf(forked).sort()).toEqual(['aside', 'price', 'start']);
    expect(shop.told().sort()).toEqual(['aside', 'order', 'order']);
    expect(forked.forkedFrom).toMatchObject({ edit: null });
    // What it recalls it did not pay for, and shows when it was.
    expect(forked.steps[0]).toMatchObject({ path: 'start', startedAt: run.steps[0].startedAt });
  });

  it('of a fork goes on from there', async () => {
    const run = await shop.run(await order(), { total: 10 });
    const one = await shop.on(run.id, 'fork', { fromStep: 'price', state: { total: 20 } });
    await shop.rested(one.body.run.id);
    const two = await shop.on(one.body.run.id, 'fork', { fromStep: 'note', state: { text: 'à mão' } });
    const forked = await shop.rested(two.body.run.id);
    expect(forked).toMatchObject({ forkedFrom: { runId: one.body.run.id, path: 'note' }, status: 'succeeded' });
    expect(outputOf(forked, 'price')).toEqual({ total: 20 });
    expect(outputOf(forked, 'note')).toEqual({ text: 'à mão' });
  });

  it('from the trigger is a run of another input', async () => {
    const run = await shop.run(await order(), { total: 10 });
    const { body } = await shop.on(run.id, 'fork', { fromStep: 'start', state: { total: 7 } });
    const forked = await shop.rested(body.run.id);
    expect(forked.input).toEqual({ total: 7 });
    expect(recalledOf(forked)).toEqual([]);
    expect(outputOf(forked, 'price')).toEqual({ total: 7 });
  });

  it('takes another version where its steps still fit', async () => {
    const department = await order();
    const run = await shop.run(department, { total: 10 });
    await shop.publish(
      [
        ['start:trigger.manual'],
        set('price', { total: '{{ trigger.total }}' }),
        shop.tell('order', 'order'),
        set('note', { text: 'versão dois' }),
        set('extra', { last: '{{ steps.note.text }}' }),
      ],
      'start>price price>order order>note note>extra',
      department,
    );
    const { body } = await shop.on(run.id, 'fork', { fromStep: 'note', version: 2 });
    expect(body.run.version).toBe(2);
    const forked = await shop.rested(body.run.id);
    expect(recalledOf(forked).sort()).toEqual(['order', 'price', 'start']);
    expect(outputOf(forked, 'extra')).toEqual({ last: 'versão dois' });
    const draft = await shop.on(run.id, 'fork', { fromStep: 'note', version: 'draft' });
    expect(draft.body.run.version).toBeNull();
    expect((await shop.rested(draft.body.run.id)).status).toBe('succeeded');
    // A step above it that is another now is executed again too, and whatever follows from it.
    await shop.publish(
      [
        ['start:trigger.manual'],
        set('price', { total: '1' }),
        shop.tell('order', 'order'),
        set('note', { text: '{{ steps.price.total }}' }),
      ],
      'start>price price>order order>note',
      department,
    );
    const third = await shop.on(run.id, 'fork', { fromStep: 'note', version: 3 });
    const changed = await shop.rested(third.body.run.id);
    expect(recalledOf(changed)).toEqual(['start']);
    expect(outputOf(changed, 'note')).toEqual({ text: '1' });
  });

  it('stands inside rounds', async () => {
    const department = await shop.publish(
      [
        ['start:trigger.manual'],
        ['each:logic.forEach', { items: '{{ trigger.items }}' }],
        set('one', { value: '{{ item }}' }, 'each'),
        set('two', { value: '{{ steps.one.value }}!' }, 'each'),
        set('last', { all: '{{ steps.each.items }}' }),
      ],
      'start>each one>two each>last',
    );
    const run = await shop.run(department, { items: ['a', 'b', 'c'] });
    expect(run.status).toBe('succeeded');
    const { body } = await shop.on(run.id, 'fork', { fromStep: 'each#1/one', state: { value: 'B' } });
    const forked = await shop.rested(body.run.id);
    expect(outputOf(forked, 'last')).toEqual({ all: [{ value: 'a!' }, { value: 'B!' }, { value: 'c!' }] });
    expect(recalledOf(forked).sort()).toEqual([
      'each#0/one',
      'each#0/two',
      'each#1/one',
      'each#2/one',
      'each#2/two',
      'start',
    ]);
    const vague = await shop.on(run.id, 'fork', { fromStep: 'one' });
    expect(vague).toMatchObject({ status: 400, body: { error: { details: [{ path: 'fromStep' }] } } });
  });

  it('of a waiting run leaves that waiting', async () => {
    const department = await shop.publish(
      [
        ['start:trigger.manual'],
        set('before', { text: 'a' }),
        ['ask:human.ask', { question: 'Pode?', of: 'member' }],
        set('after', { text: '{{ steps.before.text }} {{ steps.ask.text }}' }),
      ],
      'start>before before>ask ask>after',
    );
    const run = await shop.run(department);
    expect(run.status).toBe('waiting');
    const { body } = await shop.on(run.id, 'fork', { fromStep: 'before', state: { text: 'b' } });
    const forked = await shop.rested(body.run.id);
    expect(forked).toMatchObject({ status: 'waiting', waits: [{ path: 'ask' }] });
    await shop.on(forked.id, 'resume', { value: 'sim' });
    expect(outputOf(await shop.rested(forked.id), 'after')).toEqual({ text: 'b sim' });
    await shop.on(run.id, 'resume', { value: 'não' });
    const ended = await shop.rested(run.id);
    expect(outputOf(ended, 'after')).toEqual({ text: 'a não' });
    // A rehearsal is given the answers that there were.
    const replayed = await shop.on(run.id, 'replay');
    expect(replayed.body.run).toMatchObject({ replayOf: run.id, forkedFrom: null, effects: 'rehearse' });
    expect(await shop.rested(replayed.body.run.id)).toMatchObject({ status: 'succeeded', output: ended.output });
    // Whoever performs asks again.
    const performed = await shop.on(run.id, 'replay', { effects: 'perform' });
    expect(await shop.rested(performed.body.run.id)).toMatchObject({ status: 'waiting' });
  });

  it('can be given another input for a step', async () => {
    const department = await shop.publish(
      [['start:trigger.manual'], set('a', { x: '1' }), ['join:logic.join', {}]],
      'start>a a>join',
    );
    const run = await shop.run(department);
    expect(run.output).toEqual({ x: '1' });
    const { body } = await shop.on(run.id, 'fork', { fromStep: 'join', edit: 'input', state: { x: 'outro' } });
    const forked = await shop.rested(body.run.id);
    expect(forked).toMatchObject({ output: { x: 'outro' }, forkedFrom: { edit: 'input' } });
    const again = await shop.on(forked.id, 'fork', { fromStep: 'join' });
    expect(await shop.rested(again.body.run.id)).toMatchObject({ output: { x: 'outro' } });
  });

  it('says what is wrong, where', async () => {
    const run = await shop.run(await order(), { total: 10 });
    const refusal = async (body: object) => {
      const answer = await shop.on(run.id, 'fork', body);
      return [answer.status, answer.body.error.details.map(({ path }: { path: string }) => path)];
    };
    expect(await refusal({ fromStep: 'nothing' })).toEqual([400, ['fromStep']]);
    expect(await refusal({ fromStep: 'order', state: { status: '200', headers: {}, json: null } })).toEqual([
      400,
      ['state.status', 'state.text'],
    ]);
    expect(await refusal({ fromStep: 'order', state: 1 })).toEqual([400, ['state']]);
    expect(await refusal({ fromStep: 'price', state: {}, port: 'sideways' })).toEqual([400, ['port']]);
    expect(await refusal({ fromStep: 'price', port: 'out' })).toEqual([400, ['port']]);
    expect(await refusal({ fromStep: 'price', effects: 'maybe' })).toEqual([400, ['effects']]);
    expect((await shop.on(run.id, 'fork', { fromStep: 'price', version: 77 })).status).toBe(404);
    const started = await shop.call('POST', `/runs/${run.id}/fork`, {});
    expect(started.status).toBe(400);
    expect(shop.told().sort()).toEqual(['aside', 'order']);
  });

  it('says in the language of the reader that a step is not there, was not reached, or leaves another way', async () => {
    const department = await shop.publish(
      [
        ['start:trigger.manual'],
        ['way:logic.if', { condition: '{{ trigger.total > 5 }}' }],
        set('note', { text: 'a' }),
        set('never', { text: 'b' }),
      ],
      'start>way way.yes>note way.no>never',
    );
    const run = await shop.run(department, { total: 10 });
    await shop.publish(
      [['start:trigger.manual'], ['way:logic.if', { condition: '{{ trigger.total > 5 }}' }]],
      'start>way',
      department,
    );
    await shop.publish(
      [['by_the_clock:trigger.schedule'], set('note', { text: 'a' })],
      'by_the_clock>note',
      department,
    );
    const said = async (path: string, body: object, locale: string) =>
      (await shop.call('POST', path, body, { 'accept-language': locale })).body.error;
    for (const [path, body, code, pt, en] of [
      [`/runs/${run.id}/fork`, { fromStep: 'note', version: 2 }, 'step_missing', /não tem esse passo/, /not have this/],
      [`/runs/${run.id}/fork`, { fromStep: 'never' }, 'step_not_reached', /não chegou/, /did not get/],
      [
        `/departments/${department}/runs`,
        { version: 'draft', effects: 'rehearse', input: {}, until: 'nobody' },
        'step_missing',
        /não tem/,
        /not have/,
      ],
      [
        `/runs/${run.id}/fork`,
        { fromStep: 'way', state: {}, port: 'up' },
        'bad_input',
        /sai por um destes: yes/,
        /leaves by one of: yes/,
      ],
      [`/runs/${run.id}/fork`, { fromStep: 'way', port: 'yes' }, 'bad_input', /só uma saída/, /only an output/],
      [`/runs/${run.id}/replay`, { version: 3 }, 'trigger_missing', /não começa do jeito/, /does not begin in the way/],
    ] as const)
      for (const [locale, words] of [
        ['pt-BR', pt],
        ['en', en],
      ] as const) {
        const error = await said(path, body, locale);
        expect(error.code).toBe(code);
        expect(error.details).toEqual([{ path: expect.any(String), message: expect.stringMatching(words) }]);
      }
  });

  it('of a failed run begins at what failed', async () => {
    const department = await shop.publish(
      [
        ['start:trigger.manual'],
        shop.tell('order', 'order'),
        ['check:logic.forEach', { items: '{{ steps.order.json.missing }}' }],
        set('inside', {}, 'check'),
        set('after', { text: 'ok' }),
      ],
      'start>order order>check check>after',
    );
    const run = await shop.run(department);
    expect(run).toMatchObject({ status: 'failed', error: { path: 'check' } });
    const { body } = await shop.on(run.id, 'fork', { fromStep: 'check', state: { items: [] }, effects: 'perform' });
    expect(await shop.rested(body.run.id)).toMatchObject({ status: 'succeeded', output: { text: 'ok' } });
    expect(shop.told()).toEqual(['order']);
  });
});

describe('a rehearsal of the draft', () => {
  const made = () =>
    shop.publish(
      [
        ['start:trigger.manual'],
        shop.tell('order', 'order'),
        ['each:logic.forEach', { items: '{{ trigger.items }}' }],
        set('price', { total: '{{ item * 2 }}' }, 'each'),
        set('double', { total: '{{ steps.price.total * 2 }}' }, 'each'),
        ['rich:logic.if', { condition: '{{ steps.order.json.number > 100 }}' }],
        set('yes', { text: 'n. {{ steps.order.json.number }}' }),
        set('no', { text: 'pouco' }),
      ],
      'start>order order>each each>rich price>double rich.yes>yes rich.no>no',
    );
  const rehearse = async (department: string, body: object) => {
    const { status, body: answer } = await shop.call('POST', `/departments/${department}/runs`, {
      version: 'draft',
      effects: 'rehearse',
      input: { items: [1, 2] },
      ...body,
    });
    if (status !== 202) throw new Error(JSON.stringify(answer));
    return { started: answer.run, run: await shop.rested(answer.run.id) };
  };
  const executed = (run: { steps: (Step & { status: string })[] }) =>
    run.steps.filter(({ status }) => status === 'succeeded').map(({ path }) => path);

  it('takes pinned results instead of executing their steps, inside rounds too, and does nothing outside', async () => {
    const pins = {
      order: { value: { status: 200, headers: {}, json: { number: 500 }, text: '' }, port: 'ok' },
      price: { value: { total: 7 } },
    };
    const { started, run } = await rehearse(await made(), { pins });
    expect(run).toMatchObject({ status: 'succeeded', effects: 'rehearse', version: null, pinned: ['order', 'price'] });
    expect(started).toMatchObject({ effects: 'rehearse', pinned: ['order', 'price'] });
    expect(outputOf(run, 'order')).toEqual(pins.order.value);
    expect(outputOf(run, 'each#1/double')).toEqual({ total: 14 });
    expect(outputOf(run, 'yes')).toEqual({ text: 'n. 500' });
    expect(executed(run)).not.toContain('no');
    expect(shop.told()).toEqual([]);
  });

  it('ends at the step asked for, with what leads there and nothing else; what is wrong further on is no matter', async () => {
    const department = await made();
    const { body } = await shop.call('GET', `/departments/${department}`);
    const { draft } = body;
    draft.nodes.find(({ id }: { id: string }) => id === 'yes').config.values[0].value = '{{ steps.nobody.x }}';
    expect((await shop.call('PUT', `/departments/${department}/draft`, { definition: draft })).status).toBe(200);
    expect((await rehearse(department, {}).catch((error: Error) => error.message)) as string).toContain('nobody');
    const { run } = await rehearse(department, { until: 'price' });
    expect(run.status).toBe('succeeded');
    expect(executed(run).sort()).toEqual(['each', 'each#0/price', 'each#1/price', 'order', 'start']);
    const refusal = await shop.call('POST', `/departments/${department}/runs`, {
      version: 'draft',
      input: {},
      until: 'nobody',
    });
    expect(refusal).toMatchObject({ status: 400, body: { error: { details: [{ path: 'until' }] } } });
  });

  it('is the only thing that takes pins, and only such as could have come out of the step', async () => {
    const department = await made();
    const refusal = async (body: object) => {
      const answer = await shop.call('POST', `/departments/${department}/runs`, { input: {}, ...body });
      return [answer.status, answer.body.error?.details?.map(({ path }: { path: string }) => path)];
    };
    const pins = { price: { value: { total: 7 } } };
    expect(await refusal({ pins })).toEqual([400, ['version', 'pins']]);
    expect(await refusal({ pins, version: 'draft' })).toEqual([400, ['pins']]);
    const rehearsal = { version: 'draft', effects: 'rehearse' };
    expect(await refusal({ ...rehearsal, pins: { price: { value: 7, port: 'sideways' } } })).toEqual([
      400,
      ['pins.price.port'],
    ]);
    expect(await refusal({ ...rehearsal, pins: { order: { value: { status: 'x' } } } })).toEqual([
      400,
      expect.arrayContaining(['pins.order.value.status']),
    ]);
    const { run } = await rehearse(department, {});
    const forked = await shop.on(run.id, 'fork', { fromStep: 'order', version: 'draft', pins });
    expect(outputOf(await shop.rested(forked.body.run.id), 'each#0/double')).toEqual({ total: 14 });
    expect((await shop.on(run.id, 'fork', { fromStep: 'order', effects: 'perform', pins })).status).toBe(400);
  });
});

describe('a request of which the answer got lost', () => {
  const keysOf = (path: string) =>
    shop.outside.requests.filter(({ url }) => url === `/${path}`).map(({ headers }) => headers['idempotency-key']);
  const asking = (path: string, repeatable: boolean) =>
    shop.publish([['start:trigger.manual'], shop.tell('order', path, {}, { repeatable })], 'start>order');

  it('is made again under its key when the other side knows keys, by its run and by none that repeats it', async () => {
    const run = await shop.run(await asking('cut/repeatable', true));
    expect(run).toMatchObject({ status: 'succeeded', ledger: [{ state: 'done' }] });
    const [first, second, ...more] = keysOf('cut/repeatable');
    expect([second, more]).toEqual([first, []]);

    // A rehearsal gives what it gave. One that is for real is another request of its own, under a key of its own.
    const rehearsed = await shop.on(run.id, 'fork', { fromStep: 'order' });
    expect(outputOf(await shop.rested(rehearsed.body.run.id), 'order')).toEqual(outputOf(run, 'order'));
    expect(keysOf('cut/repeatable')).toHaveLength(2);
    const performed = await shop.on(run.id, 'fork', { fromStep: 'order', effects: 'perform' });
    expect((await shop.rested(performed.body.run.id)).status).toBe('succeeded');
    const keys = keysOf('cut/repeatable');
    expect([keys.length, keys[2] === first]).toEqual([3, false]);
  });

  it('is not made again otherwise: the run waits until somebody says what became of it', async () => {
    const run = await shop.run(await asking('cut/once', false));
    expect(run).toMatchObject({ status: 'waiting', ledger: [{ state: 'uncertain' }] });
    expect(keysOf('cut/once')).toHaveLength(1);
    // A rehearsal makes it neither: nobody knows what it gave.
    const rehearsed = await shop.on(run.id, 'fork', { fromStep: 'order' });
    await shop.rested(rehearsed.body.run.id);
    expect(keysOf('cut/once')).toHaveLength(1);
  });
});

describe('a chat with the draft', () => {
  it('is answered by the draft as it stands at each message, published or not; what is live is answered by what is live', async () => {
    const says = (text: string) => ({
      format: 1,
      nodes: [
        { id: 'hears', type: 'trigger.whatsapp', version: 1, config: {}, position: { x: 0, y: 0 } },
        { id: 'say', type: 'channel.send', version: 1, config: { text }, position: { x: 0, y: 90 } },
      ],
      edges: [{ id: 'e', from: { node: 'hears', port: 'message' }, to: { node: 'say', port: 'in' } }],
      settings: {},
    });
    const { body: department } = await shop.call('POST', '/departments', { name: 'Conversa', definition: says('um') });
    const open = async (version?: string) =>
      (await shop.call('POST', '/integrations/simulator', { departmentId: department.id, version })).body.id as string;
    const draft = await open('draft');
    expect(await open('draft')).toBe(draft);
    const ask = async (channel: string, text: string) =>
      await shop.call('POST', `/simulator/${channel}/messages`, { from: '5581999990001', text });
    const answers = (conversation: string, count: number) =>
      vi.waitFor(
        async () => {
          const { body } = await shop.call('GET', `/conversations/${conversation}/messages`);
          const said = body.items
            .filter(({ author }: { author: string }) => author === 'team')
            .map(({ text }: { text: string }) => text)
            .reverse();
          expect(said).toHaveLength(count);
          return said;
        },
        { timeout: 60_000, interval: 25 },
      );
    const first = await ask(draft, 'oi');
    expect(first.body).toMatchObject({ conversation: {} });
    expect(await answers(first.body.conversation.id, 1)).toEqual(['um']);
    await shop.call('PUT', `/departments/${department.id}/draft`, { definition: says('dois') });
    await ask(draft, 'e agora?');
    expect(await answers(first.body.conversation.id, 2)).toEqual(['um', 'dois']);

    await shop.call('POST', `/departments/${department.id}/publish`, {});
    await shop.call('PUT', `/departments/${department.id}/draft`, { definition: says('{{ nobody }}') });
    const refused = await ask(draft, 'quebrou?');
    expect(refused).toMatchObject({ status: 422, body: { error: { code: 'invalid_definition' } } });
    const live = await open();
    expect(live).not.toBe(draft);
    const other = await ask(live, 'oi');
    expect(await answers(other.body.conversation.id, 1)).toEqual(['dois']);
  });
});

describe('a run of which nothing is kept any more', () => {
  it('says so to whoever wants to go on from it, also when it was undone: another way out would be refused as well', async () => {
    const department = await shop.publish(
      [
        ['start:trigger.manual'],
        shop.tell('order', 'order', { compensateWith: 'refund' }),
        set('broken', { text: '{{ trigger.no.such }}' }),
        shop.tell('refund', 'refund'),
      ],
      'start>order order>broken',
    );
    const { id, status } = await shop.run(department);
    expect(status).toBe('failed');
    expect((await shop.on(id, 'retry')).body.error.code).toBe('run_undone');
    const engine = new pg.Pool({ connectionString: shop.platform.databaseUrl, max: 1 });
    await engine.query(`update platform.runs set finished_at = now() - interval '200 days' where id = $1`, [id]);
    await pruneRuns(engine, { publish: () => {} });
    await engine.end();
    for (const [verb, body] of [
      ['retry', {}],
      ['replay', {}],
      ['fork', { fromStep: 'order' }],
    ] as const)
      expect([verb, (await shop.on(id, verb, body)).body.error?.code]).toEqual([verb, 'run_pruned']);
  });
});
