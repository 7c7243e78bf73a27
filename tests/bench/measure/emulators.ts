/**
 * The outside world of the answer rows, in a process of its own: Meta's Graph API and OpenAI, which thinks for MODEL_MS. Sends its
 * addresses, then every message that reaches a customer, with the time it came.
 */
import { startGraphApi } from '#tests/support/meta/graphApi.js';
import { startOpenAI } from '#tests/support/openai/server.js';
import { collectGarbage } from './garbage.js';

/** `to` is the customer's number; `at` is in milliseconds since 1970. */
export type FromEmulators =
  | { readonly graphUrl: string; readonly openaiUrl: string }
  | { readonly sent: readonly { readonly to: string; readonly at: number }[] }
  | { readonly collected: true };

/** Before a sample: answered with `collected`. */
export type ToEmulators = 'collect';

const send = (message: FromEmulators): void => void process.send?.(message);

const [graph, openai] = await Promise.all([startGraphApi(), startOpenAI()]);
openai.latencyMs = Number(process.env['MODEL_MS'] ?? 20);
send({ graphUrl: graph.url, openaiUrl: openai.baseUrl });

let told = 0;
setInterval(() => {
  const fresh = graph.log.slice(told);
  told = graph.log.length;
  // A read receipt has no `to`.
  const sent = fresh.flatMap(({ at, body }) => (typeof body['to'] === 'string' ? [{ to: body['to'], at }] : []));
  if (sent.length > 0) send({ sent });
}, 2);
process.on('message', (message: ToEmulators) => {
  if (message !== 'collect') return;
  collectGarbage();
  send({ collected: true });
});
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
