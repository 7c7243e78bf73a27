import { setTimeout as after } from 'node:timers/promises';
import { until } from '../until.js';
import { clean, figuresOf, inWorld, must, strikeAgain, type Scenario } from './scenario.js';

const afterTheYes = { role: 'worker', name: 'outbound.call.after' } as const;

/** What went out and is not on record. */
export const effects: readonly Scenario[] = [
  {
    name: 'providerYes',
    tests: '2',
    what: "a worker dies between the provider's yes and our record; its report settles it",
    run: (random, short) =>
      inWorld({ workers: 3 }, async (world) => {
        const kills = await strikeAgain(world, random, afterTheYes, short ? 10 : 200);
        // Beside the one that struck a worker, others of its messages were on their way and never left: of these no report comes, and a person is asked.
        await until(
          'all that the provider has is settled by its reports',
          async () => {
            const taken = new Set(world.outside.record().map(({ opaque }) => opaque));
            const open = await world.rows<{ opaque: string }>(
              `select run_id || '/' || key as opaque from platform.effects where state in ('intended', 'uncertain')`,
            );
            return (
              world.customers.all.every(({ acceptedAt }) => acceptedAt) && !open.some(({ opaque }) => taken.has(opaque))
            );
          },
          120,
        );
        const verdict = await clean(world, 240);
        must(verdict.uncertain.reconciled > 0, 'nothing was uncertain', verdict.uncertain);
        return { kills, ...figuresOf(verdict) };
      }),
  },
  {
    name: 'noReports',
    tests: '2',
    what: 'the same while the channel reports nothing: nothing is sent again, and a person is asked about each',
    run: (random, short) =>
      inWorld({ workers: 3 }, async (world) => {
        world.outside.tell({ statuses: 'off' });
        const kills = await strikeAgain(world, random, afterTheYes, short ? 5 : 200);
        const waiting = async (): Promise<{ open: number; asked: number }> => {
          const [row] = await world.rows<{ open: number; asked: number }>(
            `select count(*) filter (where state in ('uncertain', 'intended'))::int as open,
               count(*) filter (where state = 'uncertain' and surfaced_at is not null)::int as asked from platform.effects`,
          );
          return row ?? { open: 0, asked: 0 };
        };
        await until(
          'everything uncertain is surfaced',
          async () => {
            const { open, asked } = await waiting();
            return open > 0 && open === asked && world.customers.inFlight() <= open * 2;
          },
          240,
        );
        const { asked } = await waiting();
        const sends = world.outside.record().length;
        await after(3_000);
        must(world.outside.record().length === sends, 'something was sent while a person was asked', sends);
        return { kills, asked, ...figuresOf(await clean(world, 120)) };
      }),
  },
];
