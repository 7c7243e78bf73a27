import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeDefinition } from '#engine/graph/definition.js';
import { startCanary } from '#tests/support/canary.js';
import { expectOk, type Reply } from '#tests/support/platform.js';
import { startDepartments, type DepartmentDriver, type DepartmentNode } from '#tests/support/departmentDriver.js';

let shop: DepartmentDriver;
beforeAll(async () => {
  shop = await startDepartments();
}, 120_000);
afterAll(() => shop.close());

const recalledSteps = (run: { steps: { path: string; recalled: boolean }[] }): string[] =>
  run.steps
    .filter(({ recalled }) => recalled)
    .map(({ path }) => path)
    .sort();

/** start > pay (waits for the event of its order) > done, or late. */
const orders = (timeoutMinutes?: number) =>
  shop.publish(
    [
      ['start:trigger.manual'],
      ['pay:logic.waitForEvent', { key: '{{ trigger.order }}', ...(timeoutMinutes && { timeoutMinutes }) }],
      ['done:data.set', { values: [{ name: 'paid', value: '{{ steps.pay.event.paid }}' }] }],
      ['late:data.set', { values: [{ name: 'late', value: 'yes' }] }],
    ],
    'start>pay pay.arrived>done pay.timeout>late',
  );
const addressOf = async (department: string): Promise<string> => {
  const { body } = await shop.call('GET', `/departments/${department}/webhooks`);
  expect(body.items).toMatchObject([{ nodeId: 'pay', does: 'report' }]);
  return body.items[0].path.replace('/api/v1', '');
};
/** Another system reports, with no key but the address. */
const report = (address: string, query: string, body: unknown = { paid: 'yes' }) =>
  shop.platform.call('POST', `${address}${query}`, body);

