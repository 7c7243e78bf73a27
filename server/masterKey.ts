import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { MasterKeys } from '#db/seal.js';
import { ConfigError, type Config } from './config.js';
import { keptFile } from './keptFile.js';

type Given = Pick<Config, 'masterKey' | 'previousMasterKey' | 'dataDir'>;

const fileOf = ({ dataDir }: Given): string => join(dataDir, 'master.key');
/** The key that takes over, while everything is being sealed anew: after a crash in between, both are there. */
const nextFileOf = (config: Given): string => `${fileOf(config)}.next`;

/**
 * The key under which all credentials are sealed, 32 bytes: MASTER_KEY, or in embedded mode the file `master.key` of the data
 * directory, made at the first start and readable by its owner alone. Without that file, what it sealed cannot be opened again.
 * With it the one before, as long as MASTER_KEY_PREVIOUS names it or a change of the file was broken off.
 */
export async function loadMasterKeys(config: Given): Promise<MasterKeys> {
  const given = config.previousMasterKey?.reveal() ?? null;
  if (config.masterKey) return { current: config.masterKey.reveal(), previous: given };
  const current = await keyIn(fileOf(config));
  if (!existsSync(nextFileOf(config))) return { current, previous: given };
  return { current: await keyIn(nextFileOf(config)), previous: current };
}

/** A new key for the file of the data directory, beside the one in it. `accept` puts it in its place once everything is sealed with it. */
export async function nextMasterKeys(config: Given): Promise<{ keys: MasterKeys; accept(): Promise<void> }> {
  if (config.masterKey) return { keys: await loadMasterKeys(config), accept: () => Promise.resolve() };
  await keyIn(fileOf(config));
  await keyIn(nextFileOf(config));
  return { keys: await loadMasterKeys(config), accept: () => rename(nextFileOf(config), fileOf(config)) };
}

async function keyIn(path: string): Promise<Buffer> {
  await keptFile(path, () => randomBytes(32).toString('base64'));
  const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64');
  if (key.length !== 32) throw new ConfigError(`MASTER_KEY: ${path} does not hold 32 bytes in base64`);
  return key;
}
