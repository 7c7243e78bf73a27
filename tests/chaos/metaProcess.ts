import { appendFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { statusDelivery } from '#tests/support/meta/deliveries.js';
import { sign, startGraphApi, type GraphRequest } from '#tests/support/meta/graphApi.js';

/**
 * Meta, in a process that nothing strikes: takes messages, writes each into a log of its own before it answers, and reports on it by webhook until
 * the platform says 200. The verdict is read from that log.
 */
const [log = '', api = '', appSecret = ''] = process.argv.slice(2);
let statuses: 'on' | 'off' = 'on';
const report = async (entry: GraphRequest): Promise<void> => {
  const echo = { biz_opaque_callback_data: entry.body['biz_opaque_callback_data'] };
  const to = { phoneNumberId: entry.phoneNumberId, from: String(entry.body['to']) };
  const text = JSON.stringify(statusDelivery(to, String(entry.messageId), 'sent', echo));
  for (;;) {
    await after(200);
    const answer = await fetch(`${api}/api/v1/webhooks/whatsapp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(text, appSecret) },
      body: text,
    }).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
    await after(500);
  }
};

const graph = await startGraphApi((entry) => {
  const { body, messageId } = entry;
  const said = (body['text'] as { body?: string } | undefined)?.body ?? '';
  const line = {
    at: Date.now(),
    to: String(body['to']),
    said,
    opaque: body['biz_opaque_callback_data'],
    messageId,
    violations: entry.violations,
  };
  appendFileSync(log, `${JSON.stringify(line)}\n`);
  process.send?.(line);
  if (statuses === 'on') void report(entry);
});
graph.latencyMs = 30;
process.on('message', (told: { statuses?: 'on' | 'off'; latencyMs?: number }) => {
  statuses = told.statuses ?? statuses;
  graph.latencyMs = told.latencyMs ?? graph.latencyMs;
});
process.send?.({ url: graph.url });
