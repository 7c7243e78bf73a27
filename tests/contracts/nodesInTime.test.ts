import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registry } from '#nodes/registry.js';
import { startDepartments, type DepartmentDriver } from '#tests/support/departmentDriver.js';

/**
 * Every node of the registry under time travel and compensation: a new one is covered the moment it exists, or says here what it cannot be
 * made without.
 */
const configs: Readonly<Record<string, object>> = {
  'logic.if': { condition: true },
  'logic.forEach': { items: [1, 2] },
  'logic.loop': { until: true },
  'human.ask': { question: 'Pode?', of: 'member' },
  'channel.send': { text: 'Oi' },
};
const containers = ['loop', 'forEach', 'department'];
const nodes = registry.filter((node) => node.kind !== 'trigger');

let shop: DepartmentDriver;
beforeAll(async () => {
  shop = await startDepartments();
}, 200_000);
afterAll(() => shop.close());

const configOf = (type: string): object =>
  type === 'data.httpRequest'
    ? { method: 'POST', url: `http://127.0.0.1:${shop.outside.port}/told`, body: {} }
    : (configs[type] ?? {});
interface Step {
  readonly path: string;
  readonly status: string;
  readonly port: string | null;
  readonly recalled: boolean;
  readonly compensates: string | null;
}
const outcomeOf = (run: { status: string; steps: Step[] }, path: string) => {
  const step = run.steps.findLast((one) => one.path === path);
  return { run: run.status, step: step?.status, port: step?.port };
};

describe.each(nodes.map((node) => [node.type, node] as const))('%s', (type, node) => {
  const inside = containers.includes(node.kind) ? ([['inside:data.set:x']] as const) : [];

  it('comes to the same in a rehearsal, replayed or forked, and does nothing outside', async () => {
    const department = await shop.publish(
      [['start:trigger.manual'], [`x:${type}`, configOf(type)], ...inside],
      'start>x',
    );
    const run = await shop.run(department, { text: 'Oi, tudo bem?' });
    const before = outcomeOf(run, 'x');
    expect(before.step).toBeDefined();
    shop.told();
    const replayed = await shop.on(run.id, 'replay');
    expect(outcomeOf(await shop.rested(replayed.body.run.id), 'x')).toEqual(before);
    const { body } = await shop.on(run.id, 'fork', { fromStep: 'x' });
    const forked = await shop.rested(body.run.id);
    expect(outcomeOf(forked, 'x')).toEqual(before);
    expect(forked.steps.filter((step: Step) => step.recalled).map((step: Step) => step.path)).toEqual(['start']);
    expect(shop.told()).toEqual([]);
  });

  it('undoes another, or may not be chosen for it', async () => {
    const publish = () =>
      shop.publish(
        [
          ['start:trigger.manual'],
          ['done:data.set', {}, { compensateWith: 'x' }],
          shop.tell('fails', 'anything', { timeoutSeconds: 5 }),
          ['after:logic.forEach', { items: '{{ steps.fails.json.nothing }}' }],
          ['each:data.set:after'],
          [`x:${type}`, configOf(type)],
          ...inside,
        ],
        'start>done done>fails fails>after',
      );
    if (node.kind === 'wait' || containers.includes(node.kind)) {
      await expect(publish()).rejects.toThrow('compensate.not_possible');
      return;
    }
    const run = await shop.run(await publish());
    expect(run).toMatchObject({ status: 'failed', error: { path: 'after' } });
    const undone = run.steps.findLast((step: Step) => step.path === 'done~x');
    expect(undone).toMatchObject({ compensates: 'done', nodeId: 'x' });
    // What cannot be done without a customer is said to be not undone.
    expect(run.error.notUndone ?? []).toEqual(undone.status === 'succeeded' ? [] : ['done~x']);
  });
});
