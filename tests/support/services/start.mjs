import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canMakeRoot, debianRoot } from './debianRoot.mjs';
import { watch } from './watch.mjs';

/**
 * PostgreSQL (with pgvector) and Redis for the suites: those of DATABASE_URL and REDIS_URL when both are set, else our own on free
 * loopback ports, from what is installed here or from a small Debian root made once.
 * @param {{ own?: boolean, diskMb?: number, countStatements?: boolean }} options `own`: a pair of our own in any case, which a test may stop and start; `diskMb`:
 *   PostgreSQL has a disk of this size for itself (needs root, Linux); `countStatements`: a PostgreSQL of ours loads pg_stat_statements
 */
export async function startServices({ own = false, diskMb = 0, countStatements = false } = {}) {
  const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env;
  if (databaseUrl && redisUrl && !own) return { databaseUrl, redisUrl, stop: async () => {} };
  const tools = installed() ?? debianRoot();
  const password = randomBytes(12).toString('hex');
  const [postgresPort, redisPort] = [await freePort(), await freePort()];
  const home = mkdtempSync(join(tools.tmp ?? tmpdir(), 'services-'));
  chmodSync(home, 0o777);
  const inside = tools.inside(home);

  // PostgreSQL refuses to run as root.
  const asRoot = process.getuid?.() === 0;
  const run = (program, args) => tools.spawn(program, args, { asUser: asRoot ? 'postgres' : undefined });
  writeFileSync(join(home, 'password'), password, { mode: 0o644 });
  const disk = diskMb > 0 ? mountDisk(join(home, 'disk'), diskMb) : null;
  const data = { host: join(home, disk ? 'disk/pg' : 'pg'), inside: `${inside}${disk ? '/disk' : ''}/pg` };
  const prepare = () => initialize(run, tools.postgres('initdb'), inside, data.inside);
  await prepare();

  const settings = {
    port: postgresPort,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    dynamic_shared_memory_type: 'mmap',
    shared_buffers: '128MB',
    max_connections: 300,
    ...(countStatements && { shared_preload_libraries: 'pg_stat_statements' }),
  };
  const postgres = service('PostgreSQL', postgresPort, 'SIGINT', () =>
    run(tools.postgres('postgres'), [
      '-D',
      data.inside,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ]),
  );
  const redis = service('Redis', redisPort, 'SIGTERM', () =>
    run(
      tools.redis,
      options({
        port: redisPort,
        bind: '127.0.0.1',
        dir: inside,
        appendonly: 'yes',
        'maxmemory-policy': 'noeviction',
        save: '',
      }),
    ),
  );
  await Promise.all([postgres.start(), redis.start()]);
  return {
    databaseUrl: `postgres://postgres:${password}@127.0.0.1:${postgresPort}/postgres`,
    redisUrl: `redis://127.0.0.1:${redisPort}`,
    postgres: {
      ...postgres,
      disk,
      /** A folder that PostgreSQL's programs see under `inside`. */
      folder: { host: home, inside },
      /** Runs one of PostgreSQL's own programs to its end; throws what it said when it fails. */
      async tool(program, args) {
        const { code, said } = await finished(run(tools.postgres(program), args));
        if (code !== 0) throw new Error(`${program} failed:\n${said}`);
      },
      /** Another machine with nothing on it: stopped before, started after. */
      async wipe() {
        rmSync(data.host, { recursive: true, force: true });
        await prepare();
      },
    },
    redis: { ...redis, empty: () => rmSync(join(home, 'appendonlydir'), { recursive: true, force: true }) },
    async stop() {
      await Promise.all([postgres.stop(), redis.stop()]);
      disk?.unmount();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Whether `startServices({ own: true })` can work on this machine. */
export const canOwnServices = () => installed() !== null || canMakeRoot();

/** A disk in memory, to be filled up. */
function mountDisk(folder, megabytes) {
  mkdirSync(folder);
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=1777`, 'tmpfs', folder]);
  if (status !== 0) throw new Error(`A disk of its own for PostgreSQL needs root on Linux: ${stderr}`);
  const filler = join(folder, 'filler');
  return {
    fill() {
      const file = openSync(filler, 'w');
      try {
        for (const block = Buffer.alloc(1 << 16); ;) writeSync(file, block);
      } catch (error) {
        if (error.code !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler, { force: true }),
    unmount: () => void spawnSync('umount', ['-l', folder]),
  };
}

async function initialize(run, initdb, inside, data) {
  const { code, said } = await finished(
    run(initdb, [
      '--no-sync',
      ...options({
        pgdata: data,
        username: 'postgres',
        pwfile: `${inside}/password`,
        auth: 'scram-sha-256',
        encoding: 'UTF8',
        locale: 'C.UTF-8',
      }),
    ]),
  );
  if (code !== 0) throw new Error(`${initdb} failed:\n${said}`);
}

const options = (settings) => Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);

/** A server that can be stopped and started again on the same port with the same data. */
function service(what, port, signal, run) {
  let running = null;
  // Nothing of it outlives whoever started it.
  process.on('exit', () => running?.child.kill('SIGKILL'));
  return {
    async start() {
      running = run();
      await accepting(port, running, what);
    },
    async stop() {
      // A process that stands still would not hear it.
      running.child.kill('SIGCONT');
      running.child.kill(signal);
      await finished(running);
    },
    pause: () => running.child.kill('SIGSTOP'),
    resume: () => running.child.kill('SIGCONT'),
  };
}

/** What this machine has itself, if it has all three: PostgreSQL 15 or newer, its pgvector, and Redis or Valkey. */
function installed() {
  const redis = [
    '/usr/bin/valkey-server',
    '/usr/bin/redis-server',
    '/usr/local/bin/redis-server',
    '/opt/homebrew/bin/redis-server',
  ].find(existsSync);
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').map(Number) : [];
  const version = versions
    .sort((a, b) => b - a)
    .find((v) => v >= 15 && existsSync(`/usr/share/postgresql/${v}/extension/vector.control`));
  if (!redis || !version) return null;
  return {
    redis,
    postgres: (program) => `/usr/lib/postgresql/${version}/bin/${program}`,
    inside: (path) => path,
    spawn: (program, args, { asUser }) =>
      watch(
        asUser
          ? spawn('setpriv', [`--reuid=${asUser}`, `--regid=${asUser}`, '--clear-groups', program, ...args])
          : spawn(program, args),
      ),
  };
}

const finished = async (watched) => ({ code: await watched.exit, said: watched.said });

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

async function accepting(port, watched, what) {
  const { connect } = await import('node:net');
  let ended = false;
  void watched.exit.then(() => (ended = true));
  for (const until = Date.now() + 30_000; Date.now() < until && !ended;) {
    const open = await new Promise((done) => {
      const socket = connect(port, '127.0.0.1', () => (socket.destroy(), done(true))).on('error', () => done(false));
    });
    // A port that answers is not yet a server that is ready: PostgreSQL says so when it is.
    if (open && (what === 'Redis' || watched.said.includes('ready to accept connections'))) return;
    await new Promise((again) => setTimeout(again, 50));
  }
  throw new Error(`${what} did not start:\n${watched.said}`);
}
