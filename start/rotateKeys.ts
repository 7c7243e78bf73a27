import { connect } from '#db/connect.js';
import { migrate } from '#db/migrate.js';
import { openKeyring } from '#db/seal.js';
import { openSigningKeys } from '#server/api/auth/signingKeys.js';
import { readConfig } from '#server/config.js';
import { loadMasterKey } from '#server/masterKey.js';
import { openEmbedded } from './embedded.js';

/**
 * `npm run keys:rotate`: access tokens are signed by a new key from here on, in running servers within a minute. Tokens of before stay good until
 * they are over; `-- --now` ends them at once, for a key that somebody may have: browsers fetch new ones by themselves.
 */
async function main(): Promise<void> {
  const retire = process.argv.includes('--now');
  const config = readConfig(process.env);
  const embedded = await openEmbedded(config);
  try {
    const url = embedded?.url ?? config.databaseUrl?.reveal() ?? '';
    await migrate(url);
    const db = connect(url);
    try {
      const keys = await openSigningKeys(db, openKeyring(await loadMasterKey(config)));
      await keys.rotate({ force: true, retire });
      console.log(`Signing with ${keys.current().id}.${retire ? ' Every other key is retired.' : ''}`);
    } finally {
      await db.close();
    }
  } finally {
    await embedded?.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
