import { messagesDelivery } from '#tests/support/meta/deliveries.js';
import type { Customer } from '../customers.js';
import { phoneNumberId } from '../department.js';
import { clean, figuresOf, inWorld, strikeAgain, type Scenario } from './scenario.js';

/** What customers write, as Meta brings it. */
export const inbound: readonly Scenario[] = [
  {
    name: 'deliveredFiveTimes',
    tests: '16',
    what: 'a thousand messages, each delivered five times, shuffled, in batches, 20 at a time',
    run: (random, short) =>
      inWorld({ workers: 3 }, async (world) => {
        const customers = Array.from({ length: short ? 100 : 1_000 }, () => world.customers.add());
        const copies = random.shuffle(customers.flatMap((customer) => Array<Customer>(5).fill(customer)));
        const tookMs: number[] = [];
        const lane = async (): Promise<void> => {
          for (;;) {
            const batch = copies.splice(0, random.whole(1, 5));
            if (batch.length === 0) return;
            const entry = batch.flatMap(({ phone, text }) => {
              const message = { id: `wamid.${phone}`, type: 'text', text: { body: text } };
              return messagesDelivery({ phoneNumberId, from: phone, name: phone }, [message])['entry'] as object[];
            });
            const began = performance.now();
            await world.customers.deliver({ object: 'whatsapp_business_account', entry });
            tookMs.push(performance.now() - began);
            for (const customer of batch) customer.acceptedAt ??= Date.now();
          }
        };
        await Promise.all(Array.from({ length: 20 }, lane));
        const verdict = await clean(world, 400);
        tookMs.sort((a, b) => a - b);
        return { ackP50Ms: Math.round(tookMs[Math.floor(tookMs.length / 2)] ?? 0), ...figuresOf(verdict) };
      }),
  },
  {
    name: 'apiDies',
    tests: '23',
    what: 'the API dies after what arrived was stored and before anybody was told',
    run: (random, short) =>
      inWorld({ workers: 2 }, async (world) => {
        const kills = await strikeAgain(world, random, { role: 'api', name: 'queue.add.before' }, short ? 5 : 100);
        return { kills, ...figuresOf(await clean(world, 240)) };
      }),
  },
];
