import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ConfigError, type Config } from './config.js';
import { keptFile } from './keptFile.js';

/**
 * The key under which all credentials are sealed, 32 bytes: MASTER_KEY, or in embedded mode the file `master.key` of the data
 * directory, made at the first start and readable by its owner alone. Without that file, what it sealed cannot be opened again.
 */
export async function loadMasterKey(config: Pick<Config, 'masterKey' | 'dataDir'>): Promise<Buffer> {
  if (config.masterKey) return config.masterKey.reveal();
  const path = join(config.dataDir, 'master.key');
  const key = Buffer.from(await keptFile(path, () => randomBytes(32).toString('base64')), 'base64');
  if (key.length !== 32) throw new ConfigError(`MASTER_KEY: ${path} does not hold 32 bytes in base64`);
  return key;
}
