// `npm test` and `npm run test:services`: installs and builds what is missing, runs the suites, ends with one line of figures.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from '../start/build.mjs';
import { install } from '../start/install.mjs';
import { findBrowser } from './support/browser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const services = process.argv.includes('--services');
const report = `${root}tests/output/report.json`;

install();
await build();
const browser = findBrowser();
const env = { ...process.env, NODE_ENV: 'test', ...(browser && { CHROMIUM_PATH: browser }) };
let stop = async () => {};
if (services) {
  const { startServices } = await import('./support/services/start.mjs');
  const started = await startServices();
  stop = started.stop;
  Object.assign(env, { TEST_SERVICES: '1', DATABASE_URL: started.databaseUrl, REDIS_URL: started.redisUrl });
} else {
  // These suites are about the embedded stores: what runs on this machine is no concern of theirs.
  for (const name of ['DATABASE_URL', 'REDIS_URL', 'TEST_SERVICES']) delete env[name];
}

mkdirSync(`${root}tests/output`, { recursive: true });
rmSync(report, { force: true });
const filters = process.argv.slice(2).filter((argument) => argument !== '--services');
const code = await new Promise((done) => {
  const child = spawn(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...filters,
    ],
    { cwd: root, env, stdio: 'inherit' },
  );
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (status) => done(status ?? 1));
});
await stop();
if (!existsSync(report)) process.exit(code || 1);
const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests, testResults } = JSON.parse(
  readFileSync(report, 'utf8'),
);
// A file that could not even be loaded has no tests to count; it is a failure all the same.
const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
const failed = numFailedTests + broken || (code !== 0 ? Math.max(1, numFailedTestSuites) : 0);
if (!browser)
  console.log(
    'Browser journeys were left out: install Chromium (Debian: apt-get install chromium) or set CHROMIUM_PATH.',
  );
console.log(`${numPassedTests} passed, ${failed} failed${numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''}`);
process.exit(failed > 0 ? 1 : 0);
