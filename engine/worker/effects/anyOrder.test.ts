import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunInterrupted } from '#engine/run/errors.js';
import { transaction } from '#engine/worker/query.js';
import type { NodeContext } from '#nodes/sdk/context.js';
import { EffectDidNotHappen, NodeError } from '#nodes/sdk/errors.js';
import type { Json } from '#nodes/sdk/json.js';
import { sketch, type NodeSketch } from '#tests/support/engine/graph.js';
import { Doings } from '#tests/support/engine/nodes.js';
import { World, type Started, type Worker } from '#tests/support/engine/world.js';
import { effectReported, nothingToUndo } from './settle.js';

/**
 * Whatever happens to the workers of a run and to what it does outside, and in whatever order: nothing happens twice, a run that succeeds has done all of it,
 * one that fails has undone what it had finished or says what it could not, and one that is canceled undoes nothing.
 */
let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

/** What becomes of the next thing that is done outside. */
const fates = [
  'done',
  'done',
  'done',
  'others are settled',
  'refused',
  'lost after',
  'lost before',
  'dies after',
  'dies before',
  'put down',
  'canceled',
] as const;
type Fate = (typeof fates)[number];

type Part = 'act' | 'undone' | 'ask' | 'each' | 'loop' | 'beside';
interface Plan {
  readonly parts: readonly Part[];
  readonly fails: boolean;
  readonly fates: readonly Fate[];
  /** The same of what undoes. */
  readonly undoing: readonly Fate[];
  /** Whether a provider that is asked later knows. */
  readonly knows: boolean;
}
const plans: fc.Arbitrary<Plan> = fc.record({
  parts: fc.array(fc.constantFrom<Part>('act', 'undone', 'undone', 'ask', 'each', 'loop', 'beside'), {
    minLength: 1,
    maxLength: 4,
  }),
  fails: fc.boolean(),
  fates: fc.array(fc.constantFrom<Fate>(...fates), { maxLength: 6 }),
  undoing: fc.array(
    fc.constantFrom<Fate>('done', 'others are settled', 'lost after', 'lost after', 'dies after', 'refused'),
    {
      maxLength: 6,
    },
  ),
  knows: fc.boolean(),
});

const retry = { attempts: 2, backoffMs: 0 };
function departmentOf({ parts, fails }: Plan) {
  const nodes: NodeSketch[] = ['start:start', ['back:act', { retry }]];
  const edges: string[] = [];
  let last = 'start';
  const after = (id: string, port = 'out'): void => {
    edges.push(`${last}>${id}`);
    last = port === 'out' ? id : `${id}.${port}`;
  };
  const undone = (id: string, parent = '', by = 'back'): NodeSketch => [
    `${id}:act${parent && `:${parent}`}`,
    { compensateWith: by, retry },
  ];
  parts.forEach((part, index) => {
    const id = `n${index}`;
    if (part === 'act') nodes.push([`${id}:act`, { retry }]);
    if (part === 'undone') nodes.push(undone(id));
    if (part === 'ask') nodes.push(`${id}:ask`);
    if (part === 'act' || part === 'undone' || part === 'ask') return after(id);
    if (part === 'beside') {
      nodes.push(undone(`${id}a`), `${id}b:ask`, undone(`${id}c`), `${id}:set`);
      edges.push(`${last}>${id}a`, `${last}>${id}b`, `${id}b>${id}c`, `${id}a>${id}`, `${id}c>${id}`);
      last = id;
      return;
    }
    nodes.push(
      [`${id}:${part}`, { config: part === 'each' ? { items: ['x', 'y'] } : { limit: 2, until: '{{ index == 1 }}' } }],
      [`${id}q:ask:${id}`, {}],
      undone(`${id}w`, id, `${id}u`),
      [`${id}u:act:${id}`, { retry }],
    );
    edges.push(`${id}q>${id}w`);
    after(id, 'done');
  });
  if (fails) {
    nodes.push('z:task');
    after('z');
  }
  return sketch(nodes, edges.join(' '));
}

