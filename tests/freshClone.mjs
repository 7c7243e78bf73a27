// What a newcomer does: clone, `npm start`, write to the sample bakery as a customer. Prints how long each step took; fails when no good answer comes.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'fresh-clone-'));
const clone = join(place, 'repository');
const settings = [
  'DATABASE_URL',
  'REDIS_URL',
  'DATA_DIR',
  'PORT',
  'ROLE',
  'MASTER_KEY',
  'OPENAI_API_KEY',
  'NODE_ENV',
  'HOST',
];
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !settings.includes(name)));

let base = '';
let server;
try {
  must(spawnSync('git', ['clone', '--quiet', '--no-hardlinks', root, clone], { encoding: 'utf8' }));
  console.log(`installed, built and started in ${await start()} ms`);
  await askTheBakery();
  await stop();
  console.log(`started again in ${await start()} ms`);
  await stop();
} finally {
  server?.kill('SIGKILL');
  rmSync(place, { recursive: true, force: true });
}

/** Runs the README's command and resolves when the address is printed and ready. */
async function start() {
  const started = Date.now();
  // A group of its own, so that Ctrl-C can be sent to all of it as a terminal does.
  server = spawn('npm', ['start'], { cwd: clone, env: { ...env, PORT: '0' }, detached: true });
  let said = '';
  const address = await new Promise((done, fail) => {
    const read = (data) => {
      said += data;
      const found = /https?:\/\/[\w.[\]:-]+/.exec(said.slice(said.indexOf('Ready')));
      if (said.includes('Ready') && found) done(found[0]);
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.on('exit', (code) => fail(new Error(`npm start ended with ${code}:\n${said}`)));
  });
  base = address;
  const ready = await fetch(`${base}/readyz`);
  if (!ready.ok) throw new Error(`/readyz said ${ready.status}`);
  return Date.now() - started;
}

async function stop() {
  const ended = new Promise((done) => server.on('exit', done));
  process.kill(-server.pid, 'SIGINT');
  await ended;
}

async function askTheBakery() {
  const session = await call('POST', '/auth/sample', { locale: 'pt-BR' });
  const token = session.accessToken;
  const department = await call('POST', '/departments', { name: 'Atendimento', template: 'customer-service' }, token);
  await call('POST', `/departments/${department.id}/publish`, {}, token);
  const channel = await call('POST', '/integrations/simulator', { departmentId: department.id }, token);
  const { conversation } = await call(
    'POST',
    `/simulator/${channel.id}/messages`,
    { from: '5581988887777', text: 'Que horas vocês abrem no domingo?' },
    token,
  );
  const asked = Date.now();
  for (const until = asked + 15_000; Date.now() < until;) {
    const { items } = await call('GET', `/conversations/${conversation.id}/messages`, undefined, token);
    const answer = items.find((message) => message.direction === 'out');
    if (answer) {
      if (!/\d\s?h/.test(answer.text)) throw new Error(`not an answer to the question: ${answer.text}`);
      return console.log(`answered in ${Date.now() - asked} ms: ${answer.text}`);
    }
    await new Promise((again) => setTimeout(again, 50));
  }
  throw new Error('the bakery never answered');
}

async function call(method, path, body, token) {
  const response = await fetch(`${base}/api/v1${path}`, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

function must({ status, stderr }) {
  if (status !== 0) throw new Error(stderr);
}
