import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';

/**
 * Suites that need a real PostgreSQL and Redis are named `*.services.test.ts`. `npm run test:services` runs them, and again every suite that
 * reaches a store; not those that never do, or that are about the embedded stores themselves.
 */
const services = process.env['TEST_SERVICES'] === '1';
const storeless = [
  // Rules that are decided before a store is asked, the same on every one.
  'tests/contracts/{audit,lists,permissions,purposes,routes}.test.ts',
  'tests/security/{answers,crossSite,egress,egressDoors,headers,imports,network}.test.ts',
  'db/embedded/**',
  'db/{errors,groupCommit,seal}.test.ts',
  'editor/**',
  'engine/{channels,compile,graph}/**',
  'nodes/**',
  'server/config.test.ts',
  'tests/contracts/{client,nodeIcons,nodes,openapi,structure,templates}.test.ts',
  'tests/e2e/**',
];

/** A short file that takes longer than any: begun last, as its size says, it would go on alone when every other worker is done. */
const LONGEST = 'tests/e2e/everyPage.test.ts';

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLongest = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith(LONGEST);
    const sorted = await super.sort(files);
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    include: ['{db,engine,nodes,server,start,templates,tests}/**/*.test.ts', 'editor/src/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'dist/**', ...(services ? storeless : ['**/*.services.test.ts'])],
    // A test that passes ends when it is done; on a busy machine that may be late.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000, interval: 20 } },
    pool: 'forks',
    // Modules are loaded once a worker and not once a file: a third of the time. No suite may leave anything behind in one.
    isolate: false,
    // One more than the cores of the smallest machine: browsers, hashes and waits leave them idle.
    maxWorkers: 3,
  },
});