describe('waiting for an event', () => {
  it('ends for the run of its key, once, whatever the order of events', async () => {
    const department = await orders();
    const address = await addressOf(department);
    const [one, two] = [await shop.run(department, { order: '1' }), await shop.run(department, { order: '2' })];
    expect([one.status, two.status]).toEqual(['waiting', 'waiting']);
    expect(one.waits).toMatchObject([{ path: 'pay', kind: 'event', question: { key: '1' } }]);
    expect(await report(address, '?key=2&id=a')).toMatchObject({ status: 202, body: { waiting: 1 } });
    expect(await shop.rested(two.id)).toMatchObject({ status: 'succeeded', output: { paid: 'yes' } });
    expect((await shop.rested(one.id)).status).toBe('waiting');
    // Told again, it is the same event; told without a name, it is another.
    expect((await report(address, '?key=2&id=a')).body).toEqual({ waiting: 0 });
    expect((await report(address, '', { key: '1', paid: 'in the body' })).body).toEqual({ waiting: 1 });
    expect(await shop.rested(one.id)).toMatchObject({ status: 'succeeded', output: { paid: 'in the body' } });
  });

  it('ends for a payment that the other system calls by a number, in the address or in the body', async () => {
    const department = await orders();
    const address = await addressOf(department);
    const runs = [await shop.run(department, { order: 1_325_871_932 }), await shop.run(department, { order: 77 })];
    expect(runs.map(({ status }) => status)).toEqual(['waiting', 'waiting']);
    expect((await report(address, '?key=1325871932')).body).toEqual({ waiting: 1 });
    expect((await report(address, '', { key: 77, paid: 'pix' })).body).toEqual({ waiting: 1 });
    expect(await shop.rested(runs[1].id)).toMatchObject({ status: 'succeeded', output: { paid: 'pix' } });
  });

  it('is not ended by an event of a longer name that begins alike', async () => {
    const department = await orders();
    const address = await addressOf(department);
    const order = 'k'.repeat(200);
    const run = await shop.run(department, { order });
    expect(await report(address, '', { key: `${order}1` })).toMatchObject({ status: 202, body: { waiting: 0 } });
    expect((await report(address, '', { key: order, paid: 'yes' })).body).toEqual({ waiting: 1 });
    expect(await shop.rested(run.id)).toMatchObject({ status: 'succeeded', output: { paid: 'yes' } });
  });

  /** The same, and what came does not matter. */
  const anything = () =>
    shop.publish(
      [
        ['start:trigger.manual'],
        ['pay:logic.waitForEvent', { key: 'x', timeoutMinutes: 60 }],
        ['done:data.set', { values: [{ name: 'came', value: 'yes' }] }],
        ['late:data.set', { values: [{ name: 'late', value: 'yes' }] }],
      ],
      'start>pay pay.arrived>done pay.timeout>late',
    );

  it.each([
    ['without a body', undefined],
    ['that says null', null],
  ])('ends for a report %s: that it came is what was waited for', async (_, body) => {
    const department = await anything();
    const run = await shop.run(department);
    const reply = await shop.platform.call('POST', `${await addressOf(department)}?key=x`, body);
    expect(reply.body).toEqual({ waiting: 1 });
    expect(await shop.rested(run.id)).toMatchObject({ status: 'succeeded', output: { came: 'yes' } });
  });

  it('is not ended by somebody who says nothing: null is refused, and why is said; what is empty is an answer', async () => {
    const department = await anything();
    const run = await shop.run(department);
    const refused = await shop.on(run.id, 'resume', { value: null });
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([400, expect.stringContaining('null is no answer')]);
    expect(await shop.rested(run.id)).toMatchObject({ status: 'waiting' });
    for (const value of [false, 0, '', {}]) {
      const { id } = await shop.run(department);
      expect((await shop.on(id, 'resume', { value })).status).toBeLessThan(300);
      expect(await shop.rested(id)).toMatchObject({ status: 'succeeded', output: { came: 'yes' } });
    }
  });

  it('ends at once for what came before', async () => {
    const department = await orders();
    expect((await report(await addressOf(department), '?key=7', { paid: 'early' })).body).toEqual({ waiting: 0 });
    const id = await shop.start(department, { order: '7' });
    await expect
      .poll(async () => (await shop.call('GET', `/runs/${id}`)).body, { timeout: 60_000 })
      .toMatchObject({ status: 'succeeded', output: { paid: 'early' } });
  });

  it('ends by itself when its time is over', async () => {
    const department = await orders(0.001);
    const id = await shop.start(department, { order: '8' });
    await expect
      .poll(async () => (await shop.call('GET', `/runs/${id}`)).body, { timeout: 60_000 })
      .toMatchObject({ status: 'succeeded', output: { late: 'yes' } });
  });

  it('listens at its own address only', async () => {
    const department = await orders();
    const other = await orders();
    const [address, elsewhere] = [await addressOf(department), await addressOf(other)];
    const run = await shop.run(department, { order: '9' });
    for (const wrong of [`${address.slice(0, -2)}AA`, address.replace('events', 'departments'), '/webhooks/events/x'])
      expect((await report(wrong, '?key=9')).status, wrong).toBe(404);
    expect((await report(elsewhere, '?key=9')).body).toEqual({ waiting: 0 });
    expect((await report(address, '?key=8')).body).toEqual({ waiting: 0 });
    expect((await report(address, '?other=9')).status).toBe(400);
    expect((await shop.rested(run.id)).status).toBe('waiting');
    // Somebody of the team may say it instead.
    await shop.on(run.id, 'resume', { value: { paid: 'by hand' } });
    expect(await shop.rested(run.id)).toMatchObject({ output: { paid: 'by hand' } });
  });
});

/** Every run of the department, page by page. */
async function runsOf(department: string): Promise<{ readonly status: string; readonly startedAt: string | null }[]> {
  const runs = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const after: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const { body }: Reply = await expectOk(shop.call('GET', `/runs?departmentId=${department}&limit=100${after}`));
    runs.push(...body.items);
    cursor = body.nextCursor;
  }
  return runs;
}

