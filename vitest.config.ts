import { defineConfig } from 'vitest/config';

/** Suites that need a real PostgreSQL and Redis are named `*.services.test.ts`; `npm run test:services` runs them and all the others again. */
const services = process.env['TEST_SERVICES'] === '1';

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    include: ['{db,engine,nodes,server,start,templates,tests}/**/*.test.ts', 'editor/src/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'dist/**', ...(services ? [] : ['**/*.services.test.ts'])],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
