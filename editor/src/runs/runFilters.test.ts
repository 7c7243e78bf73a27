import { expect, it } from 'vitest';
import { countFilters, queryOf, readRunFilters, type RunFilters } from './runFilters.js';

const address = { status: 'failed', yours: true, failedFirst: true, view: 'traffic' };

it('counts what narrows the list, and nothing else that stands in the address', () => {
  // A route is given what its parents left in the address as well.
  const given = { utm_source: 'mail', needs: 'person', ...readRunFilters(address) };
  expect(countFilters(given)).toBe(2);
  expect(countFilters({})).toBe(0);
});

it('lets nothing through that is no filter: a page is given what stands in the address beside what its route says', () => {
  const written: Record<string, unknown> = {
    status: 'gone',
    period: 'forever',
    version: -1,
    q: ' ',
    yours: 'yes',
    department: '7',
    view: 'x',
  };
  const given = { ...written, ...readRunFilters(written) };
  expect(Object.values(given).filter((value) => value !== undefined)).toEqual([]);
  expect(queryOf(given as RunFilters, undefined, Date.now())).toEqual({});
});
