import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PORT = 8080;
const here = (name: string): string => join(import.meta.dirname, name);

/** Whether this machine lets us make network namespaces (root on Linux, with iproute2). */
export function canMakeNetworks(): boolean {
  const name = `try-${randomBytes(3).toString('hex')}`;
  if (process.getuid?.() !== 0 || spawnSync('ip', ['netns', 'add', name]).status !== 0) return false;
  const works = spawnSync('ip', ['netns', 'exec', name, 'true']).status === 0;
  spawnSync('ip', ['netns', 'del', name]);
  return works;
}

export interface Network {
  /** Loads a file of routes into the worker's side, as an operator would. */
  close(routes: string): void;
  /** Those of the addresses that a process on the worker's side can connect to. */
  reachable(addresses: readonly string[]): string[];
  /** Addresses at which the other side was met. */
  readonly hits: readonly string[];
  remove(): Promise<void>;
}

/** Two hosts joined by a wire: a worker's, and one that owns every address in the world and listens at all of them. */
export async function joinHosts(): Promise<Network> {
  const id = randomBytes(3).toString('hex');
  const [worker, world] = [`worker-${id}`, `world-${id}`];
  const ip = (...args: string[]): void => {
    const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
  };
  const within = (host: string, ...args: string[]): void => ip('-n', host, ...args);
  for (const host of [worker, world]) {
    ip('netns', 'add', host);
    within(host, 'link', 'set', 'lo', 'up');
  }
  ip('link', 'add', `a${id}`, 'netns', worker, 'type', 'veth', 'peer', 'name', `b${id}`, 'netns', world);
  within(worker, 'addr', 'add', '10.255.0.2/30', 'dev', `a${id}`);
  within(world, 'addr', 'add', '10.255.0.1/30', 'dev', `b${id}`);
  within(worker, 'addr', 'add', 'fd99::2/126', 'dev', `a${id}`, 'nodad');
  within(world, 'addr', 'add', 'fd99::1/126', 'dev', `b${id}`, 'nodad');
  within(worker, 'link', 'set', `a${id}`, 'up');
  within(world, 'link', 'set', `b${id}`, 'up');
  within(worker, 'route', 'add', 'default', 'via', '10.255.0.1');
  within(worker, '-6', 'route', 'add', 'default', 'via', 'fd99::1');
  // Everything that comes in over the wire is for this host. IPv6 would look there for the way back as well.
  within(world, 'route', 'add', 'local', '0.0.0.0/0', 'dev', 'lo');
  within(world, '-6', 'rule', 'add', 'iif', `b${id}`, 'lookup', '100', 'priority', '1');
  within(world, '-6', 'route', 'add', 'local', '::/0', 'dev', 'lo', 'table', '100');

  const hits: string[] = [];
  const canary: ChildProcess = spawn('ip', ['netns', 'exec', world, process.execPath, here('canary.mjs'), `${PORT}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: canary.stdout as NodeJS.ReadableStream });
  await new Promise<void>((ready) =>
    lines.on('line', (line) => (line === 'ready' ? ready() : hits.push(line.replace('hit ', '')))),
  );

  return {
    hits,
    close: (routes) => ip('-n', worker, '-batch', routes),
    reachable(addresses) {
      const probe = spawnSync(
        'ip',
        ['netns', 'exec', worker, process.execPath, here('probe.mjs'), `${PORT}`, ...addresses],
        { encoding: 'utf8' },
      );
      if (probe.status !== 0) throw new Error(probe.stderr);
      return JSON.parse(probe.stdout) as string[];
    },
    async remove() {
      canary.kill();
      await once(canary, 'exit');
      ip('netns', 'del', worker);
      ip('netns', 'del', world);
    },
  };
}
