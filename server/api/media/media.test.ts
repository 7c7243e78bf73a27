import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAllow } from '#engine/egress/allow.js';
import { openEgress } from '#engine/egress/egress.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import type { Session } from '../auth/schemas.js';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const drawing = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

let outside: Server;
let server: TestApp;
let as: Session;
const seen: NodeJS.Dict<string | string[]>[] = [];

beforeAll(async () => {
  outside = createServer((request, response) => {
    seen.push(request.headers);
    const { pathname } = new URL(request.url ?? '', 'http://outside');
    const send = (type: string, body: Buffer | string, status = 200): void =>
      void response.writeHead(status, { 'content-type': type }).end(body);
    if (pathname === '/cake.png') return send('text/html', png);
    if (pathname === '/page.png') return send('image/png', '<script>alert(1)</script>');
    if (pathname === '/drawing.svg') return send('image/svg+xml', drawing);
    if (pathname === '/large.png') return send('image/png', Buffer.concat([png, Buffer.alloc(5_000_000)]));
    return send('image/png', png, 404);
  });
  await new Promise<void>((ready) => outside.listen(0, '127.0.0.1', ready));
  const { port } = outside.address() as AddressInfo;
  const egress = openEgress({ allow: parseAllow(`127.0.0.1:${port}`) });
  server = await buildTestApp({
    // Stands for the name and the certificate of the outside host.
    egress: {
      request: (asked) =>
        egress.request({
          ...asked,
          url: asked.url.replace('https://pictures.example.com', `http://127.0.0.1:${port}`),
        }),
    },
  });
  as = await server.register();
});
afterAll(async () => {
  await server.close();
  outside.close();
});

const picture = (link: string) => server.call('GET', `/media/picture?link=${encodeURIComponent(link)}`, { as });

it('is what the bytes are, whatever the other side calls it, and runs nowhere', async () => {
  const { status, headers } = await picture('https://pictures.example.com/cake.png');
  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'content-type': 'image/png', 'x-content-type-options': 'nosniff' });
  expect(String(headers['content-security-policy'])).toContain("default-src 'none'");
});

it('takes nothing of the caller along', () => {
  expect(seen.length).toBeGreaterThan(0);
  for (const headers of seen) expect(JSON.stringify(headers)).not.toMatch(/authorization|cookie|bearer/i);
});

it.each(['page.png', 'drawing.svg', 'large.png', 'gone.png'])('is not to be had of %s, and says why', async (name) => {
  const { status, body } = await picture(`https://pictures.example.com/${name}`);
  expect(status).toBe(400);
  expect(body.error.details).toEqual([{ path: 'link', message: expect.stringMatching(/\S/) }]);
});

it.each([
  'http://pictures.example.com/cake.png',
  'https://u:p@pictures.example.com/a',
  'https://127.0.0.1/a',
  'data:image/png,x',
])('is asked for nowhere at %s', async (link) => {
  const before = seen.length;
  expect((await picture(link)).status).toBe(400);
  expect(seen.length).toBe(before);
});
