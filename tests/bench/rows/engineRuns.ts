import type { Definition } from '#engine/graph/definition.js';
import { openJournalFloor } from '../floors/journal.js';
import { startAgainst } from '../measure/against.js';
import { flowDepartment, queueDepartment } from '../measure/departments.js';
import { onServices, startProcess, type Process } from '../measure/platform.js';
import type { Bench, Goals, Outcome, Row } from '../measure/row.js';
import { runsLoad, type RunsSample } from '../measure/runsLoad.js';
import { figure, median } from '../measure/stats.js';
import { flowWorkflow, queueWorkflow, type Workflow } from '../peers/n8nWorkflows.js';

interface Shape {
  readonly title: string;
  readonly definition: Definition;
  readonly workflow: Workflow;
  readonly roles: readonly ('all' | 'api' | 'worker')[];
  readonly goals: Readonly<Record<'installed' | 'tuned', Goals>>;
}

/**
 * Webhook, set, if, respond: runs finished a second over load and drain from 50 connections, API and worker in one process on services,
 * each run and each of its steps on record. A run is started through the API and is durable before the caller hears of it. Against n8n in
 * one process, whose answer is the end of its execution; without it, beside the plain loop with a group-committed journal.
 */
export const engineFlow: Row = {
  name: 'engine-flow',
  measure: (bench) =>
    measureRuns(bench, {
      title: 'engine: flow',
      definition: flowDepartment(),
      workflow: flowWorkflow,
      roles: ['all'],
      goals: { installed: { first: 10, goal: 90, stretch: 180 }, tuned: { first: 3, goal: 28, stretch: 55 } },
    }),
};

/** The same with five nodes, one API and one worker process: against n8n in queue mode with one worker. */
export const engineQueue: Row = {
  name: 'engine-queue',
  measure: (bench) =>
    measureRuns(bench, {
      title: 'engine: queue',
      definition: queueDepartment(),
      workflow: queueWorkflow,
      roles: ['api', 'worker'],
      goals: { installed: { first: 10, goal: 100, stretch: 140 }, tuned: { first: 3, goal: 23, stretch: 33 } },
    }),
};

async function measureRuns(bench: Bench, { title, definition, workflow, roles, goals }: Shape): Promise<Outcome> {
  const { settings } = bench;
  const stores = await bench.stores();
  const database = await stores.database();
  const services = onServices(database.url, stores.redisUrl);
  const processes: Process[] = [];
  const floor = await openJournalFloor(database, definition.nodes.length);
  const against = await startAgainst(bench, { workflow, queue: roles.length > 1 });
  try {
    for (const ROLE of roles) processes.push(await startProcess(settings, { ...services, ROLE }));
    const [api] = processes;
    if (!api) throw new Error('There is no API');
    const measure = await runsLoad(
      api.url,
      definition,
      database,
      processes.map(({ pid }) => pid),
    );
    await measure(settings.seconds);
    const floors: number[] = [];
    const ours: RunsSample[] = [];
    for (let run = 0; run < settings.runs; run += 1) {
      floors.push(await floor.measure(settings.seconds));
      const sample = await measure(settings.seconds);
      ours.push(sample);
      bench.say(`floor ${figure(floors.at(-1) ?? 0, '/s')}, ours ${figure(sample.finished, '/s')}`);
      await against.measure();
    }
    const of = (name: Exclude<keyof RunsSample, 'cpu'>): number[] => ours.map((sample) => sample[name]);
    const [finished, plain] = [median(of('finished')), median(floors)];
    const cpu = roles.map(
      (role, index) => `${role} ${figure(median(ours.map((sample) => sample.cpu[index] ?? Number.NaN)), 'us')}`,
    );
    const share = `${figure((100 * finished) / plain, '%')} of the plain loop with a group-committed journal (${figure(plain, '/s')})`;
    return {
      lines: against.lines(title, finished, figure(plain, '/s'), goals),
      samples: {
        floor: floors,
        finished: of('finished'),
        accepted: of('accepted'),
        p50: of('p50'),
        p99: of('p99'),
        ...against.samples,
      },
      notes: [
        `${figure(finished, '/s')} is ${share}. Accepted ${figure(median(of('accepted')), '/s')}; from row to end p50 ` +
          `${figure(median(of('p50')), 'ms')}, p99 ${figure(median(of('p99')), 'ms')}; ${median(of('steps'))} steps on record a run. CPU of one run: ${cpu.join(', ')}.`,
      ],
    };
  } finally {
    await against.stop();
    await Promise.all(processes.map((each) => each.stop()));
    await floor.close();
    await database.drop();
  }
}