describe('a department that is let go', () => {
  it('ends what waits in it, and nothing of it is done again', async () => {
    const department = await orders();
    const address = await addressOf(department);
    const [ended, waiting] = [await shop.run(department, { order: '3' }), await shop.run(department, { order: '4' })];
    await shop.on(ended.id, 'cancel');
    expect((await shop.call('DELETE', `/departments/${department}`)).status).toBe(204);
    expect(await shop.rested(waiting.id)).toMatchObject({ status: 'canceled' });
    expect((await report(address, '?key=4')).status).toBe(404);
    expect((await shop.on(waiting.id, 'resume', { value: 1 })).body.error.code).toBe('run_not_waiting');
    for (const [verb, body] of [
      ['retry', {}],
      ['replay', { effects: 'perform' }],
      ['fork', { fromStep: 'start', effects: 'perform' }],
    ] as const)
      expect((await shop.on(ended.id, verb, body)).body.error?.code, verb).toBe('department_dismissed');
    expect((await shop.on(ended.id, 'replay')).status).toBe(202);
  });

  it('ends what has not begun in it', async () => {
    const held: (() => void)[] = [];
    let isHeld = true;
    const slow = await startCanary((_request, response) => {
      const answer = (): void => void response.end('{}');
      if (isHeld) held.push(answer);
      else answer();
    });
    const letGo = (): void => {
      isHeld = false;
      for (const answer of held.splice(0)) answer();
    };
    const other: DepartmentNode = ['other:data.httpRequest', { url: `http://127.0.0.1:${slow.port}/`, method: 'GET' }];
    try {
      const department = await shop.publish([['start:trigger.manual'], other], 'start>other');
      // A few at a time: what waits for its turn for ten seconds is told to come again.
      for (let started = 0; started < 160; started += 10)
        await Promise.all(Array.from({ length: 10 }, () => shop.start(department)));
      await expect.poll(() => held.length).toBeGreaterThanOrEqual(64);
      expect((await shop.call('DELETE', `/departments/${department}`)).status).toBe(204);
      const runs = await runsOf(department);
      const like = (status: string, isBegun: boolean): number =>
        runs.filter((run) => run.status === status && (run.startedAt !== null) === isBegun).length;
      const [begun, ended] = [like('running', true), like('canceled', false)];
      expect({ all: begun + ended, some: ended > 0 }).toEqual({ all: 160, some: true });
      letGo();
      await expect
        .poll(async () => (await shop.call('GET', `/runs?departmentId=${department}&status=running`)).body.items)
        .toEqual([]);
      expect(slow.requests).toHaveLength(begun);
    } finally {
      letGo();
      await slow.close();
    }
  });

  it.each([
    ['a delay', 'later:logic.delay', { amount: 30, unit: 'days' }],
    ['an approval', 'later:human.ask', { question: 'Pode?', of: 'member' }],
    ['an event', 'later:logic.waitForEvent', { key: 'x' }],
  ] as const)('ends what was at work and then comes to wait for %s', async (_, later, config) => {
    const answers: (() => void)[] = [];
    const slow = await startCanary((_request, response) => void answers.push(() => response.end('{}')));
    const other: DepartmentNode = ['other:data.httpRequest', { url: `http://127.0.0.1:${slow.port}/`, method: 'GET' }];
    try {
      const department = await shop.publish(
        [['start:trigger.manual'], other, [later, config]],
        'start>other other>later',
      );
      const id = await shop.start(department);
      await expect.poll(() => answers.length).toBe(1);
      expect((await shop.call('DELETE', `/departments/${department}`)).status).toBe(204);
      expect((await shop.call('GET', `/runs/${id}`)).body.status).toBe('running');
      answers[0]?.();
      expect(await shop.rested(id)).toMatchObject({ status: 'canceled', finishedAt: expect.any(String) });
      expect((await shop.on(id, 'resume', { value: 1 })).body.error.code).toBe('run_not_waiting');
    } finally {
      await slow.close();
    }
  });
});

describe('two questions at once', () => {
  it('are answered in any order, each once', async () => {
    const department = await shop.publish(
      [
        ['start:trigger.manual'],
        ['a:human.ask', { question: 'A?', of: 'member' }],
        ['b:human.ask', { question: 'B?', of: 'member' }],
        [
          'both:data.set',
          { values: [{ name: 'said', value: '{{ coalesce(steps.a.text, "") }}{{ coalesce(steps.b.text, "") }}' }] },
        ],
      ],
      'start>a start>b a>both b>both',
    );
    const { id } = await shop.run(department);
    expect((await shop.on(id, 'resume', { value: '2', path: 'b' })).status).toBe(202);
    expect((await shop.on(id, 'resume', { value: '3', path: 'b' })).status).toBe(409);
    expect((await shop.rested(id)).waits).toMatchObject([{ path: 'a' }]);
    await shop.on(id, 'resume', { value: '1' });
    expect(await shop.rested(id)).toMatchObject({ status: 'succeeded', output: { said: '12' } });
  });
});

