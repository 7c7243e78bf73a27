import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { canOwnServices } from '../support/services/start.mjs';
import { random } from './random.js';
import { scenarios } from './scenarios/index.js';
import { storm, type StormOptions, type StormReport } from './storm.js';
import { long, short } from './strengths.js';
import { World } from './world.js';

/**
 * `npm run chaos`: the storm, 1,000 kills unless `--kills` says otherwise. `--short`: two or three minutes of it, which fail when a failpoint was
 * never reached; a shorter one stands among the suites (`tests/services/storm`). `--only <name>`: one scenario of the scorecard. `--all`: the storm and every scenario. `--list` names them. `--seed`
 * repeats a run as far as timing allows; `--seconds` ends a storm early; `--verbose` shows what the processes said. Writes `--output`
 * (`tests/output/chaos.json`).
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    seed: { type: 'string' },
    seconds: { type: 'string' },
    rate: { type: 'string' },
    workers: { type: 'string' },
    only: { type: 'string', multiple: true },
    output: { type: 'string', default: join(import.meta.dirname, '../output/chaos.json') },
    short: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

if (values.list) {
  for (const { name, tests, what } of scenarios) console.log(`${name.padEnd(20)} ${tests.padEnd(4)} ${what}`);
  process.exit(0);
}
if (!canOwnServices()) {
  console.error(
    'Chaos needs a PostgreSQL with pgvector and a Redis of its own to strike: install both, or run on Debian as root.',
  );
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void World.closeAll().finally(() => process.exit(130)));

function summary(seed: number, report: StormReport, asked: StormOptions): string {
  const { verdict, rare } = report;
  const struck = Object.entries(report.struck).map(([kind, times]) => `${kind} ${times}`);
  const hits = Object.values(report.failpoints).reduce((all, one) => all + one, 0);
  return [
    `storm: seed ${seed}, ${verdict.runs} runs, ${report.kills} kills, ${report.stormSeconds} s, at rest ${report.settleSeconds} s after the last fault`,
    `  struck while in flight: ${struck.join(', ')}; idle ${report.idle}`,
    `  failpoints: ${hits} hits${rare.length > 0 ? `; FEWER THAN ${asked.hits}: ${rare.join(', ')}` : `, each at least ${asked.hits}`}`,
    `  lost ${verdict.lost.length}, duplicated ${verdict.duplicated.length}, unfinished ${verdict.unfinished.length}, crashed ${verdict.crashed.length}, refused by Meta's schema ${verdict.violations.length}`,
    `  uncertain: ${verdict.uncertain.reconciled} reconciled, ${verdict.uncertain.surfaced} surfaced, ${verdict.uncertain.open} open`,
    `  slowest recovery ${verdict.slowestSeconds} s`,
    report.bound95 === null ? '  NOT CLEAN' : `  95 % bound ${(report.bound95 * 100).toFixed(2)} % a kill`,
    ...[...verdict.lost, ...verdict.duplicated, ...verdict.unfinished, ...verdict.crashed]
      .slice(0, 20)
      .map((line) => `    ${line}`),
    ...verdict.slowest.map((slow) => `    slow: ${JSON.stringify(slow)}`),
  ].join('\n');
}

const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(values.seed);
const results: Record<string, unknown> = { seed, node: process.version };
let failed = 0;
console.log(`seed ${seed}`);
const began = Date.now();
const secondsSince = (from: number): number => Math.round((Date.now() - from) / 1_000);

if (!values.only || values.all) {
  const chosen = values.short ? short : long;
  const options = {
    ...chosen,
    ...(values.kills && { kills: Number(values.kills) }),
    ...(values.rate && { rate: Number(values.rate) }),
    ...(values.seconds && { seconds: Number(values.seconds) }),
  };
  const world = await World.open({ workers: Number(values.workers ?? chosen.workers) });
  try {
    const report = await storm(world, random(seed), options);
    results['storm'] = report;
    console.log(summary(seed, report, options));
    if (values.verbose)
      for (const victim of world.fleet.victims) console.log(`--- ${victim.role} ${victim.pid}\n${victim.said()}`);
    // Ended early by hand, it says what it saw and asks for no more.
    const enough = report.rare.length === 0 && report.kills >= options.kills;
    if (!report.clean || (!values.seconds && !enough)) failed += 1;
  } finally {
    await world.close();
  }
}

for (const scenario of scenarios) {
  if (!values.all && !values.only?.includes(scenario.name)) continue;
  const started = Date.now();
  try {
    const figures = await scenario.run(random(seed), values.short);
    results[scenario.name] = { ok: true, seconds: secondsSince(started), ...figures };
    console.log(`${scenario.name}: held in ${secondsSince(started)} s ${JSON.stringify(figures)}`);
  } catch (error) {
    failed += 1;
    results[scenario.name] = { ok: false, problem: String(error) };
    console.log(`${scenario.name}: FAILED ${error instanceof Error ? error.message : String(error)}`);
  }
}

mkdirSync(dirname(values.output), { recursive: true });
writeFileSync(values.output, `${JSON.stringify({ ...results, seconds: secondsSince(began) }, null, 2)}\n`);
process.exit(failed > 0 ? 1 : 0);
