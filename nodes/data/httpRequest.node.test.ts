import { describe, expect, it } from 'vitest';
import { aNodeContext } from '#tests/support/nodeContext.js';
import { httpRequestNode } from './httpRequest.node.js';

const ask = async (config: object, status = 200) => {
  const context = aNodeContext().answers({ status, headers: { 'x-a': '1' }, json: { n: 1 }, text: '{"n":1}' });
  const result = await context.run(httpRequestNode, config as never);
  return { ...result, asked: context.world.requests[0] };
};

describe('data.httpRequest', () => {
  it('asks, and hands on what came', async () => {
    const { port, value, asked } = await ask({
      url: 'https://api.example.com/a?b=1#c',
      query: [{ name: 'q', value: 'pão & café' }],
      headers: [{ name: 'X-Key', value: 'k' }],
      connection: 'c1',
      timeoutSeconds: 5,
    });
    expect([port, value]).toEqual(['ok', { status: 200, headers: { 'x-a': '1' }, json: { n: 1 }, text: '{"n":1}' }]);
    expect(asked).toEqual({
      method: 'GET',
      url: 'https://api.example.com/a?b=1&q=p%C3%A3o%20%26%20caf%C3%A9',
      headers: { 'x-key': 'k' },
      body: null,
      connection: 'c1',
      repeatable: false,
      timeoutMs: 5_000,
    });
  });

  it.each([
    [{ a: [1] }, '{"a":[1]}', 'application/json'],
    ['oi', 'oi', 'text/plain; charset=utf-8'],
    [null, 'null', 'application/json'],
  ])('sends %j as it should be read', async (body, sent, type) => {
    const { asked } = await ask({ method: 'POST', url: 'https://a.example', body });
    expect([asked?.body, asked?.headers['content-type'], asked?.connection]).toEqual([sent, type, null]);
  });

  it.each([301, 404, 429, 500])('leaves by the other way with %i', async (status) => {
    expect((await ask({ url: 'https://a.example' }, status)).port).toBe('failed');
  });

  it('says that a question carries no body', async () => {
    await expect(ask({ url: 'https://a.example', body: 'x' })).rejects.toMatchObject({ code: 'http_no_body' });
  });
});
