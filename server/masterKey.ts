import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, type Config } from './config.js';

/**
 * The key under which all credentials are sealed, 32 bytes: MASTER_KEY, or in embedded mode the file `master.key` of the data
 * directory, made at the first start and readable by its owner alone. Without that file, what it sealed cannot be opened again.
 */
export async function loadMasterKey(config: Pick<Config, 'masterKey' | 'dataDir'>): Promise<Buffer> {
  if (config.masterKey) return config.masterKey.reveal();
  const path = join(config.dataDir, 'master.key');
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  try {
    // `wx`: of two that start at once, one writes and the other reads.
    await writeFile(path, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = Buffer.from(await readFile(path, 'utf8'), 'base64');
  if (key.length !== 32) throw new ConfigError(`MASTER_KEY: ${path} does not hold 32 bytes in base64`);
  return key;
}
