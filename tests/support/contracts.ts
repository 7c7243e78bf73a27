import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Vendors' own specifications and payloads live outside the repository; suites that need them report themselves skipped without. */
const root = resolve(process.env['CONTRACTS_DIR'] ?? '../shared/contracts');

export const hasContracts = existsSync(resolve(root, 'README.md'));

/** Parsed JSON of one contract file, by its path below the contracts folder. */
export const contract = (path: string): unknown => JSON.parse(readFileSync(resolve(root, path), 'utf8'));