describe('a fork of a run that failed', () => {
  it('does again what was undone, and not what could not be', async () => {
    const department = await shop.publish(
      [
        ['start:trigger.manual'],
        shop.tell('order', 'order', { compensateWith: 'refund' }),
        shop.tell('book', 'book', { compensateWith: 'unbook' }),
        [
          'broken:data.httpRequest',
          { method: 'GET', url: 'http://127.0.0.1:1/' },
          { retry: { attempts: 1, backoffMs: 1 } },
        ],
        shop.tell('refund', 'cut-refund'),
        shop.tell('unbook', 'unbook'),
      ],
      'start>order order>book book>broken',
    );
    const run = await shop.run(department);
    expect(run).toMatchObject({ status: 'failed', error: { path: 'broken', notUndone: ['order~refund'] } });
    shop.told();
    const { body } = await shop.on(run.id, 'fork', { fromStep: 'broken', effects: 'perform' });
    const forked = await shop.rested(body.run.id);
    expect(forked.steps.filter(({ recalled }: { recalled: boolean }) => recalled)).toMatchObject([
      { path: 'start' },
      { path: 'order' },
    ]);
    expect(shop.told()).toEqual(['book', 'unbook']);
  });

  const broken = [
    'broken:data.httpRequest',
    { method: 'GET', url: 'http://127.0.0.1:1/' },
    { retry: { attempts: 1, backoffMs: 1 } },
  ] as const;
  const note = (id: string, of: string, parent = '') =>
    [
      `${id}:data.set${parent && `:${parent}`}`,
      { values: [{ name: 'of', value: `{{ steps.${of}.json.number }}` }] },
    ] as const;
  const forkOf = async (id: string) => {
    shop.told();
    const { body } = await shop.on(id, 'fork', { fromStep: 'broken', effects: 'perform' });
    return shop.rested(body.run.id);
  };

  it('does nothing again that stands outside, though what came before it was undone; what only thinks thinks anew', async () => {
    const department = await shop.publish(
      [
        ['start:trigger.manual'],
        shop.tell('book', 'book', { compensateWith: 'unbook' }),
        note('before', 'book'),
        shop.tell('order', 'order', { compensateWith: 'refund' }),
        // Nobody said how to take it back.
        shop.tell('say', 'say'),
        note('after', 'book'),
        broken,
        shop.tell('unbook', 'unbook'),
        shop.tell('refund', 'fail-refund'),
      ],
      'start>book book>before before>order order>say say>after after>broken',
    );
    const run = await shop.run(department);
    expect(run).toMatchObject({ status: 'failed', error: { path: 'broken', notUndone: ['order~refund'] } });
    const forked = await forkOf(run.id);
    expect(shop.told()).toEqual(['book', 'unbook']);
    expect(recalledSteps(forked)).toEqual(['order', 'say', 'start']);
    const numberOf = (one: Reply['body'], path: string) =>
      one.steps.findLast((step: { path: string }) => step.path === path)?.output;
    expect(numberOf(forked, 'after')).toEqual({ of: numberOf(forked, 'book').json.number });
    expect(numberOf(forked, 'after')).not.toEqual(numberOf(run, 'after'));
    // Nor does a fork of the fork: it stands in the run before.
    await forkOf(forked.id);
    expect(shop.told()).toEqual(['book', 'unbook']);
    // Who asks for that very step gets it.
    const again = await shop.on(forked.id, 'fork', { fromStep: 'say', effects: 'perform' });
    await shop.rested(again.body.run.id);
    expect(shop.told()).toEqual(['book', 'say', 'unbook']);
  });

  it('nor inside of what is done again as a whole', async () => {
    const department = await shop.publish(
      [
        ['start:trigger.manual'],
        shop.tell('book', 'book', { compensateWith: 'unbook' }),
        ['room:logic.subDepartment'],
        ['order:data.httpRequest:room', shop.tell('order', 'order')[1]],
        note('inside', 'book', 'room'),
        ['each:logic.forEach', { items: [1, 2] }],
        ['pack:data.httpRequest:each', shop.tell('pack', 'pack-{{ item }}')[1], { compensateWith: 'unpack' }],
        ['label:data.httpRequest:each', shop.tell('label', 'label-{{ item }}')[1]],
        broken,
        shop.tell('unbook', 'unbook'),
        ['unpack:data.httpRequest:each', shop.tell('unpack', '{{ item.item == 1 ? "unpack" : "fail-unpack" }}')[1]],
      ],
      'start>book book>room order>inside room>each pack>label each>broken',
    );
    const run = await shop.run(department);
    expect(run).toMatchObject({ status: 'failed', error: { path: 'broken', notUndone: ['each#1/pack~unpack'] } });
    const forked = await forkOf(run.id);
    expect(recalledSteps(forked)).toEqual(['each#0/label', 'each#1/label', 'each#1/pack', 'room#0/order', 'start']);
    expect(shop.told()).toEqual(['book', 'pack-1', 'unpack', 'unbook']);
  });
});

