import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';

/**
 * A snapshot of a PostgreSQL directory in one compressed file: a line of JSON that lists directories and files with their sizes,
 * then the files' contents one after another.
 */
interface Contents {
  readonly directories: readonly string[];
  readonly files: readonly (readonly [path: string, size: number])[];
}

/** Packs the directory of a database that is closed. */
export async function packTemplate(directory: string, file: string): Promise<void> {
  const found = readdirSync(directory, { recursive: true, withFileTypes: true });
  const pathOf = (entry: (typeof found)[number]): string =>
    join(entry.parentPath, entry.name).slice(directory.length + 1);
  const directories = found.filter((entry) => entry.isDirectory()).map(pathOf);
  const paths = found.filter((entry) => entry.isFile() && entry.name !== 'postmaster.pid').map(pathOf);
  const bodies = paths.map((path) => readFileSync(join(directory, path)));
  const contents: Contents = { directories, files: paths.map((path, at) => [path, bodies[at]?.length ?? 0]) };
  const packed = Buffer.concat([Buffer.from(`${JSON.stringify(contents)}\n`), ...bodies]);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 5,
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: packed.length,
  };
  mkdirSync(dirname(file), { recursive: true });
  await writeFile(file, await promisify(brotliCompress)(packed, { params }));
}

/** Unpacks a snapshot into an empty directory. Only snapshots of our own build: paths are taken as they are. */
export async function unpackTemplate(file: string, directory: string): Promise<void> {
  const packed = await promisify(brotliDecompress)(await readFile(file));
  const head = packed.indexOf('\n');
  const contents = JSON.parse(packed.toString('utf8', 0, head)) as Contents;
  for (const path of contents.directories) mkdirSync(join(directory, path), { recursive: true, mode: 0o700 });
  let offset = head + 1;
  for (const [path, size] of contents.files) {
    writeFileSync(join(directory, path), packed.subarray(offset, offset + size), { mode: 0o600 });
    offset += size;
  }
}
