import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { openDatabase } from './gateway.js';
import { unpackTemplate } from './template.js';

/**
 * Makes sure that a PostgreSQL directory exists, whole. It is built beside its place and moved there at the end, so that a first
 * start that was cut short leaves nothing half made.
 */
export async function prepareDirectory(directory: string, template?: string): Promise<void> {
  if (existsSync(directory)) return;
  const draft = `${directory}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  if (template) await unpackTemplate(template, draft);
  else await (await openDatabase(draft, true)).close();
  renameSync(draft, directory);
}
