import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const written = (path) => statSync(root + path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Installs what package-lock.json names, unless npm has done so since it was written. Throws with npm's own words when it fails. */
export function install() {
  // npm writes this when an installation is complete.
  const installed = written('node_modules/.package-lock.json');
  if (installed > 0 && installed >= written('package-lock.json')) return;
  // A production image carries its packages and no way to change them.
  if (process.env.NODE_ENV === 'production' && written('node_modules') > 0) return;
  console.log('Installing packages, once (about half a minute)…');
  const started = Date.now();
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'development' },
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('The packages could not be installed: see what npm says above, then start again.');
  console.log(`Packages installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}
