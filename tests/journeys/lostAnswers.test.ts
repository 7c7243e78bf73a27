import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDepartments, type DepartmentDriver } from '#tests/support/departmentDriver.js';
import { InstagramEmulator, type Mishap } from '#tests/support/meta/instagram.js';

const instagram = new InstagramEmulator();
let shop: DepartmentDriver;
beforeAll(async () => {
  shop = await startDepartments({}, instagram.answer);
}, 120_000);
afterAll(() => shop.close());

describe('a publication on Instagram', () => {
  /** Its container is saved as a step of its own, so that one can ask what became of it. */
  const publication = (confirmAt?: string) => {
    const at = `http://127.0.0.1:${shop.outside.port}`;
    const post = (url: string, query: object, more: object = {}) => ({
      method: 'POST',
      url: `${at}/${url}`,
      query: Object.entries(query).map(([name, value]) => ({ name, value })),
      ...more,
    });
    return shop.publish(
      [
        ['start:trigger.manual'],
        [
          'container:data.httpRequest',
          post('17841400/media', { image_url: 'https://example.com/pao.jpg', caption: 'Saiu do forno' }),
        ],
        [
          'publish:data.httpRequest',
          post(
            '17841400/media_publish',
            { creation_id: '{{ steps.container.json.id }}' },
            {
              confirmUrl: confirmAt ?? `${at}/{{ steps.container.json.id }}?fields=status_code`,
              confirmField: 'status_code',
              confirmValue: 'PUBLISHED',
            },
          ),
          { retry: { attempts: 2, backoffMs: 1 } },
        ],
      ],
      'start>container container>publish',
    );
  };
  const publishWith = async (...mishaps: Mishap[]) => {
    instagram.published.length = 0;
    instagram.mishaps.push(...mishaps);
    return shop.run(await publication());
  };
  const ledgerOf = (run: { ledger: { path: string; state: string; settledBy: string }[] }) =>
    run.ledger.filter(({ path }) => path === 'publish').map(({ state, settledBy }) => [state, settledBy]);

  it.each(['answerLost', 'gatewayTired'] as const)(
    'is looked up by its container and not made again: %s',
    async (how) => {
      const run = await publishWith(how);
      expect(run).toMatchObject({ status: 'succeeded', output: { status: 200, json: { status_code: 'PUBLISHED' } } });
      expect(ledgerOf(run)).toEqual([['done', 'provider']]);
      expect(instagram.published).toHaveLength(1);
    },
  );

  it('that never arrived is made again, as the container says that it is not published', async () => {
    const run = await publishWith('neverArrived');
    expect(run.status).toBe('succeeded');
    expect(ledgerOf(run)).toEqual([['done', 'worker']]);
    expect(instagram.published).toHaveLength(1);
    expect(instagram.faults).toEqual([]);
  });

  it('of which nobody can say what became waits for a person', async () => {
    instagram.mute = true;
    const run = await publishWith('answerLost');
    instagram.mute = false;
    expect(run.status).toBe('waiting');
    expect(ledgerOf(run)).toEqual([['uncertain', null]]);
    expect(instagram.published).toHaveLength(1);
  });

  it('that a gateway gave up on waits for a person where nobody can be asked', async () => {
    instagram.mute = true;
    const run = await publishWith('gatewayTired');
    instagram.mute = false;
    expect([run.status, ledgerOf(run)]).toEqual(['waiting', [['uncertain', null]]]);
    expect(instagram.published).toHaveLength(1);
  });

  it('is not looked up at an address that is closed to everybody', async () => {
    instagram.mishaps.push('answerLost');
    const run = await shop.run(await publication('http://169.254.169.254/latest/meta-data'));
    expect(run.status).toBe('waiting');
    expect(ledgerOf(run)).toEqual([['uncertain', null]]);
  });

  it('carries one key in every try, in the header of either payment provider', async () => {
    const before = shop.outside.requests.length;
    await publishWith('neverArrived');
    const tries = shop.outside.requests
      .slice(before)
      .filter(({ url }) => url.includes('media_publish'))
      .map(({ headers }) => [headers['idempotency-key'], headers['x-idempotency-key']]);
    const [[key] = []] = tries;
    expect(key).toBeTruthy();
    expect(tries).toEqual([
      [key, key],
      [key, key],
    ]);
    const asked = shop.outside.requests.slice(before).filter(({ method }) => method === 'GET');
    expect(asked.map(({ headers }) => headers['idempotency-key'])).toEqual([undefined]);
  });
});
