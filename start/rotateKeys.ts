import { connect, type Database } from '#db/connect.js';
import { openMaster, rotateMaster } from '#db/masterKey.js';
import { migrate } from '#db/migrate.js';
import { openSigningKeys } from '#server/api/auth/signingKeys.js';
import { ConfigError, readConfig, type Config } from '#server/config.js';
import { loadMasterKeys, nextMasterKeys } from '#server/masterKey.js';
import { openEmbedded } from './embedded.js';

/**
 * `npm run keys:rotate`: access tokens are signed by a new key from here on, in running servers within a minute. Tokens of before stay good until
 * they are over; `-- --now` ends them at once, for a key that somebody may have: browsers fetch new ones by themselves.
 * `-- --master` seals everything with MASTER_KEY that MASTER_KEY_PREVIOUS sealed, while processes that know both go on; embedded, where nothing runs
 * meanwhile, it makes the new key itself.
 */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const embedded = await openEmbedded(config);
  try {
    const url = embedded?.url ?? config.databaseUrl?.reveal() ?? '';
    await migrate(url);
    const db = connect(url);
    try {
      await (process.argv.includes('--master') ? changeMaster(db, config) : changeSigning(db, config));
    } finally {
      await db.close();
    }
  } finally {
    await embedded?.close();
  }
}

async function changeSigning(db: Database, config: Config): Promise<void> {
  const retire = process.argv.includes('--now');
  const keys = await openSigningKeys(db, await openMaster(db, await loadMasterKeys(config)));
  await keys.rotate({ force: true, retire });
  console.log(`Signing with ${keys.current().id}.${retire ? ' Every other key is retired.' : ''}`);
}

async function changeMaster(db: Database, config: Config): Promise<void> {
  if (config.masterKey && !config.previousMasterKey)
    throw new ConfigError('MASTER_KEY_PREVIOUS: needed here: the key that everything is sealed with now');
  const { keys, accept } = await nextMasterKeys(config);
  const keyring = await openMaster(db, keys);
  const moved = await rotateMaster(db, keyring, config.mode === 'embedded' ? 0 : undefined);
  await accept();
  console.log(
    `Sealed ${moved} values anew. ${config.masterKey ? 'Restart every process without MASTER_KEY_PREVIOUS, then forget the old key.' : 'The old key is gone from the data directory.'}`,
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
