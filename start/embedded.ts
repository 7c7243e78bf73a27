import { existsSync } from 'node:fs';
import { startEmbedded, type EmbeddedDatabase } from '#db/embedded/start.js';
import type { Config } from '#server/config.js';
import { root } from './root.js';

/** The embedded database of `config.dataDir`, or `null` where PostgreSQL is given. Throws `DirectoryInUse`. */
export async function openEmbedded({ mode, dataDir }: Config): Promise<EmbeddedDatabase | null> {
  if (mode !== 'embedded') return null;
  const template = `${root}dist/database-template.tar.gz`;
  return startEmbedded({ dataDir, ...(existsSync(template) && { template }) });
}
