import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { canOwnServices } from '../support/services/start.mjs';
import { random } from './random.js';
import { scenarios } from './scenarios.js';
import { storm } from './storm.js';
import { World } from './world.js';

/**
 * `npm run chaos`: the storm, 1,000 kills unless `--kills` says otherwise. `--short`: a few minutes of it, as CI runs it. `--only <name>`: one scenario
 * of the scorecard. `--all`: the storm and every scenario. `--list` names them. `--seed` repeats a run as far as timing allows; `--seconds` ends a
 * storm early; `--verbose` shows what the processes said. Writes `tests/output/chaos.json`.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    seed: { type: 'string' },
    seconds: { type: 'string' },
    rate: { type: 'string' },
    workers: { type: 'string' },
    only: { type: 'string', multiple: true },
    short: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

if (values.list) {
  for (const { name, tests, what } of scenarios) console.log(`${name.padEnd(16)} ${tests.padEnd(8)} ${what}`);
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

const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(values.seed);
const results: Record<string, unknown> = { seed };
let failed = 0;
console.log(`seed ${seed}`);

if (!values.only || values.all) {
  const short = { kills: 40, hits: 5, rate: 6, seconds: 70 };
  const long = { kills: 1_000, hits: 5, rate: 6, seconds: 24 * 3_600 };
  const chosen = values.short ? short : long;
  const world = await World.open({ workers: Number(values.workers ?? 4) });
  try {
    const report = await storm(world, random(seed), {
      ...chosen,
      ...(values.kills && { kills: Number(values.kills) }),
      ...(values.rate && { rate: Number(values.rate) }),
      ...(values.seconds && { seconds: Number(values.seconds) }),
    });
    results['storm'] = report;
    const { verdict } = report;
    const rare = Object.entries(report.failpoints).filter(([, hits]) => hits < 5);
    console.log(
      [
        `storm: seed ${seed}, ${verdict.runs} runs, ${report.kills} kills, ${report.stormSeconds} s, at rest ${report.settleSeconds} s after the last fault`,
        `  struck while in flight: ${Object.entries(report.struck)
          .map(([kind, times]) => `${kind} ${times}`)
          .join(', ')}; idle ${report.idle}`,
        `  failpoints: ${Object.values(report.failpoints).reduce((a, b) => a + b, 0)} hits${rare.length > 0 ? `; fewer than five: ${rare.map(([name, hits]) => `${name} ${hits}`).join(', ')}` : ', each at least five'}`,
        `  lost ${verdict.lost.length}, duplicated ${verdict.duplicated.length}, unfinished ${verdict.unfinished.length}, refused by Meta's schema ${verdict.violations.length}`,
        `  uncertain: ${verdict.uncertain.reconciled} reconciled, ${verdict.uncertain.surfaced} surfaced, ${verdict.uncertain.open} open`,
        `  slowest recovery ${verdict.slowestSeconds} s`,
        report.bound95 === null ? '  NOT CLEAN' : `  95 % bound ${(report.bound95 * 100).toFixed(2)} % a kill`,
      ].join('\n'),
    );
    for (const line of [...verdict.lost, ...verdict.duplicated, ...verdict.unfinished].slice(0, 20))
      console.log(`    ${line}`);
    if (values.verbose)
      for (const victim of world.victims) console.log(`--- ${victim.role} ${victim.pid}\n${victim.said()}`);
    for (const slow of verdict.slowest) console.log(`    slow: ${JSON.stringify(slow)}`);
    if (!report.clean) failed += 1;
    if (!values.short && !values.seconds && rare.length > 0) failed += 1;
  } finally {
    await world.close();
  }
}

for (const scenario of scenarios) {
  if (!values.all && !values.only?.includes(scenario.name)) continue;
  const began = Date.now();
  try {
    const figures = await scenario.run(random(seed), values.short);
    results[scenario.name] = { ok: true, ...figures };
    console.log(`${scenario.name}: held in ${Math.round((Date.now() - began) / 1000)} s ${JSON.stringify(figures)}`);
  } catch (error) {
    failed += 1;
    results[scenario.name] = { ok: false, problem: String(error) };
    console.log(`${scenario.name}: FAILED ${error instanceof Error ? error.message : String(error)}`);
  }
}

const output = join(import.meta.dirname, '../output');
mkdirSync(output, { recursive: true });
writeFileSync(join(output, 'chaos.json'), `${JSON.stringify(results, null, 2)}\n`);
process.exit(failed > 0 ? 1 : 0);
