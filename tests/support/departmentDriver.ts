import { vi } from 'vitest';
import type { NodeDefinition } from '#engine/graph/definition.js';
import type { Json } from '#nodes/sdk/json.js';
import { startCanary, type Answering, type Canary } from './canary.js';
import { expectOk, startTestPlatform, type Reply, type TestPlatform } from './platform.js';

export type DepartmentNode = readonly [sketch: string, config?: object, more?: Partial<NodeDefinition>];

/** The whole platform, an organization, and another system that notes what it is asked to do: it numbers its answers. */
export interface DepartmentDriver {
  readonly platform: TestPlatform;
  /** The other system: the only witness of what really happened outside. */
  readonly outside: Canary;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** Path below `/runs`. */
  on(runId: string, verb: string, body?: object): Promise<Reply>;
  /** Makes and publishes a department. Nodes as `id:type:parent`, edges as `a>b a.yes>c`; a department given is published anew. */
  publish(nodes: readonly DepartmentNode[], edges: string, departmentId?: string): Promise<string>;
  start(departmentId: string, input?: Json): Promise<string>;
  /** The run once it rests. */
  rested(runId: string): Promise<Reply['body']>;
  /** Starts a run and waits until it rests. */
  run(departmentId: string, input?: Json): Promise<Reply['body']>;
  /** A node that tells the other system something. A path with `fail` is refused, the first answer to one with `cut` gets lost. */
  tell(id: string, path: string, more?: Partial<NodeDefinition>, config?: object): DepartmentNode;
  /** Paths that the other system was asked for since the last look, in order. */
  told(): string[];
  close(): Promise<void>;
}

const firstPort = (type: string): string =>
  ({
    'data.httpRequest': 'ok',
    'human.ask': 'answered',
    'logic.forEach': 'done',
    'logic.loop': 'done',
    'logic.subDepartment': 'done',
    'trigger.whatsapp': 'message',
  })[type] ?? 'out';

/** @param answering how the other system answers, where it does not just number its answers */
export async function startDepartments(
  settings: Record<string, string> = {},
  answering?: Answering,
): Promise<DepartmentDriver> {
  let counted = 0;
  const cut = new Set<string>();
  const numbering: Answering = (request, response) => {
    // Heard and done, but the answer to the first one gets lost.
    if (request.url?.includes('cut') && !cut.has(request.url)) {
      cut.add(request.url);
      return void request.socket.destroy();
    }
    const status = request.url?.includes('fail') ? 422 : 200;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ number: ++counted }));
  };
  const outside = await startCanary(answering ?? numbering);
  const platform = await startTestPlatform({ EGRESS_ALLOW: '127.0.0.1', ...settings });
  const registered = await expectOk(
    platform.call('POST', '/auth/register', {
      email: `${Date.now()}@example.com`,
      password: 'pão quentinho às 6',
      name: 'Lúcia',
      organizationName: 'Padaria',
    }),
  );
  const token = registered.body.accessToken as string;
  const call: DepartmentDriver['call'] = (method, path, body, headers = {}) =>
    platform.call(method, path, body, { token, headers });
  let seen = 0;

  const driver: DepartmentDriver = {
    platform,
    outside,
    call,
    on: (runId, verb, body = {}) => call('POST', `/runs/${runId}/${verb}`, body),
    async publish(nodes, edges, departmentId) {
      const types = new Map<string, string>();
      const definition = {
        format: 1,
        nodes: nodes.map(([sketch, config = {}, more = {}]) => {
          const [id = '', type = '', parentId] = sketch.split(':');
          types.set(id, type);
          return { id, type, version: 1, config, position: { x: 0, y: 0 }, ...(parentId && { parentId }), ...more };
        }),
        edges: edges
          .split(/\s+/)
          .filter(Boolean)
          .map((edge, index) => {
            const [from = '', to = ''] = edge.split('>');
            const [node = '', port = firstPort(types.get(node) ?? '')] = from.split('.');
            return { id: `e${index}`, from: { node, port }, to: { node: to, port: 'in' } };
          }),
        settings: {},
      };
      let id = departmentId;
      if (id === undefined) {
        id = (await expectOk(call('POST', '/departments', { name: 'Caixa', definition }))).body.id as string;
      } else await expectOk(call('PUT', `/departments/${id}/draft`, { definition }));
      const published = await call('POST', `/departments/${id}/publish`, {});
      if (published.status !== 201) throw new Error(JSON.stringify(published.body));
      return id;
    },
    async start(departmentId, input = {}) {
      return (await expectOk(call('POST', `/departments/${departmentId}/runs`, { input }))).body.run.id as string;
    },
    rested: (runId) =>
      vi.waitFor(
        async () => {
          const { body } = await expectOk(call('GET', `/runs/${runId}`));
          if (['queued', 'running'].includes(body.status)) throw new Error(`${runId} is ${body.status}`);
          return body;
        },
        { timeout: 60_000, interval: 25 },
      ),
    run: async (departmentId, input) => driver.rested(await driver.start(departmentId, input)),
    tell: (id, path, more = {}, config = {}) => [
      `${id}:data.httpRequest`,
      { method: 'POST', url: `http://127.0.0.1:${outside.port}/${path}`, body: {}, ...config },
      more,
    ],
    told() {
      const fresh = outside.requests.slice(seen).map(({ url }) => url.slice(1));
      seen = outside.requests.length;
      return fresh;
    },
    async close() {
      await platform.close();
      await outside.close();
    },
  };
  return driver;
}
