import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { watch } from './watch.mjs';

const place = process.env.SERVICES_ROOT ?? '/var/tmp/ai-departments-services';
const wanted = ['postgresql-17', 'postgresql-17-pgvector', 'valkey-server'];

/**
 * A folder with a Debian 13 in it that has PostgreSQL 17, pgvector and Valkey, for Debian machines whose own release lacks pgvector.
 * Made once (about half a minute, 450 MB); needs root. Throws with what to install where it cannot be made.
 */
export function debianRoot() {
  if (!existsSync(`${place}/usr/bin/valkey-server`)) make();
  mkdirSync(`${place}/dev/shm`, { recursive: true });
  for (const [name, minor] of [
    ['null', '3'],
    ['urandom', '9'],
  ])
    if (!existsSync(`${place}/dev/${name}`)) spawnSync('mknod', ['-m', '666', `${place}/dev/${name}`, 'c', '1', minor]);
  spawnSync('chmod', ['1777', `${place}/dev/shm`, `${place}/tmp`]);
  return {
    redis: '/usr/bin/valkey-server',
    postgres: (program) => `/usr/lib/postgresql/17/bin/${program}`,
    tmp: `${place}/tmp`,
    inside: (path) => path.slice(place.length),
    spawn: (program, args) =>
      watch(
        spawn('chroot', [
          '--userspec=postgres:postgres',
          place,
          '/usr/bin/env',
          '-i',
          'LC_ALL=C.UTF-8',
          'PATH=/usr/bin:/bin',
          program,
          ...args,
        ]),
      ),
  };
}

/** Whether `debianRoot()` can work here: on Debian, as root. */
export const canMakeRoot = () =>
  existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;

function make() {
  if (!canMakeRoot())
    throw new Error(
      'These suites need PostgreSQL 15 or newer with pgvector, and Redis or Valkey: install both, or set DATABASE_URL and REDIS_URL (`docker compose up -d postgres redis` starts them).',
    );
  console.log('Making a root with PostgreSQL 17, pgvector and Valkey, once (about half a minute)…');
  const quiet = {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
  };
  if (!existsSync('/usr/bin/mmdebstrap')) {
    spawnSync('apt-get', ['update', '-qq'], quiet);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'mmdebstrap'], quiet);
  }
  const leaveOut = ['man', 'doc', 'locale'].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`);
  const { status, stderr } = spawnSync(
    'mmdebstrap',
    ['--variant=apt', ...leaveOut, `--include=${wanted.join(',')}`, 'trixie', place, mirror()],
    quiet,
  );
  if (status !== 0) throw new Error(`The root with PostgreSQL and Valkey could not be made:\n${stderr}`);
}

/** The package mirror this machine itself uses. */
function mirror() {
  const folder = '/etc/apt/sources.list.d';
  const files = [
    ...(existsSync(folder) ? readdirSync(folder).map((name) => `${folder}/${name}`) : []),
    '/etc/apt/sources.list',
  ];
  for (const file of files.filter(existsSync)) {
    const found = /^(?:URIs:|deb)\s+(?:\[[^\]]*\]\s*)?(\S*\/debian)\/?(?:\s|$)/m.exec(readFileSync(file, 'utf8'));
    if (found) return found[1];
  }
  return 'http://deb.debian.org/debian';
}
