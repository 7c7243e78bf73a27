import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'dist/.source-checksum');
const sources = ['db', 'engine', 'nodes', 'server', 'start', 'editor', 'package-lock.json', 'tsconfig.json'];

/** Changes whenever a source file appears, goes, or is written: names, sizes and times, so that it costs milliseconds. */
function sourceChecksum() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const info = statSync(join(root, path));
    if (!info.isDirectory()) return void hash.update(`${path} ${info.size} ${info.mtimeMs}\n`);
    for (const name of readdirSync(join(root, path)).sort())
      if (!/\.test\.tsx?$|^node_modules$/.test(name)) visit(`${path}/${name}`);
  };
  for (const path of sources) if (existsSync(join(root, path))) visit(path);
  return hash.digest('hex');
}

/** Bundles server and web app into `dist/`, if their sources changed since the last time. */
export async function build() {
  if (process.env.NODE_ENV === 'production' && existsSync(stamp)) return;
  const wanted = sourceChecksum();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Building…');
  const started = Date.now();
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  mkdirSync(join(root, 'dist'), { recursive: true });
  await Promise.all([
    buildServer(),
    run('web app', 'node_modules/vite/bin/vite.js', [
      'build',
      '--config',
      'editor/vite.config.ts',
      '--logLevel',
      'warn',
    ]),
  ]);
  writeFileSync(stamp, wanted);
  console.log(`Built in ${Math.round((Date.now() - started) / 1000)} s.`);
}

async function buildServer() {
  await run('server', 'node_modules/rolldown/bin/cli.mjs', ['-c', 'start/bundle.config.mjs']);
  // Of a package.json that says "module" this folder is not a part.
  writeFileSync(join(root, 'dist/start/package.json'), '{ "type": "commonjs" }\n');
  // An empty, migrated database, so that the first start need not make one.
  await run('database template', 'dist/start/makeTemplate.js', ['dist/database-template.tar.gz']);
  // What one start compiled is kept, so that no start of whoever built this is slower than the next.
  const data = mkdtempSync(join(tmpdir(), 'first-start-'));
  try {
    const env = { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', DATA_DIR: data };
    await run('first start', 'dist/start/main.js', [], { env, until: 'Ready' });
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** `until`: what it says when it is to be ended. */
function run(what, script, args, { env = process.env, until } = {}) {
  return new Promise((done, fail) => {
    let said = '';
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });
    const hear = (data) => {
      said += data;
      if (until && said.includes(until)) child.kill('SIGTERM');
    };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', hear);
    child.on('error', fail);
    child.on('exit', (code) => {
      if (code !== 0) return fail(new Error(`Building the ${what} failed:\n${said}`));
      console.log(`  ${what} ready`);
      done();
    });
  });
}
