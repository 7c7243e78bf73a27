import { clean, inWorld, must, type Scenario } from './scenario.js';

/** Between organizations. */
export const tenants: readonly Scenario[] = [
  {
    name: 'strangers',
    tests: '41',
    what: "another organization's runs and effects answer like none at all",
    run: () =>
      inWorld({ workers: 1 }, async (world) => {
        world.customers.flock(1);
        await clean(world, 120);
        const [{ id }] = (await world.expect('GET', '/runs')).body.items;
        const [effect] = (await world.expect('GET', `/runs/${id}`)).body.ledger;
        const token = (await world.api.call('POST', '/auth/sample', { locale: 'en' })).body.accessToken;
        const ask = async (run: string): Promise<number[]> => {
          const resolve = `/runs/${run}/effects/${effect.id}/resolve`;
          return [
            (await world.api.call('GET', `/runs/${run}`, undefined, { token })).status,
            (await world.api.call('POST', resolve, { outcome: 'happened' }, { token })).status,
          ];
        };
        const answers = [await ask(id), await ask(crypto.randomUUID())];
        must(
          answers.flat().every((status) => status === 404),
          'a stranger saw something',
          answers,
        );
        return { answers };
      }),
  },
];
