import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from './config.js';
import { keptFile } from './keptFile.js';

/** What whoever runs the platform shows to see its outbox: 256 bits, made at the first start in `operator.key` of the data directory. */
export const loadOperatorKey = ({ dataDir }: Pick<Config, 'dataDir'>): Promise<string> =>
  keptFile(join(dataDir, 'operator.key'), () => randomBytes(32).toString('base64url'));
