import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { parseDelivery, type InboundItem } from '#engine/channels/whatsapp/inbound.js';
import { isSignedByMeta } from '#engine/channels/whatsapp/signature.js';
import { isTooDeep } from '../../depth.js';
import { ApiError } from '../../errors.js';
import type { WebhookDeps } from '../deps.js';
import type { Arrival } from '../inbox.js';

const publicRoute = { access: { public: 'Meta calls it; every delivery is signed' } } as const;

/**
 * Meta's side of a WhatsApp number. The 200 comes after everything in the delivery is committed and never waits for more;
 * Meta redelivers for up to 7 days what we did not acknowledge.
 */
export async function whatsappWebhook(app: FastifyInstance, { inbox, whatsapp }: WebhookDeps): Promise<void> {
  app.get('/', { config: publicRoute, schema: { hide: true } }, async (request, reply) => {
    const query = request.query as Record<string, unknown>;
    const challenge = query['hub.challenge'];
    const known = query['hub.mode'] === 'subscribe' && same(query['hub.verify_token'], whatsapp.verifyToken);
    if (!known || typeof challenge !== 'string') throw new ApiError('forbidden');
    // Text and nosniff: what is echoed must never be read as a page.
    return reply.type('text/plain; charset=utf-8').send(challenge);
  });

  app.post('/', { config: publicRoute, schema: { hide: true } }, async (request, reply) => {
    const body = request.body as Buffer | undefined;
    const signature = request.headers['x-hub-signature-256'];
    const signed = body && typeof signature === 'string' && isSignedByMeta(body, signature, whatsapp.appSecret ?? '');
    if (!signed) throw new ApiError('bad_signature');
    const items = parseDelivery(parseJson(body));
    await inbox.store(items.map(arrivalOf));
    return reply.send({ received: items.length });
  });
}

/** How the inbox keeps a thing that a delivery told. */
export const arrivalOf = (item: InboundItem): Arrival => ({
  provider: 'whatsapp',
  externalId: item.externalId,
  channel: item.phoneNumberId,
  payload: item,
  ...(item.kind === 'message' && { written: { by: item.from, at: item.timestamp } }),
  // In the line of the new number, before whatever comes from it.
  ...(item.kind === 'move' && { written: { by: item.to, at: item.timestamp } }),
  ...(item.kind === 'edit' && item.from && { written: { by: item.from, at: item.timestamp, changes: true } }),
});

function parseJson(body: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (!isTooDeep(value)) return value;
  } catch (cause) {
    throw new ApiError('bad_json', { cause });
  }
  throw new ApiError('bad_json');
}

function same(given: unknown, expected: string | undefined): boolean {
  if (typeof given !== 'string' || !expected) return false;
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
