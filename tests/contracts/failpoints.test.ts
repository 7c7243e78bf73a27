import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failpoint, failpoints } from '#db/failpoint.js';
import { isTest, readSources } from '#tests/support/structure.js';

const product = readSources().filter(({ path }) => !isTest(path) && path !== 'db/failpoint.ts');

describe('failpoints', () => {
  it.each(failpoints)('%s stands in the code, once', (name) => {
    const places = product.filter(({ text }) => text.includes(`'${name}'`)).map(({ path }) => path);
    expect(places).toHaveLength(1);
  });

  it('do nothing in a process that no test has armed', () => {
    expect(failpoints.map(failpoint)).toEqual(failpoints.map(() => undefined));
  });

  it('are armed by nothing in the product: by no setting, no request, no data', () => {
    expect(product.filter(({ text }) => text.includes('armFailpoints')).map(({ path }) => path)).toEqual([]);
    expect(readFileSync('db/failpoint.ts', 'utf8')).not.toMatch(/process\.env|globalThis/);
  });
});
