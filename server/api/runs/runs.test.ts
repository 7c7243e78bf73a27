import { randomBytes } from 'node:crypto';
import { contactIndex } from '#db/personal.js';
import { openKeyring } from '#db/seal.js';
import { joinPack } from '#db/sealing/stepPacks.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import type { Session } from '../auth/schemas.js';

const keyring = openKeyring(randomBytes(32));
let server: TestApp;
let as: Session;
let department: string;
beforeAll(async () => {
  server = await buildTestApp({ keyring });
  as = await server.register();
  const { body } = await post('/departments', { name: 'Balcão', template: 'customer-service' });
  department = body.id;
  await post(`/departments/${department}/publish`);
});
afterAll(() => server.close());

const post = (path: string, body?: unknown) => server.call('POST', path, { as, body });
const get = (path: string) => server.call('GET', path, { as });
const start = async (body: object = {}) =>
  (await post(`/departments/${department}/runs`, { input: { text: 'oi' }, ...body })).body.run;
const sql = (text: string, values: unknown[]) => server.db.engine.query(text, values);
async function onTheQueue(id: string): Promise<void> {
  await expect
    .poll(async () => (await sql('select admitted_at from platform.runs where id = $1', [id])).rows[0].admitted_at)
    .not.toBeNull();
}

describe('a run', () => {
  it('is taken at once, pinned to the live version, and goes to the queue', async () => {
    const run = await start({ priority: 'high' });
    expect(run).toMatchObject({ status: 'queued', version: 1, priority: 'high', departmentId: department });
    expect(run.input).toMatchObject({ text: 'oi', kind: 'text', contact: { name: null } });
    await onTheQueue(run.id);
  });

  it('of the draft has no version, and the same draft is one', async () => {
    const [one, two] = [await start({ version: 'draft' }), await start({ version: 'draft' })];
    expect(one.version).toBeNull();
    const { rows } = await sql('select distinct version_id from platform.runs where id = any($1)', [[one.id, two.id]]);
    expect(rows).toHaveLength(1);
  });

  it('needs a message where a message starts it', async () => {
    const answer = await post(`/departments/${department}/runs`, { input: { words: 'oi' } });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad_input' } } });
    expect(answer.body.error.details[0].path).toBe('input.text');
  });

  it('needs a published department that is not paused', async () => {
    const { body } = await post('/departments', { name: 'Novo', template: 'customer-service' });
    const run = () => post(`/departments/${body.id}/runs`, { input: { text: 'oi' } });
    expect(await run()).toMatchObject({ status: 409, body: { error: { code: 'not_published' } } });
    await post(`/departments/${body.id}/publish`);
    await server.call('PATCH', `/departments/${body.id}`, { as, body: { status: 'paused' } });
    expect(await run()).toMatchObject({ status: 409, body: { error: { code: 'department_paused' } } });
  });

  it('shows its steps in order, with what went in and out', async () => {
    const { id } = await start();
    const step = `insert into platform.run_steps (run_id, organization_id, path, attempt, node_id, status, port, input, output, error, started_at, duration_ms, input_tokens, output_tokens, cost_micros, model)
      values ($1, $2, $3, 1, $3, $4, $5, $6, $7, $8, now() + make_interval(secs => $9), 12.5, 10, 20, 30, 'sandbox')`;
    const json = (value: unknown) => Buffer.from(JSON.stringify(value));
    const organization = as.organization.id;
    const error = { code: 'model_timeout', message: 'too slow', actor: 'provider', retryable: true };
    await sql(step, [id, organization, 'second', 'failed', null, json('123'), null, json(error), 1]);
    await sql(step, [id, organization, 'first', 'succeeded', 'out', json({ a: 'é' }), json([1, null]), null, 0]);
    const { steps } = (await get(`/runs/${id}`)).body;
    expect(steps).toMatchObject([
      { nodeId: 'first', port: 'out', input: { a: 'é' }, output: [1, null], error: null, durationMs: 12.5 },
      { nodeId: 'second', port: null, input: '123', output: null, error, tokens: { input: 10, output: 20 } },
    ]);
    expect(steps[0].cost).toEqual({ micros: 30, currency: 'USD' });
  });

  it('is found by department, conversation and status', async () => {
    const { id } = await start();
    const list = await get(`/runs?departmentId=${department}&status=queued&limit=1`);
    expect(list.body.items[0].id).toBe(id);
    expect((await get(`/runs?departmentId=${uuidv7()}`)).body.items).toEqual([]);
    expect((await get(`/departments/${department}/runs?limit=1`)).body.items[0].id).toBe(id);
    expect((await get('/runs?status=sleeping')).status).toBe(400);
  });
});

