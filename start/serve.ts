import { readConfig } from '#server/config.js';
import { announce } from './announce.js';
import { openEmbedded } from './embedded.js';

/** How long closing may take, in milliseconds: a store that says nothing would hold it up for as long. What was under way then is taken up by others. */
const CLOSING_MS = 25_000;

/**
 * Reads the settings, starts the platform, ends it on Ctrl-C.
 * @param started called once it is ready
 */
export function serve(started: () => void): void {
  run(started).catch(fail);
}

async function run(started: () => void): Promise<void> {
  const config = readConfig(process.env);
  // The database wakes up in its thread while the rest is still being loaded: half of a start is loading.
  const opening = openEmbedded(config);
  opening.catch(() => {});
  const { startPlatform } = await import('./platform.js');
  const platform = await startPlatform(config, process.env['LOG_LEVEL'] ? config.logLevel : undefined, opening);

  let ending = false;
  const end = (): void => {
    // npm and the terminal may both tell us.
    if (ending) return;
    ending = true;
    console.log('\nClosing…');
    setTimeout(() => fail(new ClosingTooLong()), CLOSING_MS);
    platform.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  // Whoever reads it may end us at once.
  announce(platform, config);
  started();
}

class ClosingTooLong extends Error {
  override readonly name = 'ClosingTooLong';

  constructor() {
    super(
      'A store does not answer: ended without closing all. What was under way is on record and goes on elsewhere, or at the next start.',
    );
  }
}

/** One clear line for what whoever started us can mend; everything for what only we can. */
function fail(error: unknown): never {
  const mendable =
    error instanceof Error &&
    ['ClosingTooLong', 'ConfigError', 'DirectoryInUse', 'UnsupportedPostgres', 'WrongMasterKey'].includes(error.name);
  console.error(mendable ? error.message : error);
  process.exit(1);
}
