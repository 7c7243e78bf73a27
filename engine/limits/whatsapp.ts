import type { Rate } from './limiter.js';

/**
 * What WhatsApp takes (Cloud API, "Throughput" and "Pair rate limits"): 80 messages a second from a number, and to one customer one each six
 * seconds. What may leave at once and what becomes free within the second are a little less together, for what bunches up on its way: whoever is over is refused, and all
 * of the number wait. It allows up to 45 at once to the same customer and asks to make up for them afterwards; an answer in several pieces needs far fewer, and whoever
 * writes more than that to a person is not answering.
 */
export const numberRate = (phoneNumberId: string): Rate => ({
  key: `whatsapp:${phoneNumberId}`,
  everyMs: 1_000 / 68,
  burst: 8,
});
export const pairRate = (phoneNumberId: string, to: string): Rate => ({
  key: `whatsapp:${phoneNumberId}:${to}`,
  everyMs: 6_000,
  burst: 10,
});
