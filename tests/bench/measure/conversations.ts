import { setTimeout as after } from 'node:timers/promises';
import { textDelivery } from '#tests/support/meta/deliveries.js';
import { sign } from '#tests/support/meta/graphApi.js';
import type { FromEmulators, ToEmulators } from './emulators.js';
import { collectGarbage } from './garbage.js';
import { Connection, requestOf } from './load.js';
import { appSecret, phoneNumberId, phoneNumberIds } from './platform.js';
import { startScript, type Started } from './processes.js';
import { percentile } from './stats.js';

export interface Answers {
  readonly answers: number;
  readonly perSecond: number;
  /** Milliseconds from the delivery of a message to the arrival of its answer. */
  readonly p50: number;
  readonly p99: number;
}

export interface Customers {
  readonly graphUrl: string;
  readonly openaiUrl: string;
  /** `atOnce` conversations, each with a message on its way all the time, for `seconds`. */
  busy(api: URL, atOnce: number, seconds: number): Promise<Answers>;
  /** `rate` messages a second, whatever the answers do. */
  steady(api: URL, rate: number, seconds: number): Promise<Answers>;
  stop(): Promise<void>;
}

/** A customer writes again only after this many others have. */
const CUSTOMERS = 2_000;
/** An answer that takes longer counts as none. */
const PATIENCE_MS = 30_000;
const CHANNEL = '/api/v1/webhooks/whatsapp';
const KEPT_CONNECTIONS = 128;

/** Customers who write on WhatsApp, and the emulators that their answers arrive at. */
export async function openCustomers(modelMs: number): Promise<Customers> {
  const emulators: Started = startScript('tests/bench/measure/emulators.ts', {
    ipc: true,
    // Nothing at this place: no schema is checked under load.
    env: { MODEL_MS: String(modelMs), CONTRACTS_DIR: '/nonexistent' },
  });
  const waiting = new Map<string, (at: number) => void>();
  let customer = 0;
  const addresses = new Promise<{ graphUrl: string; openaiUrl: string }>((resolve, reject) => {
    emulators.child.once('exit', () => reject(new Error(`The emulators ended:\n${emulators.said()}`)));
    emulators.child.on('message', (message: FromEmulators) => {
      if ('graphUrl' in message) return resolve(message);
      if ('collected' in message) return;
      for (const { to, at } of message.sent) waiting.get(to)?.(at);
    });
  });
  const { graphUrl, openaiUrl } = await addresses;
  const idle: Connection[] = [];

  /** Nothing that measures stands still in the midst of a sample to collect what was left of those before. */
  const collect = async (): Promise<void> => {
    const collected = new Promise<void>((resolve) => {
      const hear = (message: FromEmulators): void => {
        if (!('collected' in message)) return;
        emulators.child.off('message', hear);
        resolve();
      };
      emulators.child.on('message', hear);
    });
    emulators.child.send('collect' satisfies ToEmulators);
    collectGarbage();
    await collected;
  };

  /** Milliseconds until the answer is at the emulator. Throws when there is none. */
  const write = async (url: URL): Promise<number> => {
    const who = customer++ % CUSTOMERS;
    const from = `55819${String(80_000_000 + who)}`;
    const to = phoneNumberIds[who % phoneNumberIds.length] ?? phoneNumberId;
    const body = JSON.stringify(textDelivery({ phoneNumberId: to, from }, 'Que horas vocês abrem no domingo?'));
    const request = requestOf(url, 'POST', { 'x-hub-signature-256': sign(body, appSecret) }, body);
    const connection = idle.pop() ?? new Connection(url);
    const began = Date.now();
    let timer: NodeJS.Timeout | undefined;
    const answered = new Promise<number>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`No answer within ${PATIENCE_MS / 1_000} s`)), PATIENCE_MS);
      waiting.set(from, resolve);
    });
    // It may fail while we still wait for the webhook.
    answered.catch(() => {});
    try {
      const status = await connection.send(request);
      if (status !== 200) throw new Error(`The webhook answered ${status}`);
      if (idle.length < KEPT_CONNECTIONS) idle.push(connection);
      else connection.close();
      return (await answered) - began;
    } finally {
      clearTimeout(timer);
      waiting.delete(from);
    }
  };

  const result = (latencies: readonly number[], seconds: number, inTime = latencies.length): Answers => ({
    answers: latencies.length,
    perSecond: inTime / seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  });

  return {
    graphUrl: `${graphUrl}/v23.0`,
    openaiUrl,
    async busy(api, atOnce, seconds) {
      await collect();
      const url = new URL(CHANNEL, api);
      const began = performance.now();
      const latencies: number[] = [];
      let inTime = 0;
      const going = (): boolean => performance.now() - began < seconds * 1_000;
      const conversation = async (): Promise<void> => {
        while (going()) {
          latencies.push(await write(url));
          // The last ones come when fewer and fewer are at it: they count in the latencies alone.
          if (going()) inTime += 1;
        }
      };
      await Promise.all(Array.from({ length: atOnce }, conversation));
      return result(latencies, seconds, inTime);
    },
    async steady(api, rate, seconds) {
      await collect();
      const url = new URL(CHANNEL, api);
      const began = performance.now();
      const count = Math.max(1, Math.floor(rate * seconds));
      const latencies: number[] = [];
      const all: Promise<unknown>[] = [];
      for (let index = 0; index < count; index += 1) {
        const wait = began + (index / rate) * 1_000 - performance.now();
        if (wait > 0) await after(wait);
        all.push(write(url).then((latency) => latencies.push(latency)));
      }
      await Promise.all(all);
      return result(latencies, seconds);
    },
    async stop() {
      for (const connection of idle) connection.close();
      await emulators.stop();
    },
  };
}
