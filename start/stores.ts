import pg from 'pg';
import { openBackend } from '#engine/worker/backend.js';
import { ConfigError } from '#server/config.js';

/** How long PostgreSQL may take to answer a start. */
const PATIENCE_MS = 10_000;

/**
 * Looks at both stores before anything is opened on them, so that a start that cannot succeed says one thing. Throws `ConfigError`, with
 * the setting to mend.
 */
export async function checkStores(databaseUrl: string, redisUrl: string | undefined): Promise<void> {
  await checkPostgres(databaseUrl).catch((error: unknown) => {
    throw new ConfigError(
      `DATABASE_URL: PostgreSQL at ${new URL(databaseUrl).host} cannot be used: ${reasonOf(error)}`,
    );
  });
  if (!redisUrl) return;
  const queue = await openBackend({ databaseUrl, redisUrl }).catch((error: unknown) => {
    throw new ConfigError(reasonOf(error));
  });
  await queue.close();
}

async function checkPostgres(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: PATIENCE_MS });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rowCount } = await client.query(`select 1 from pg_available_extensions where name = 'vector'`);
    if (rowCount === 0) throw new Error('it has no pgvector (install it, or use the image pgvector/pgvector)');
  } finally {
    await client.end();
  }
}

/** What Node says of a name with several addresses is empty; the first of them tells. */
function reasonOf(error: unknown): string {
  const told = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  return told instanceof Error ? told.message : String(told);
}