describe('a fork beside a step of which nobody knows whether it happened', () => {
  it('does not do that again: it is refused until somebody says, unless it only rehearses or that very step is asked for', async () => {
    const department = await shop.publish(
      [
        ['start:trigger.manual'],
        shop.tell('pay', 'cut-pay-beside'),
        ['note:data.set', { values: [{ name: 'text', value: 'oi' }] }],
        ['end:data.set', { values: [{ name: 'text', value: 'fim' }] }],
      ],
      'start>pay start>note pay>end note>end',
    );
    const run = await shop.run(department);
    expect(run.status).toBe('waiting');
    shop.told();
    const fork = (fromStep: string, effects: string) => shop.on(run.id, 'fork', { fromStep, effects });
    expect(await fork('note', 'perform')).toMatchObject({ status: 409, body: { error: { code: 'effect_open' } } });
    expect(shop.told()).toEqual([]);
    const rehearsed = await fork('note', 'rehearse');
    expect((await shop.rested(rehearsed.body.run.id)).status).toBe('succeeded');
    expect(shop.told()).toEqual([]);
    const asked = await fork('pay', 'perform');
    expect((await shop.rested(asked.body.run.id)).status).toBe('succeeded');
    expect(shop.told()).toEqual(['cut-pay-beside']);
    const effect = run.ledger.find(({ path }: { path: string }) => path === 'pay');
    await shop.on(run.id, `effects/${effect.id}/resolve`, { outcome: 'happened' });
    await shop.rested(run.id);
    const settled = await fork('note', 'perform');
    expect(recalledSteps(await shop.rested(settled.body.run.id))).toEqual(['pay', 'start']);
    expect(shop.told()).toEqual([]);
  });
});

describe('an undoing that is refused', () => {
  /** order is undone by refund, which nobody there takes; then the run breaks. */
  const refused = (more: Partial<NodeDefinition> = {}) =>
    shop.publish(
      [
        ['start:trigger.manual'],
        shop.tell('book', 'book', { compensateWith: 'unbook' }),
        shop.tell('order', 'order', { compensateWith: 'refund' }),
        [
          'broken:data.httpRequest',
          { method: 'GET', url: 'http://127.0.0.1:1/' },
          { retry: { attempts: 1, backoffMs: 1 } },
        ],
        shop.tell('refund', 'fail-refund', more),
        shop.tell('unbook', 'unbook'),
      ],
      'start>book book>broken start>order order>broken',
    );

  it('undid nothing: the run says so, keeps what was answered, and a fork does not do it again', async () => {
    const run = await shop.run(await refused());
    expect(run).toMatchObject({ status: 'failed', error: { path: 'broken', notUndone: ['order~refund'] } });
    expect(run.steps.find(({ path }: { path: string }) => path === 'order~refund')).toMatchObject({
      status: 'failed',
      port: 'failed',
      error: { code: 'undoing_refused', actor: 'provider' },
      output: { status: 422 },
    });
    expect(run.steps.find(({ path }: { path: string }) => path === 'book~unbook')).toMatchObject({
      status: 'succeeded',
    });
    shop.told();
    const { body } = await shop.on(run.id, 'fork', { fromStep: 'broken', effects: 'perform' });
    await shop.rested(body.run.id);
    expect(shop.told()).toEqual(['book', 'unbook']);
  });
});

