import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeType } from '#nodes/sdk/node.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { sketch } from '#tests/support/engine/graph.js';
import { testNodes } from '#tests/support/engine/nodes.js';
import { World } from '#tests/support/engine/world.js';
import { bodies, makeThings, pathOf, type Things } from '#tests/support/everyRoute.js';
import { longLivedIn } from '#tests/support/longLived.js';
import { apiRoutes, nameOf, prefix } from '#tests/support/routes.js';
import { isTest, readSources } from '#tests/support/structure.js';
import { keptThings, rateKeys, redisNames } from './keptThings.js';

/**
 * Scorecard 40: nothing that is kept, in a process, in Redis or on the way to a browser, is found by another organization. Here: what the code
 * keeps, held against a reviewed list, compiled graphs, and what caches of HTTP may keep. Two organizations with the same material on the whole
 * platform: cachesBetweenTwo.test.ts.
 */
const sources = readSources().filter(({ path }) => /^(db|engine|nodes|server|start)\//.test(path) && !isTest(path));
const kept = sources.flatMap(({ path, text }) => longLivedIn(text).map((name) => `${path}#${name}`));

describe('what a process keeps', () => {
  it('is on the reviewed list, each with its key', () => {
    const unknown = kept.filter((each) => !(each in keptThings));
    expect(
      unknown,
      `${unknown.join(', ')} outlives the call that fills it: say in keptThings.ts what its key is, and why nothing in it can be found by another organization`,
    ).toEqual([]);
    const gone = Object.keys(keptThings).filter((each) => !kept.includes(each));
    expect(gone, `${gone.join(', ')} is no longer there: take it off keptThings.ts`).toEqual([]);
  });

  it.each([
    [
      'a Map of a module',
      'const known = new Map<string, Answer>(); export const put = (k, v) => known.set(k, v);',
      'known',
    ],
    [
      'a Map in a factory',
      'export function make() { const known = new Map(); return { put(k, v) { known.set(k, v); } }; }',
      'known',
    ],
    ['a field', 'class Answers { readonly #known = new Map(); put(k, v) { this.#known.set(k, v); } }', '#known'],
    ['a Map handed on', 'export function make() { const known = new Map(); return open({ known }); }', 'known'],
    ['an object of a module', 'const known = {}; export const put = (k, v) => { known[k] = v; };', 'known'],
    ['a variable of a module', 'let known: string; export const get = () => (known ??= ask());', 'known'],
    ['a maker of caches', 'const answers = createCache(100, keyOf, ask);', 'answers'],
    ['a package', 'const answers = new LRUCache({ max: 5 });', 'answers'],
  ])('is found as %s', (_, text, name) => {
    expect(longLivedIn(text)).toEqual([name]);
  });

  it('is no table of the code, and nothing of one call', () => {
    expect(longLivedIn(`const codes = new Set(['a', 'b']); export const has = (code) => codes.has(code);`)).toEqual([]);
    expect(
      longLivedIn(`export function count(all) { const by = new Map(); for (const a of all) by.set(a, 1); return by; }`),
    ).toEqual([]);
  });
});

describe('what is kept in Redis', () => {
  const talking = sources.filter(({ imports }) =>
    imports.some(({ target, external }) => (external ? /^(ioredis|bullmq)$/.test(target) : target === 'db/redis.ts')),
  );

  it('is written by reviewed files only, under reviewed names', () => {
    expect(talking.map(({ path }) => path).toSorted()).toEqual(Object.keys(redisNames).toSorted());
    for (const { path, text } of talking) {
      const listed = redisNames[path] ?? {};
      const found = [...text.matchAll(/[`'"]((?!node:)[a-z]+:[a-z]*)(?=\$\{|[`'"])/g)].map(([, name = '']) => name);
      const counted = Object.keys(rateKeys);
      const unknown = found.filter((name) => !(name in listed) && !counted.some((key) => key.startsWith(name)));
      expect(unknown, `${path} writes ${unknown.join()}: say in keptThings.ts whose it is`).toEqual([]);
      for (const name of Object.keys(listed))
        expect(text, `${path} no longer writes ${name}`).toContain(name.replace(/:$/, ''));
    }
  });

  it('counts under reviewed names only', () => {
    const found = sources.flatMap(({ text }) => [...text.matchAll(/\bkey: `([^`]+)`/g)].map(([, key]) => key));
    expect([...new Set(found)].toSorted()).toEqual(Object.keys(rateKeys).toSorted());
  });
});

describe('a compiled graph', () => {
  class Counted extends Map<string, NodeType> {
    reads = 0;
    override get(type: string): NodeType | undefined {
      this.reads += 1;
      return super.get(type);
    }
  }
  let world: World;
  beforeAll(async () => {
    world = await World.open();
  });
  afterAll(() => world.close());

  it('is compiled once for all who have the very same definition, and holds nothing of who ran it', async () => {
    const types = new Counted(testNodes(world.doings));
    const worker = await world.worker({
      nodeTypes: types,
      // What a step may do, and for whom, is asked for with each run.
      capabilities: (step) =>
        ({ organization: { name: `of ${step.run.organizationId}` }, conversation: null }) as never,
    });
    const definition = sketch(
      ['start:start', ['say', { config: { value: '{{ trigger.word }} {{ organization.name }}' } }]],
      'start>say',
    );
    const b = await world.house();
    const run = async (
      word: string,
      house = { organizationId: world.organizationId, departmentId: world.departmentId },
      of = definition,
    ) => {
      const before = types.reads;
      const outcome = await world.resume(worker, await world.start(of, { word }, 'start', house));
      return { outcome: JSON.stringify(outcome), compiled: types.reads > before };
    };
    const first = await run('canary-a');
    expect(first).toMatchObject({ compiled: true, outcome: expect.stringContaining('canary-a') });
    const second = await run('canary-b', b);
    expect(second).toMatchObject({ compiled: false, outcome: expect.stringContaining('canary-b') });
    expect(second.outcome).toContain(b.organizationId);
    expect(second.outcome).not.toMatch(new RegExp(`canary-a|${world.organizationId}`));
    const again = await run('canary-a2');
    expect(again).toMatchObject({
      compiled: false,
      outcome: expect.stringContaining(`canary-a2 of ${world.organizationId}`),
    });
    expect(again.outcome).not.toMatch(new RegExp(`canary-b|${b.organizationId}`));
    // One letter makes it another.
    const other = sketch(['start:start', ['say', { config: { value: '{{ trigger.word }}!' } }]], 'start>say');
    expect((await run('canary-b', b, other)).compiled).toBe(true);
  });
});

describe('a cache of HTTP', () => {
  let server: TestApp;
  let things: Things;
  const directory = mkdtempSync(join(tmpdir(), 'web-'));
  beforeAll(async () => {
    mkdirSync(join(directory, 'assets'));
    writeFileSync(join(directory, 'index.html'), '<title>App</title>');
    writeFileSync(join(directory, 'icon.svg'), '<svg/>');
    writeFileSync(join(directory, 'assets', 'app-1a2b.js'), 'export {}');
    server = await buildTestApp({ trustProxy: '127.0.0.1', webAppDirectory: directory });
    things = await makeThings(server, 'A');
  });
  afterAll(async () => {
    await server?.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const shared = (headers: Readonly<Record<string, unknown>>): boolean =>
    !/\b(no-store|private|no-cache)\b/.test(String(headers['cache-control'])) ||
    /\bpublic\b/.test(String(headers['cache-control']));
  let asked = 0;
  const ask = (method: string, url: string, payload?: object) =>
    server.app.inject({
      method: method as 'GET',
      url,
      headers: {
        authorization: `Bearer ${things.session.accessToken}`,
        'x-forwarded-for': `10.7.${Math.floor(++asked / 256)}.${asked % 256}`,
      },
      ...(payload && { payload }),
    });

  it('keeps no answer of any route, whatever its method and its status', async () => {
    // What ends the session or the organization comes last.
    const routes = apiRoutes(server).toSorted(
      (one, other) => Number(one.method === 'DELETE') - Number(other.method === 'DELETE'),
    );
    const statuses: number[] = [];
    for (const route of routes) {
      const body = route.method === 'GET' ? undefined : bodies[nameOf(route)]?.(things);
      const path =
        route.url.includes('/webhooks/') || nameOf(route).includes('/outbox')
          ? route.url
          : prefix + pathOf(route, things);
      const answer = await ask(route.method, path, body);
      statuses.push(answer.statusCode);
      expect([nameOf(route), answer.statusCode, answer.headers['cache-control']]).toEqual([
        nameOf(route),
        answer.statusCode,
        'no-store',
      ]);
      expect([
        nameOf(route),
        answer.headers['etag'],
        answer.headers['expires'],
        answer.headers['last-modified'],
      ]).toEqual([nameOf(route), undefined, undefined, undefined]);
    }
    console.log(
      `caches: ${kept.length} things kept and reviewed, ${routes.length} routes uncached, ${statuses.filter((status) => status < 300).length} of them answering`,
    );
    expect(statuses.filter((status) => status < 300).length).toBeGreaterThan(routes.length / 2);
  });

  it.each([
    '/api/v1/nothing',
    '/api/v2',
    '/api/v1/departments/%',
    '/api/v1/departments?limit=nothing',
    '/healthz',
    '/readyz',
    '/api/v1/openapi.json',
    '/',
  ])('shares nothing of %s', async (url) => {
    const { headers } = await ask('GET', url);
    expect([url, shared(headers)]).toEqual([url, false]);
  });

  it('keeps the files of a build and the public keys, which are the same for all', async () => {
    const files: [string, string][] = [];
    for (const url of ['/assets/app-1a2b.js', '/.well-known/jwks.json']) {
      const { headers, body } = await ask('GET', url);
      expect([url, shared(headers)]).toEqual([url, true]);
      const stranger = await server.app.inject(url);
      expect(stranger.body).toBe(body);
      files.push([url, body]);
    }
    for (const [, body] of files) expect(body).not.toContain(things.session.organization.id);
    expect((await ask('GET', '/icon.svg')).headers['cache-control']).toBe('no-cache');
  });
});
