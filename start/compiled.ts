import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import { root } from './root.js';

/** What Node 20's types do not know: of newer versions, or documented as deprecated and there to stay. */
const loader = module as typeof module & {
  enableCompileCache?: (directory: string) => unknown;
  _extensions: NodeJS.RequireExtensions;
};

/** Beside what was built, and gone with it. */
const directory = join(root, 'dist/.compiled');
const bundle = join(root, 'dist/start/');

type Wrapped = (
  this: unknown,
  exports: unknown,
  require: NodeJS.Require,
  module: NodeJS.Module,
  file: string,
  directory: string,
) => void;

/**
 * Has what V8 made of the bundle kept in `dist/.compiled`, so that the next start need not parse ten megabytes: that was half of a start. Node 22 and newer do it themselves. Whatever is missing, of another version or unreadable is compiled as ever.
 * To be called before anything that is to be found there is loaded, with every V8 flag set, once a thread.
 * @returns keeps what had to be compiled this time; to be called when it has run, for only functions that ran are in it
 */
export function useCompiled(): () => void {
  const nothing = (): void => {};
  if (loader.enableCompileCache) {
    if (!process.env['NODE_COMPILE_CACHE']) loader.enableCompileCache(directory);
    return nothing;
  }
  const { _extensions: extensions } = loader;
  const plain = extensions['.js'];
  // Somebody asked for lines of the sources, which Node looks up for what it compiles itself.
  if (!plain || process.sourceMapsEnabled) return nothing;

  const here = join(directory, cachedDataVersionTag().toString(16));
  const missing = new Map<string, Script>();
  const load: typeof plain = (loading, file) => {
    // Packages beside the bundle are few, and may import, which a script that Node did not compile itself cannot.
    if (!file.startsWith(bundle)) return plain(loading, file);
    const { size, mtimeMs } = statSync(file);
    const kept = join(here, createHash('sha1').update(`${file} ${size} ${mtimeMs}`).digest('hex'));
    const cachedData = existsSync(kept) ? readFileSync(kept) : undefined;
    const script = new Script(module.wrap(readFileSync(file, 'utf8')), {
      filename: file,
      ...(cachedData && { cachedData }),
    });
    if (!cachedData || script.cachedDataRejected) missing.set(kept, script);
    const run = script.runInThisContext() as Wrapped;
    run.call(loading.exports, loading.exports, createRequire(file), loading, file, dirname(file));
  };
  extensions['.js'] = load;

  return () => {
    // What is loaded later is wanted by few.
    extensions['.js'] = plain;
    if (missing.size === 0) return;
    try {
      mkdirSync(here, { recursive: true });
      for (const [kept, script] of missing) {
        // Whole or not at all: another process may be reading.
        const part = `${kept}.${process.pid}.${Math.random().toString(36).slice(2)}`;
        writeFileSync(part, script.createCachedData());
        renameSync(part, kept);
      }
    } catch {
      // A directory that nobody may write to: the next start compiles again.
    }
    missing.clear();
  };
}
