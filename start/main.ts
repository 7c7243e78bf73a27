import { announce } from './announce.js';
import { ConfigError, readConfig } from '#server/config.js';
import { DirectoryInUse } from '#db/embedded/start.js';
import { UnsupportedPostgres } from '#db/migrate.js';
import { startPlatform } from './platform.js';

/** What `npm start` runs: reads the settings, starts the platform, ends it on Ctrl-C. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const platform = await startPlatform(config, process.env['LOG_LEVEL'] ? config.logLevel : undefined);
  announce(platform.address, config);

  let ending = false;
  const end = (): void => {
    // npm and the terminal may both tell us.
    if (ending) return;
    ending = true;
    console.log('\nClosing…');
    platform.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}

/** One clear line for what whoever started us can mend; everything for what only we can. */
function fail(error: unknown): never {
  const mendable = [ConfigError, DirectoryInUse, UnsupportedPostgres].some((known) => error instanceof known);
  console.error(mendable ? (error as Error).message : error);
  process.exit(1);
}

main().catch(fail);