describe('the list', () => {
  let own: string;
  const made: Record<string, string> = {};
  beforeAll(async () => {
    const { body } = await post('/departments', { name: 'Lista', template: 'customer-service' });
    own = body.id;
    await post(`/departments/${own}/publish`);
    const begin = async (name: string, text: string, contact: string) => {
      const { body: answer } = await post(`/departments/${own}/runs`, {
        input: { text, contact: { id: uuidv7(), name: contact } },
      });
      made[name] = answer.run.id;
    };
    await begin('cold', 'O pão veio frio', 'Célia');
    await begin('order', 'Quero 120 coxinhas', 'Jéssica');
    await begin('percent', 'Tem 100% integral?', 'Rafael');
    await begin('newest', 'Bom dia', 'Ana');
    const { body: draft } = await post(`/departments/${own}/runs`, { input: { text: 'rascunho' }, version: 'draft' });
    made['draft'] = draft.run.id;
    await sql(`update platform.runs set status = 'failed' where id = any($1)`, [[made['cold'], made['percent']]]);
    await sql(
      `insert into platform.effects (run_id, key, organization_id, state, worker) values ($1, 'send:x', $2, 'uncertain', 'w@1'), ($3, 'send:x', $2, 'done', 'w@1')`,
      [made['order'], as.organization.id, made['newest']],
    );
    await sql(`update platform.runs set created_at = now() - interval '40 days' where id = $1`, [made['cold']]);
    await sql(
      `update platform.runs set parent_run_id = $3, forked_path = case when id = $2 then 'message' end where id in ($1, $2)`,
      [made['percent'], made['newest'], made['order']],
    );
  });
  const names = async (query: string): Promise<string[]> => {
    const { body } = await get(`/runs?departmentId=${own}&${query}`);
    return body.items.map(({ id }: { id: string }) => Object.entries(made).find(([, each]) => each === id)?.[0]);
  };

  it.each([
    ['version=1', ['newest', 'percent', 'order', 'cold']],
    ['version=0', ['draft']],
    ['version=7', []],
    ['trigger=trigger.whatsapp', ['draft', 'newest', 'percent', 'order', 'cold']],
    ['trigger=trigger.schedule', []],
    ['q=jessica', ['order']],
    ['q=JÉSSICA', ['order']],
    ['q=coxinha', ['order']],
    ['q=100%25', ['percent']],
    ['q=%25', []],
    ['q=integral+tem', ['percent']],
    ['q=integral+coxinha', []],
    ['q=_', []],
    ['q=frio', []],
    [`q=frio&from=${new Date(Date.now() - 50 * 86_400_000).toISOString()}`, ['cold']],
    [`from=${new Date(Date.now() - 86_400_000).toISOString()}`, ['draft', 'newest', 'percent', 'order']],
    [`to=${new Date(Date.now() - 86_400_000).toISOString()}`, ['cold']],
    ['effects=uncertain', ['order']],
    ['origin=first', ['draft', 'order', 'cold']],
    ['origin=replayed', ['percent']],
    ['origin=forked', ['newest']],
    ['status=failed&q=integral', ['percent']],
    ['order=failedFirst', ['percent', 'cold', 'draft', 'newest', 'order']],
  ])('with %s shows %j', async (query, expected) => expect(await names(query)).toEqual(expected));

  it.each(['order=newest', 'order=failedFirst'])('goes on page by page with %s, each run once', async (query) => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await get(`/runs?departmentId=${own}&limit=2&${query}${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor ?? '';
    } while (cursor);
    expect(seen.toSorted()).toEqual(Object.values(made).toSorted());
  });

  it('finds the runs of a telephone number however it is written, and a run by the beginning of its id', async () => {
    const [channel, contact, conversation, address] = [uuidv7(), uuidv7(), uuidv7(), '5581987650123'];
    const vault = await server.vaultOf(as.organization.id);
    const house = as.organization.id;
    await server.db.withOrganization(house, async (trx) => {
      await trx.raw(
        `insert into platform.contacts (id, organization_id, channel_kind, external_id) values (?, ?, 'whatsapp', ?)`,
        [contact, house, contactIndex(vault, 'whatsapp', address)],
      );
      await trx.raw(
        `insert into platform.channels (id, organization_id, department_id, kind, external_id, name) values (?, ?, ?, 'whatsapp', ?, 'W')`,
        [channel, house, own, channel],
      );
      await trx.raw(
        `insert into platform.conversations (id, organization_id, department_id, channel_id, contact_id, locale) values (?, ?, ?, ?, ?, 'pt-BR')`,
        [conversation, house, own, channel, contact],
      );
    });
    await sql('update platform.runs set conversation_id = $2 where id = $1', [made['order'], conversation]);
    for (const written of ['5581987650123', '+55 (81) 98765-0123', '81 98765-0123', '81 8765-0123'])
      expect([written, await names(`q=${encodeURIComponent(written)}`)]).toEqual([written, ['order']]);
    expect(await names(`q=${encodeURIComponent('81 98765-0124')}`)).toEqual([]);
    expect(await names(`q=${made['newest']}`)).toEqual(['newest']);
    expect(await names(`q=${String(made['newest']).slice(0, 6).toUpperCase()}`)).toContain('newest');
    await sql('update platform.runs set conversation_id = null where id = $1', [made['order']]);
  });

  it.each(['version=x', 'trigger=whatsapp', 'order=oldest', 'effects=done', 'origin=cloned', 'from=yesterday', 'q='])(
    'refuses %s',
    async (query) => expect((await get(`/runs?${query}`)).status).toBe(400),
  );

  it('marks runs of which nobody knows what they did outside', async () => {
    const { body } = await get(`/runs?departmentId=${own}&effects=uncertain`);
    expect(body.items[0]).toMatchObject({ uncertainEffects: 1, triggerNode: 'message' });
  });
});

describe('a run of more than anybody reads at once', () => {
  /** Does not shrink when it is stored. */
  const noise = (bytes: number): string =>
    `(select string_agg(md5(random()::text || n), '') from generate_series(1, ${Math.ceil(bytes / 32)}) n)`;
  const lengthOf = (body: unknown): number => JSON.stringify(body).length;

  it('shows each step that it took, however many it did not take', async () => {
    const { id } = await start();
    await sql(
      `insert into platform.run_steps (run_id, organization_id, path, attempt, node_id, status, started_at, duration_ms)
       select $1::uuid, $2::uuid, 'each#' || n || '/' || node, 1, node, status, now() + n * interval '1 ms', 1
       from generate_series(0, 899) n cross join (select 'n' || i, case when i < 8 then 'succeeded' else 'skipped' end from generate_series(1, 24) i) s(node, status)
       union all select $1::uuid, $2::uuid, 'last', 1, 'last', 'succeeded', now() + interval '1 hour', 1`,
      [id, as.organization.id],
    );
    for (const path of [`/runs/${id}`, `/runs/${id}/timeline`]) {
      const { steps } = (await get(path)).body;
      const taken = steps.filter(({ status }: { status: string }) => status === 'succeeded');
      expect(taken).toHaveLength(900 * 7 + 1);
      expect(steps.at(-1).path).toBe('last');
    }
  });

  it('is told without the values that are too big, which are had one by one', async () => {
    const { id } = await start();
    await sql(
      `insert into platform.run_steps (run_id, organization_id, path, attempt, node_id, status, started_at, duration_ms, output)
       select $1::uuid, $2::uuid, 'each#' || n || '/make', 1, 'make', 'succeeded', now() + n * interval '1 ms', 1, convert_to('"' || big || '"', 'UTF8')
       from generate_series(0, 199) n cross join (select ${noise(150_000)} as big) b`,
      [id, as.organization.id],
    );
    await sql(`update platform.runs set status = 'succeeded', output = to_jsonb(${noise(900_000)}) where id = $1`, [
      id,
    ]);
    const { body: whole } = await get(`/runs/${id}`);
    expect(whole.steps).toHaveLength(200);
    expect(whole.steps[0].output).toHaveLength(150_016);
    const left = whole.steps.at(-1);
    expect(left).toMatchObject({ path: 'each#199/make', output: { truncated: { preview: '' } } });
    expect(lengthOf(whole)).toBeLessThan(18_000_000);
    const { body: one } = await get(`/runs/${id}/steps?path=${encodeURIComponent(left.path)}`);
    expect(one.items[0].output).toHaveLength(150_016);
    // All of what it came to where one asks for the run, and its size beside others.
    expect(whole.output).toHaveLength(900_000);
    const cut = { truncated: { bytes: expect.any(Number), preview: '' } };
    const { items } = (await get('/runs?limit=100')).body;
    expect(items.find((run: { id: string }) => run.id === id).output).toEqual(cut);
    const { body: timeline } = await get(`/runs/${id}/timeline`);
    expect(timeline.run.output).toEqual(cut);
    expect(lengthOf(timeline)).toBeLessThan(200_000);
  });

  it('counts what steps hold that were sealed together, and shows them one by one as well', async () => {
    const { id } = await start();
    const vault = await keyring.vault(sql, as.organization.id);
    const values = Array.from({ length: 4 }, (_, place) => JSON.stringify(`${place} ${'x'.repeat(1_800)}`));
    const data = vault.seal(joinPack(values.map((output, place) => ({ input: values[place - 1] ?? null, output }))));
    await sql(
      `with packed as (insert into platform.step_packs (run_id, id, organization_id, data) select $1::uuid, n, $2::uuid, $3 from generate_series(1, 2400) n)
       insert into platform.run_steps (run_id, organization_id, path, attempt, node_id, status, started_at, duration_ms, pack, place)
       select $1::uuid, $2::uuid, 'each#' || n || '/n' || p, 1, 'n' || p, 'succeeded', now() + n * interval '1 ms' + p * interval '1 us', 1, n, p
       from generate_series(1, 2400) n, generate_series(0, 3) p`,
      [id, as.organization.id, data],
    );
    const { body: whole } = await get(`/runs/${id}`);
    expect(whole.steps).toHaveLength(9_600);
    expect(whole.steps[1]).toMatchObject({ input: JSON.parse(values[0] ?? ''), output: JSON.parse(values[1] ?? '') });
    expect(whole.steps.at(-1)).toMatchObject({ input: null, output: { truncated: { preview: '' } } });
    const { body: one } = await get(`/runs/${id}/steps?path=${encodeURIComponent('each#2400/n3')}`);
    expect(one.items[0]).toMatchObject({ input: JSON.parse(values[2] ?? ''), output: JSON.parse(values[3] ?? '') });
  });
});

describe('the timeline of a run', () => {
  it('says when each try worked and what it waited for, without payloads', async () => {
    const { id } = await start();
    const step = `insert into platform.run_steps (run_id, organization_id, path, attempt, node_id, status, input, output, whole, started_at, duration_ms)
      values ($1, $2, 'each#0/check', $3, 'check', $4, '"in"', $5, $6, now(), 5)`;
    const big = JSON.stringify('x'.repeat(300_000));
    const cut = JSON.stringify({ truncated: { bytes: big.length, preview: 'x' } });
    await sql(step, [id, as.organization.id, 1, 'failed', 'null', null]);
    await sql(step, [id, as.organization.id, 2, 'succeeded', cut, big]);
    await sql(
      `insert into platform.waits (id, organization_id, run_id, path, kind, question, answer, answered_by, answered_at)
       values ($1, $2, $3, 'ask', 'member', '{"title":"Pode?"}', '"sim"', $4, now())`,
      [uuidv7(), as.organization.id, id, as.user.id],
    );
    const { body } = await get(`/runs/${id}/timeline`);
    expect(body.run.id).toBe(id);
    expect(body.steps).toMatchObject([
      { path: 'each#0/check', attempt: 1, status: 'failed' },
      { path: 'each#0/check', attempt: 2, status: 'succeeded', durationMs: 5 },
    ]);
    expect(body.steps[0]).not.toHaveProperty('output');
    expect(body.pauses).toEqual([
      {
        path: 'ask',
        kind: 'member',
        question: { title: 'Pode?' },
        answer: 'sim',
        wakeAt: null,
        openedAt: expect.any(String),
        answeredAt: expect.any(String),
        answeredBy: as.user.id,
      },
    ]);
    const at = `path=${encodeURIComponent('each#0/check')}`;
    const steps = async (query: string) => (await get(`/runs/${id}/steps?${query}`)).body.items;
    expect(await steps(at)).toMatchObject([
      { attempt: 1, output: null },
      { attempt: 2, input: 'in', output: JSON.parse(cut) },
    ]);
    expect(await steps(`${at}&attempt=2`)).toHaveLength(1);
    expect((await steps(`${at}&attempt=2&whole=output`))[0].output).toHaveLength(300_000);
    expect(await steps('path=other')).toEqual([]);
    expect((await get(`/runs/${id}/steps?whole=output`)).status).toBe(400);
    const first = (await get(`/runs/${id}/steps?limit=1`)).body;
    expect(first.items).toMatchObject([{ attempt: 1 }]);
    const { items, nextCursor } = (await get(`/runs/${id}/steps?limit=1&cursor=${first.nextCursor}`)).body;
    expect([items[0].attempt, nextCursor]).toEqual([2, null]);
  });
});

describe('a waiting run', () => {
  const choice = {
    title: 'Pode?',
    options: [
      { value: 'no', title: 'Não' },
      { value: 'yes', title: 'Sim' },
    ],
  };
  async function waiting(...paths: string[]): Promise<string> {
    const { id } = await start();
    await sql(`update platform.runs set status = 'waiting' where id = $1`, [id]);
    for (const path of paths) {
      await sql(
        `insert into platform.waits (id, organization_id, run_id, path, kind, question) values ($1, $2, $3, $4, 'member', '{"title":"Pode?"}')`,
        [uuidv7(), as.organization.id, id, path],
      );
    }
    return id;
  }

  it('shows its questions and goes on when one is answered', async () => {
    const id = await waiting('ask');
    expect((await get(`/runs/${id}`)).body.waits).toEqual([
      { path: 'ask', kind: 'member', question: { title: 'Pode?' }, wakeAt: null },
    ]);
    const listed = (await get('/runs?status=waiting')).body.items;
    expect(listed.find((run: { id: string }) => run.id === id)).toMatchObject({ awaitsMember: true });
    const { status, body } = await post(`/runs/${id}/resume`, { value: 'sim' });
    expect([status, body.run.status]).toEqual([202, 'queued']);
    const { rows } = await sql('select answer, answered_by from platform.waits where run_id = $1', [id]);
    const vault = await server.vaultOf(as.organization.id);
    expect(rows.map((row) => [vault.openJson(row.answer), row.answered_by])).toEqual([['sim', as.user.id]]);
    expect((await get(`/runs/${id}`)).body.waits).toEqual([]);
  });

  it.each([['sim'], ['SÍM '], ['2'], [{ text: 'Sim' }], [{ text: '', buttonId: 'yes' }], ['yes']])(
    'takes %j for one of the choices of a question to the house',
    async (value) => {
      const id = await waiting('ask');
      await sql('update platform.waits set question = $2 where run_id = $1', [id, JSON.stringify(choice)]);
      expect(await post(`/runs/${id}/resume`, { value })).toMatchObject({ status: 202 });
    },
  );

  it.each([['talvez'], [''], ['0'], ['3'], [7], [true], [{ a: 1 }], [['yes']], [{ text: 'Talvez' }]])(
    'refuses %j, names the choices and goes on asking',
    async (value) => {
      const id = await waiting('ask');
      await sql('update platform.waits set question = $2 where run_id = $1', [id, JSON.stringify(choice)]);
      const { status, body } = await post(`/runs/${id}/resume`, { value });
      expect([status, body.error.details]).toEqual([400, [{ path: 'value', message: 'no | yes' }]]);
      expect((await get(`/runs/${id}`)).body).toMatchObject({ status: 'waiting', waits: [{ path: 'ask' }] });
    },
  );

  it('asks nothing any more once it has ended, and asks again when it is taken up', async () => {
    const id = await waiting('ask');
    expect((await post(`/runs/${id}/cancel`)).status).toBe(202);
    expect((await get(`/runs/${id}`)).body).toMatchObject({ status: 'canceled', waits: [] });
    expect(await post(`/runs/${id}/resume`, { value: 'sim' })).toMatchObject({
      status: 409,
      body: { error: { code: 'run_not_waiting' } },
    });
    expect((await post(`/runs/${id}/retry`)).status).toBe(202);
    expect((await get(`/runs/${id}`)).body.waits).toMatchObject([{ path: 'ask' }]);
  });

  it('takes answers to several questions in any order, each once', async () => {
    const id = await waiting('one', 'two');
    expect((await post(`/runs/${id}/resume`, { value: 2, path: 'two' })).status).toBe(202);
    expect((await post(`/runs/${id}/resume`, { value: 2, path: 'two' })).status).toBe(409);
    expect((await post(`/runs/${id}/resume`, { value: 1 })).status).toBe(202);
    const { rows } = await sql('select path, answer from platform.waits where run_id = $1 order by path', [id]);
    const vault = await server.vaultOf(as.organization.id);
    expect(rows.map(({ path, answer }) => [path, vault.openJson(answer)])).toEqual([
      ['one', 1],
      ['two', 2],
    ]);
  });
});

describe('a run that does not begin', () => {
  const heldUp = async (id: string) => {
    const [one, list, timeline] = [
      await get(`/runs/${id}`),
      await get(`/runs?departmentId=${department}&limit=100`),
      await get(`/runs/${id}/timeline`),
    ];
    const listed = list.body.items.find((run: { id: string }) => run.id === id);
    expect([listed.heldUp, timeline.body.run.heldUp]).toEqual([one.body.heldUp, one.body.heldUp]);
    return one.body.heldUp;
  };
  const pause = (status: 'paused' | 'active') =>
    server.call('PATCH', `/departments/${department}`, { as, body: { status } });

  it('says that its department is paused, before anybody looked at it and after', async () => {
    const { id } = await start();
    const tried = await start({ version: 'draft', effects: 'rehearse' });
    await pause('paused');
    const paused = { reason: 'paused', until: null, runId: null, ahead: 0 };
    expect(await heldUp(id)).toEqual(paused);
    await sql('update platform.runs set held = true, admitted_at = null where id = $1', [id]);
    expect(await heldUp(id)).toEqual(paused);
    expect(await heldUp(tried.id)).toMatchObject({ reason: 'turn' });
    await pause('active');
  });

  it('says until when it waits, and of one that was at work that it goes on then', async () => {
    const { id } = await start();
    const until = new Date(Date.now() + 3_600_000);
    await sql('update platform.runs set not_before = $2 where id = $1', [id, until]);
    expect(await heldUp(id)).toEqual({ reason: 'hour', until: until.toISOString(), runId: null, ahead: 0 });
    await sql(`update platform.runs set not_before = now() - interval '1 s' where id = $1`, [id]);
    expect(await heldUp(id)).toMatchObject({ reason: 'turn', until: null });
  });

  it('says how many of the house go before it', async () => {
    const stranger = await server.register();
    const { body } = await server.call('POST', '/departments', {
      as: stranger,
      body: { name: 'Balcão', template: 'customer-service' },
    });
    await server.call('POST', `/departments/${body.id}/publish`, { as: stranger });
    const begin = async (): Promise<string> => {
      const request = { as: stranger, body: { input: { text: 'oi' } } };
      const { id } = (await server.call('POST', `/departments/${body.id}/runs`, request)).body.run;
      await onTheQueue(id);
      return id;
    };
    const [first, second, last] = [await begin(), await begin(), await begin()];
    await sql(`update platform.runs set status = 'running' where id = $1`, [first]);
    await sql(`update platform.runs set admitted_at = null, not_before = now() where id = $1`, [last]);
    const said = async (id: string) => (await server.call('GET', `/runs/${id}`, { as: stranger })).body.heldUp;
    expect(await said(last)).toEqual({ reason: 'turn', until: null, runId: null, ahead: 2 });
    expect(await said(second)).toMatchObject({ reason: 'turn', ahead: 1 });
    expect(await said(first)).toBeNull();
  });

  it('says which run of its conversation is at work, once it was answered', async () => {
    const channel = (await post('/integrations/simulator', { departmentId: department })).body.id;
    const { conversation } = (await post(`/simulator/${channel}/messages`, { from: 'bia', text: 'oi' })).body;
    const [asked, busy] = [await start(), await start()];
    await sql(`update platform.runs set conversation_id = $2, status = 'waiting' where id = $1`, [
      asked.id,
      conversation.id,
    ]);
    await sql(`update platform.runs set status = 'canceled' where conversation_id = $1 and status = 'queued'`, [
      conversation.id,
    ]);
    await sql(`update platform.runs set conversation_id = $2, status = 'running' where id = $1`, [
      busy.id,
      conversation.id,
    ]);
    expect(await heldUp(asked.id)).toBeNull();
    await sql('update platform.runs set unseen_answers = 1 where id = $1', [asked.id]);
    expect(await heldUp(asked.id)).toEqual({ reason: 'conversation', until: null, runId: busy.id, ahead: 0 });
    await sql(`update platform.runs set status = 'succeeded', finished_at = now() where id = $1`, [busy.id]);
    expect(await heldUp(asked.id)).toBeNull();
  });
});

describe('stopping and taking up again', () => {
  it('a queued run stops at once, and only once', async () => {
    const { id } = await start();
    expect((await post(`/runs/${id}/cancel`)).body.run).toMatchObject({
      status: 'canceled',
      finishedAt: expect.any(String),
    });
    expect(await post(`/runs/${id}/cancel`)).toMatchObject({ status: 409, body: { error: { code: 'run_finished' } } });
    expect(await post(`/runs/${id}/resume`, { value: 1 })).toMatchObject({ status: 409 });
  });

  it('a running run is asked to stop', async () => {
    const { id } = await start();
    await sql(`update platform.runs set status = 'running' where id = $1`, [id]);
    expect((await post(`/runs/${id}/cancel`)).body.run.status).toBe('running');
    const { rows } = await sql('select cancel_requested from platform.runs where id = $1', [id]);
    expect(rows[0].cancel_requested).toBe(true);
  });

  it('a failed run is queued again, one that is under way is not', async () => {
    const { id } = await start();
    expect(await post(`/runs/${id}/retry`)).toMatchObject({ status: 409, body: { error: { code: 'run_not_failed' } } });
    await sql(`update platform.runs set status = 'failed', finished_at = now(), error = '{"code":"x"}' where id = $1`, [
      id,
    ]);
    expect((await post(`/runs/${id}/retry`)).body.run).toMatchObject({
      status: 'queued',
      error: null,
      finishedAt: null,
    });
  });
});

it('a canceled run is not tried again beside one that is at work for the same customer, or has asked them something', async () => {
  const channel = (await post('/integrations/simulator', { departmentId: department })).body.id;
  const { conversation } = (await post(`/simulator/${channel}/messages`, { from: 'ana', text: 'oi' })).body;
  const [canceled, other] = [(await start()).id, (await start()).id];
  await post(`/runs/${canceled}/cancel`);
  await sql('update platform.runs set conversation_id = $2 where id = any($1)', [[canceled, other], conversation.id]);
  const retry = () => post(`/runs/${canceled}/retry`);
  expect(await retry()).toMatchObject({ status: 409, body: { error: { code: 'conversation_busy' } } });
  await sql(`update platform.runs set status = 'waiting' where id = $1`, [other]);
  await sql(
    `insert into platform.waits (id, organization_id, run_id, path, kind, conversation_id) values ($1, $2, $3, 'ask', 'contact', $4)`,
    [uuidv7(), as.organization.id, other, conversation.id],
  );
  expect(await retry()).toMatchObject({ status: 409, body: { error: { code: 'conversation_waiting' } } });
  expect((await get(`/runs/${other}`)).body).toMatchObject({ status: 'waiting', awaitsMember: false });
  expect((await get(`/runs/${canceled}`)).body.status).toBe('canceled');
  await sql('update platform.waits set answered_at = now() where run_id = $1', [other]);
  expect((await retry()).body.run).toMatchObject({ id: canceled, status: 'queued' });
});

describe('an effect of which nobody knows', () => {
  /** A run that waits to know whether its message went out. */
  async function uncertain(surfaced = true): Promise<{ run: string; effect: string }> {
    const { id: run } = await start();
    const effect = uuidv7();
    await sql(`update platform.runs set status = 'waiting' where id = $1`, [run]);
    await sql(
      `insert into platform.effects (id, run_id, key, organization_id, state, worker, attempts, surfaced_at)
       values ($1, $2, 'reply:message:message-1', $3, 'uncertain', 'w@1', 2, case when $4 then now() end)`,
      [effect, run, as.organization.id, surfaced],
    );
    return { run, effect };
  }
  const resolve = ({ run, effect }: { run: string; effect: string }, outcome: string, session = as) =>
    server.call('POST', `/runs/${run}/effects/${effect}/resolve`, { as: session, body: { outcome } });

  it('is shown with its run, and in the list of what needs a person once it does', async () => {
    const [asked, young] = [await uncertain(), await uncertain(false)];
    expect((await get(`/runs/${asked.run}`)).body.ledger).toEqual([
      {
        id: asked.effect,
        runId: asked.run,
        departmentId: department,
        path: 'reply',
        kind: 'message',
        name: 'message-1',
        state: 'uncertain',
        needsPerson: true,
        attempts: 2,
        settledBy: null,
        resolvedBy: null,
        intendedAt: expect.any(String),
        updatedAt: expect.any(String),
        idempotencyKey: `${asked.run}/reply:message:message-1`,
        message: null,
      },
    ]);
    const listed: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await get(`/effects?limit=1${cursor && `&cursor=${cursor}`}`);
      listed.push(...body.items.map((effect: { id: string }) => effect.id));
      cursor = body.nextCursor;
    }
    expect(listed).toContain(asked.effect);
    expect(listed).not.toContain(young.effect);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it.each([
    ['happened', 'done'],
    ['did_not_happen', 'not_done'],
  ])('that somebody says %s is settled once, and its run goes on', async (outcome, state) => {
    const known = await uncertain();
    const answers = await Promise.all(['happened', outcome, outcome].map(() => resolve(known, outcome)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409]);
    const taken = answers.find(({ status }) => status === 202)?.body;
    expect(taken.effect).toMatchObject({ state, settledBy: 'person', resolvedBy: as.user.id, needsPerson: false });
    expect(taken.run.status).toBe('queued');
    expect(answers.find(({ status }) => status === 409)?.body.error.code).toBe('effect_settled');
  });

  it('is among what needs a person, and so is a question to a member; neither a rehearsal nor what has ended is', async () => {
    const [asked, young] = [await uncertain(), await uncertain(false)];
    const waiting = async (kind: 'member' | 'time', status: string, rehearsal = false): Promise<string> => {
      const { id } = await start();
      await sql('update platform.runs set status = $2, rehearsal = $3 where id = $1', [id, status, rehearsal]);
      await sql(`insert into platform.waits (id, organization_id, run_id, path, kind) values ($1, $2, $3, 'ask', $4)`, [
        uuidv7(),
        as.organization.id,
        id,
        kind,
      ]);
      return id;
    };
    const question = await waiting('member', 'waiting');
    const others = [
      await waiting('time', 'waiting'),
      await waiting('member', 'canceled'),
      await waiting('member', 'waiting', true),
      young.run,
    ];
    const { body } = await get('/runs?needs=person&limit=100');
    const listed = body.items.map(({ id }: { id: string }) => id);
    expect(listed).toEqual(expect.arrayContaining([question, asked.run]));
    expect(listed.filter((id: string) => others.includes(id))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('cannot be settled by a stranger, nor under another run, nor with another word', async () => {
    const [known, other] = [await uncertain(), await uncertain()];
    const stranger = await server.register('Stranger');
    expect((await resolve(known, 'happened', stranger)).status).toBe(404);
    expect((await resolve({ ...known, run: other.run }, 'happened')).status).toBe(404);
    expect((await resolve(known, 'perhaps')).status).toBe(400);
    expect((await resolve(known, 'happened')).status).toBe(202);
  });
});