describe('an undoing that fails', () => {
  it.each(['continue', 'route'] as const)('undid nothing, though its author said: %s', async (onError) => {
    const department = await shop.publish(
      [
        ['start:trigger.manual'],
        shop.tell('order', 'order', { compensateWith: 'refund' }),
        [
          'broken:data.httpRequest',
          { method: 'GET', url: 'http://127.0.0.1:1/' },
          { retry: { attempts: 1, backoffMs: 1 } },
        ],
        shop.tell('refund', 'refund-{{ item.output.json.receipt }}', { onError }),
      ],
      'start>order order>broken',
    );
    const run = await shop.run(department);
    expect(run).toMatchObject({ status: 'failed', error: { path: 'broken', notUndone: ['order~refund'] } });
  });
});

describe('a step of which nobody heard, in a run that fails', () => {
  it.each([
    ['happened', ['order~refund']],
    ['did_not_happen', null],
  ] as const)('is named as left, until somebody says that there is nothing to undo: %s', async (outcome, left) => {
    const department = await shop.publish(
      [
        ['start:trigger.manual'],
        shop.tell('order', `cut-order-${outcome}`, { compensateWith: 'refund' }),
        shop.tell('book', 'book', { compensateWith: 'unbook' }),
        [
          'broken:data.httpRequest',
          { method: 'GET', url: 'http://127.0.0.1:1/' },
          { retry: { attempts: 1, backoffMs: 1 } },
        ],
        shop.tell('refund', 'refund'),
        shop.tell('unbook', 'unbook'),
      ],
      'start>order start>book book>broken',
    );
    shop.told();
    const run = await shop.run(department);
    expect(run).toMatchObject({ status: 'failed', error: { path: 'broken', notUndone: ['order~refund'] } });
    expect(shop.told()).toEqual(expect.arrayContaining([`cut-order-${outcome}`, 'book', 'unbook']));
    const effect = run.ledger.find(({ path }: { path: string }) => path === 'order');
    expect((await shop.on(run.id, `effects/${effect.id}/resolve`, { outcome })).status).toBe(202);
    const { status, error } = await shop.rested(run.id);
    expect({ status, path: error.path, left: error.notUndone ?? null }).toEqual({
      status: 'failed',
      path: 'broken',
      left,
    });
    expect(shop.told()).toEqual([]);
  });
});

describe('an undoing of which nobody heard whether it happened', () => {
  it.each([
    ['happened', null],
    ['did_not_happen', ['order~refund']],
  ] as const)('is asked about; the run says that it was not done until somebody says: %s', async (outcome, left) => {
    const department = await shop.publish(
      [
        ['start:trigger.manual'],
        shop.tell('order', 'order', { compensateWith: 'refund' }),
        [
          'broken:data.httpRequest',
          { method: 'GET', url: 'http://127.0.0.1:1/' },
          { retry: { attempts: 1, backoffMs: 1 } },
        ],
        shop.tell('refund', `cut-${outcome}`),
      ],
      'start>order order>broken',
    );
    const run = await shop.run(department);
    expect(run).toMatchObject({ status: 'failed', error: { path: 'broken', notUndone: ['order~refund'] } });
    const effect = run.ledger.find(({ path }: { path: string }) => path === 'order~refund');
    expect(effect).toMatchObject({ state: 'uncertain' });
    expect((await shop.on(run.id, `effects/${effect.id}/resolve`, { outcome })).status).toBe(202);
    const { status, error } = await shop.rested(run.id);
    expect({ status, path: error.path, left: error.notUndone ?? null }).toEqual({
      status: 'failed',
      path: 'broken',
      left,
    });
  });
});
