import type { Egress } from '#engine/egress/egress.js';

/** Are the connection's own, or no longer true of a body that was unpacked on the way. */
const notOurs =
  /^(host|connection|content-length|transfer-encoding|te|accept-encoding|expect|keep-alive|proxy-.*|sec-.*)$/i;
const unpacked = /^(content-encoding|content-length|transfer-encoding)$/i;
const withoutBody = new Set([204, 205, 304]);

/**
 * `fetch` for vendors' client libraries whose address a tenant has chosen: it leaves by the guarded way, follows no redirect, so that the key in its
 * headers stays where it belongs, and gives the answer as a whole, when all of it is there.
 */
export function egressFetch(egress: Egress): typeof fetch {
  return async (input, init = {}) => {
    const request = new Request(input, init);
    const headers = Object.fromEntries([...request.headers].filter(([name]) => !notOurs.test(name)));
    const body = Buffer.from(await request.arrayBuffer());
    const answer = await egress.request({
      method: request.method,
      url: request.url,
      headers,
      body: body.length > 0 ? body : null,
      redirects: 0,
      ...(init.signal && { signal: init.signal }),
    });
    return new Response(withoutBody.has(answer.status) ? null : new Uint8Array(answer.body), {
      status: answer.status,
      headers: Object.entries(answer.headers).filter(([name]) => !unpacked.test(name)),
    });
  };
}
