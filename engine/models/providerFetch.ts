import { Agent, request, type Dispatcher } from 'undici';

/** Connections to providers are kept for longer than the usual 4 s: the next answer does not wait for a handshake. What a provider says itself goes before it. */
const KEPT_MS = 60_000;

/** Of all keys: undici keeps connections apart by origin, and a key travels with its request. */
const dispatcher = new Agent({ keepAliveTimeout: KEPT_MS });

/**
 * As much of `fetch` as the provider's client asks of it, over connections of its own and without the runtime's web streams, which cost as much as everything
 * else of a short call. A stream of events is handed on as it arrives; any other body is read to its end first.
 */
export const providerFetch: typeof fetch = async (input, init = {}) => {
  const { method = 'GET', headers, body, signal } = init;
  // The client gives an address and text; whatever else `fetch` takes is left to it.
  if (typeof input !== 'string' || (body && typeof body !== 'string')) return fetch(input, init);
  const answer = await request(input, {
    dispatcher,
    method: method as Dispatcher.HttpMethod,
    headers: Object.fromEntries(new Headers(headers)),
    ...(body && { body }),
    ...(signal && { signal }),
  });
  const { statusCode: status } = answer;
  const told = headersOf(answer.headers);
  if (status >= 300 && status < 400 && told.has('location')) {
    await answer.body.dump();
    return fetch(input, init);
  }
  if (status === 200 && told.get('content-type')?.startsWith('text/event-stream'))
    return streamed(status, told, answer.body);
  const bytes = await answer.body.arrayBuffer();
  return new Response(bytes.byteLength > 0 ? bytes : null, { status, headers: told });
};

function headersOf(raw: Dispatcher.ResponseData['headers']): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) for (const one of [value ?? []].flat()) headers.append(name, one);
  return headers;
}

/** What is read of the answer that streams: that it is one, and its pieces. */
const streamed = (status: number, headers: Headers, body: AsyncIterable<Uint8Array>): Response =>
  ({ ok: true, status, statusText: '', headers, body, url: '' }) as unknown as Response;
