import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Definition, NodeDefinition } from '#engine/graph/definition.js';
import type { Session } from '#server/api/auth/schemas.js';
import { expectOk, type TestPlatform } from '#tests/support/platform.js';

/** A shop's stock system that can be told to break. */
export interface Stock {
  readonly url: string;
  readonly port: number;
  /** Breaks the connection of the next so many requests to a path, after reading them. */
  fail(path: string, times: number): void;
  /** Says no to the next so many. */
  refuse(path: string, times: number): void;
  /** Requests that arrived at a path. */
  count(path: string): number;
  close(): Promise<void>;
}

export async function startStock(): Promise<Stock> {
  const failing = new Map<string, number>();
  const refusing = new Map<string, number>();
  const counts = new Map<string, number>();
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://stock').pathname;
    counts.set(path, (counts.get(path) ?? 0) + 1);
    request.resume().on('end', () => {
      const left = failing.get(path) ?? 0;
      failing.set(path, left - 1);
      if (left > 0) return void request.socket.destroy();
      const no = refusing.get(path) ?? 0;
      refusing.set(path, no - 1);
      if (no > 0) response.statusCode = 422;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ left: 240, path }));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    fail: (path, times) => void failing.set(path, times),
    refuse: (path, times) => void refusing.set(path, times),
    count: (path) => counts.get(path) ?? 0,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

const node = (
  id: string,
  type: string,
  title: string,
  config: NodeDefinition['config'],
  more: Partial<NodeDefinition> = {},
): NodeDefinition => ({ id, type, version: 1, title, config, position: { x: 248, y: 0 }, ...more });

/** Takes an order by hand: checks each item at the stock, asks the house above 100 pieces, then orders. */
export function orderDesk(stockUrl: string): Definition {
  const edge = (from: string, to: string) => {
    const [id = '', port = 'out'] = from.split('.');
    return { id: `${id}.${port}-${to}`, from: { node: id, port }, to: { node: to, port: 'in' } };
  };
  return {
    format: 1,
    settings: {},
    nodes: [
      node('order', 'trigger.manual', 'Chega pedido', {}),
      node(
        'each',
        'logic.forEach',
        'Para cada item',
        { items: '{{ trigger.items }}' },
        { position: { x: 200, y: 110 } },
      ),
      node(
        'check',
        'data.httpRequest',
        'Confere estoque',
        { method: 'GET', url: `${stockUrl}/check` },
        {
          parentId: 'each',
          position: { x: 20, y: 50 },
          retry: { attempts: 3, backoffMs: 200 },
        },
      ),
      node(
        'many',
        'logic.if',
        'Passou de 100?',
        { condition: '{{ trigger.pieces > 100 }}' },
        { position: { x: 248, y: 290 } },
      ),
      node(
        'confirm',
        'human.ask',
        'Lúcia confirma',
        {
          question: 'Confirma a encomenda?',
          of: 'member',
          options: [
            { value: 'yes', title: 'Confirmo' },
            { value: 'discount', title: 'Com 5%' },
          ],
        },
        { position: { x: 420, y: 400 } },
      ),
      node(
        'book',
        'data.httpRequest',
        'Reserva na cozinha',
        { method: 'POST', url: `${stockUrl}/book`, body: { items: '{{ trigger.items }}' } },
        {
          position: { x: 248, y: 520 },
          retry: { attempts: 2, backoffMs: 100 },
        },
      ),
      node(
        'note',
        'data.set',
        'Guarda na memória',
        { values: [{ name: 'done', value: '{{ trigger.pieces }}' }] },
        { position: { x: 248, y: 630 } },
      ),
    ],
    edges: [
      edge('order', 'each'),
      edge('each.done', 'many'),
      edge('many.yes', 'confirm'),
      edge('many.no', 'book'),
      edge('confirm.answered', 'book'),
      edge('book.ok', 'note'),
    ],
  };
}

/** Publishes the order desk of a new shop. */
export async function openOrderDesk(
  platform: TestPlatform,
  session: Session,
  stockUrl: string,
  name = 'Encomendas',
): Promise<string> {
  const token = session.accessToken;
  const { body } = await expectOk(
    platform.call('POST', '/departments', { name, definition: orderDesk(stockUrl) }, { token }),
  );
  await expectOk(platform.call('POST', `/departments/${body.id}/publish`, {}, { token }));
  return body.id as string;
}
