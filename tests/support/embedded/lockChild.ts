/** Process of directoryLock.test.ts. */
import { lockDirectory } from '#db/embedded/directoryLock.js';

try {
  lockDirectory(process.argv[2] ?? '');
  process.send?.('locked');
} catch (error) {
  process.send?.(String(error));
}
// Until it is killed, or the test is gone.
process.on('disconnect', () => process.exit());
