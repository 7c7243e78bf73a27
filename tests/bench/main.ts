/**
 * `npm run bench`: measures the rows of the design's table of goals, prints them with floor, ours, ratio and goal, and writes each to
 * results/<row>.json. Rows are named as arguments; see README.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStores, type Stores } from './measure/stores.js';
import type { Bench, Line, Outcome, Settings } from './measure/row.js';
import { median } from './measure/stats.js';
import { reached, tableOf } from './measure/table.js';
import { rows } from './rows.js';

const results = join(import.meta.dirname, 'results');

function readArguments(): { names: readonly string[]; settings: Settings } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      idle: { type: 'string', default: '30' },
      against: { type: 'string' },
      profile: { type: 'boolean', default: false },
    },
  });
  const number = (name: 'runs' | 'seconds' | 'idle'): number => {
    const given = Number(values[name]);
    if (!(given > 0)) throw new Error(`--${name} must be a number above 0`);
    return given;
  };
  if (values.against !== undefined && values.against !== 'n8n') throw new Error('--against knows only n8n');
  if (values.against && !process.env['N8N_BIN'])
    throw new Error('--against n8n needs N8N_BIN, the path of its executable');
  const unknown = positionals.filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0)
    throw new Error(`There is no row ${unknown.join(', ')}. Rows: ${rows.map((row) => row.name).join(', ')}`);
  return {
    names: positionals.length > 0 ? positionals : rows.map((row) => row.name),
    settings: {
      runs: number('runs'),
      seconds: number('seconds'),
      idleSeconds: number('idle'),
      against: values.against ?? null,
      profile: values.profile ? join(import.meta.dirname, 'output') : null,
    },
  };
}

function write(name: string, { lines, samples, notes = [] }: Outcome, settings: Settings): void {
  const [cpu] = cpus();
  const measured = {
    row: name,
    at: new Date().toISOString(),
    machine: {
      cpu: cpu?.model ?? 'unknown',
      cores: cpus().length,
      memoryGigabytes: Math.round(totalmem() / 2 ** 30),
      system: `${platform()} ${arch()}`,
      // Anything much above zero before a row says that the machine was not quiet.
      loadBefore: loadBefore.get(name),
    },
    node: process.version,
    settings: {
      runs: settings.runs,
      seconds: settings.seconds,
      idleSeconds: settings.idleSeconds,
      against: settings.against,
    },
    lines: lines.map((line) => ({ ...line, reached: reached(line) })),
    medians: Object.fromEntries(Object.entries(samples).map(([what, values]) => [what, median(values)])),
    samples,
    notes,
  };
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(measured, null, 2)}\n`);
}

const loadBefore = new Map<string, number | undefined>();
let opened: Promise<Stores> | undefined;
const close = async (): Promise<void> => (await opened)?.stop();

async function main(): Promise<boolean> {
  const { names, settings } = readArguments();
  if (settings.profile) mkdirSync(settings.profile, { recursive: true });
  const lines: Line[] = [];
  const notes: string[] = [];
  let failed = false;
  try {
    for (const row of rows.filter(({ name }) => names.includes(name))) {
      const say = (line: string): void => console.error(`  ${row.name}: ${line}`);
      const bench: Bench = { settings, say, stores: () => (opened ??= openStores()) };
      loadBefore.set(row.name, loadavg()[0]);
      console.error(`${row.name}…`);
      try {
        const outcome = await row.measure(bench);
        lines.push(...outcome.lines);
        notes.push(...(outcome.notes ?? []).map((note) => `${row.name}: ${note}`));
        write(row.name, outcome, settings);
      } catch (error) {
        // One row that cannot be measured must not hide the others.
        failed = true;
        console.error(error);
        notes.push(`${row.name}: FAILED, ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`);
      }
    }
  } finally {
    await close();
  }
  console.log(`\n${tableOf(lines)}`);
  if (notes.length > 0) console.log(`\n${notes.map((note) => `- ${note}`).join('\n')}`);
  return failed;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => void close().finally(() => process.exit(130)));
main().then(
  (failed) => process.exit(failed ? 1 : 0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  },
);
