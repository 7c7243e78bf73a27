import { expect, it } from 'vitest';
import { countFilters, readRunFilters } from './runFilters.js';

const address = { status: 'failed', yours: true, failedFirst: true, view: 'traffic' };

it('counts what narrows the list, and nothing else that stands in the address', () => {
  // A route is given what its parents left in the address as well.
  const given = { utm_source: 'mail', needs: 'person', ...readRunFilters(address) };
  expect(countFilters(given)).toBe(2);
  expect(countFilters({})).toBe(0);
});