const boom = (): never => {
  throw new NodeError('The oven is cold.', { code: 'cold_oven', actor: 'author', retryable: false });
};

/** The outside, and what strikes it. */
class Outside {
  /** How often each thing really happened, by idempotency key. */
  readonly happened = new Map<string, number>();
  readonly #fates: Fate[];
  readonly #undoing: Fate[];
  worker: Worker | null = null;
  stop = new AbortController();
  canceled = false;

  constructor({ fates: all, undoing }: Plan) {
    this.#fates = [...all];
    this.#undoing = [...undoing];
  }

  async act(ctx: NodeContext): Promise<Json> {
    const key = `${ctx.run.id}/${ctx.path}:do`;
    const happens = (): void => void this.happened.set(key, (this.happened.get(key) ?? 0) + 1);
    const dies = () =>
      world.rows('update platform.workers set alive = false, epoch = epoch + 1 where id = $1', [this.worker?.lease.id]);
    const fate = (ctx.path.includes('~') ? this.#undoing : this.#fates).shift() ?? 'done';
    switch (fate) {
      case 'refused':
        throw new EffectDidNotHappen('No.', { code: 'refused', actor: 'provider', retryable: true });
      case 'lost before':
        throw new NodeError('No answer.', { code: 'lost', actor: 'provider', retryable: false });
      case 'dies before':
        await dies();
        throw new NodeError('No answer.', { code: 'lost', actor: 'provider', retryable: false });
      case 'lost after':
        happens();
        throw new NodeError('No answer.', { code: 'lost', actor: 'provider', retryable: false });
      case 'dies after':
        happens();
        await dies();
        break;
      case 'others are settled':
        happens();
        await settle(ctx.run.id, this, key);
        break;
      case 'put down':
        happens();
        this.stop.abort(new RunInterrupted('closing'));
        break;
      case 'canceled':
        happens();
        this.canceled = true;
        await world.rows('update platform.runs set cancel_requested = true where id = $1', [ctx.run.id]);
        this.stop.abort();
        break;
      default:
        happens();
    }
    return 'acted';
  }
}

const statusOf = async ({ run }: Started): Promise<string> => (await world.runRow(run.id)).status;

/** As a provider that reports, or a person who looked. */
async function settle(runId: string, outside: Outside, underWay = ''): Promise<void> {
  const open = await world.rows<{ key: string }>(
    `select key from platform.effects where run_id = $1 and state in ('uncertain', 'intended') and $1::text || '/' || key <> $2`,
    [runId, underWay],
  );
  const vault = await world.vaultOf();
  for (const { key } of open) {
    if (outside.happened.has(`${runId}/${key}`))
      await transaction(world.database.db.engine, (query) => effectReported(query, vault, runId, key, 'acted'));
    else
      await transaction(world.database.db.engine, async (query) => {
        await query(`update platform.effects set state = 'not_done' where run_id = $1 and key = $2`, [runId, key]);
        await nothingToUndo(query, runId, key);
      });
  }
}

async function live(started: Started, outside: Outside, { knows }: Plan): Promise<string> {
  const { run } = started;
  for (let round = 0; round < 60; round += 1) {
    const status = await statusOf(started);
    if (['succeeded', 'failed', 'canceled'].includes(status)) return status;
    if (status === 'waiting') {
      await settle(run.id, outside);
      for (const { path } of await world.waits(run.id)) await world.answer(run.id, path, 'sim');
    }
    await world.rows(
      `update platform.runs set status = 'queued', worker = null where id = $1 and status in ('running', 'waiting')`,
      [run.id],
    );
    outside.stop = new AbortController();
    outside.worker = await world.worker({
      reconcile: async ({ idempotencyKey }) => {
        if (!knows) return { happened: 'unknown' };
        return outside.happened.has(idempotencyKey) ? { happened: true, result: 'acted' } : { happened: false };
      },
    });
    await world.resume(outside.worker, started, outside.stop.signal).catch(() => undefined);
  }
  throw new Error('It never came to rest');
}

/** The report of one undoing comes while another is at work. */
const known: Plan = {
  parts: ['undone', 'undone'],
  fails: true,
  fates: [],
  undoing: ['lost after', 'others are settled'],
  knows: false,
};

it('nothing is done twice, and what failed is undone once or said to be left', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const outside = new Outside(plan);
      world.doings = new Doings();
      world.doings.scripts.get = (path: string) => (path === 'z' ? [boom] : [(ctx: NodeContext) => outside.act(ctx)]);
      const started = await world.start(departmentOf(plan));
      const status = await live(started, outside, plan);
      await settle(started.run.id, outside);

      const { id } = started.run;
      const count = (path: string): number => outside.happened.get(`${id}/${path}:do`) ?? 0;
      expect([...outside.happened.values()].filter((times) => times > 1)).toEqual([]);
      const steps = await world.rows<{ path: string; node: string; status: string; undoes: string | null; at: number }>(
        `select path, node_id as node, status, compensates as undoes, extract(epoch from finished_at)::float8 as at from platform.run_steps where run_id = $1`,
        [id],
      );
      const finished = steps.filter((step) => step.undoes === null && step.status === 'succeeded');
      const undoings = [...outside.happened.keys()].filter((key) => key.includes('~'));
      if (status !== 'failed') expect(undoings).toEqual([]);
      if (status === 'canceled') expect(outside.canceled).toBe(true);
      if (status === 'succeeded') {
        expect(plan.fails).toBe(false);
        const acts = finished.filter(({ node }) => /^n\d+[acw]?$/.test(node) && outside.happened.has(`${id}/${node}`));
        for (const { path } of acts) expect(count(path)).toBe(1);
      }
      if (status !== 'failed') return;
      const undoable = finished.filter(({ path }) => outside.happened.has(`${id}/${path}:do`) && undoerOf(plan, path));
      const { error } = await world.runRow(id);
      const left = (error as { notUndone?: string[] }).notUndone ?? [];
      for (const { path } of undoable) {
        const undoing = `${path}~${undoerOf(plan, path)}`;
        expect({ undoing, times: count(undoing), left: left.includes(undoing) }).toEqual({
          undoing,
          times: left.includes(undoing) ? 0 : 1,
          left: left.includes(undoing),
        });
      }
      const due = undoable.map(({ path }) => `${path}~${undoerOf(plan, path)}`);
      expect(undoings).toHaveLength(due.filter((undoing) => !left.includes(undoing)).length);
      // What happened in steps that did not finish is left, and nothing else is said to be.
      const unfinished = [...outside.happened.keys()]
        .map((key) => key.slice(id.length + 1, -':do'.length))
        .filter((path) => !path.includes('~') && !finished.some((step) => step.path === path) && undoerOf(plan, path));
      expect(left.filter((undoing) => !due.includes(undoing)).toSorted()).toEqual(
        unfinished.map((path) => `${path}~${undoerOf(plan, path)}`).toSorted(),
      );
    }),
    { numRuns: Number(process.env['ORDERS'] ?? 40), endOnFailure: true, examples: [[known]] },
  );
}, 900_000);

/** Who undoes the step at a path; `null` for one that nobody does. */
function undoerOf({ parts }: Plan, path: string): string | null {
  const [, index = '', rest = ''] = /n(\d+)([acw]?)$/.exec(path) ?? [];
  const part = parts[Number(index)];
  if (part === 'undone' && rest === '') return 'back';
  if (part === 'beside' && (rest === 'a' || rest === 'c')) return 'back';
  return (part === 'each' || part === 'loop') && rest === 'w' ? `n${index}u` : null;
}
