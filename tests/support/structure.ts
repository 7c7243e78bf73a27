import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A source file as its neighbours see it. Paths are relative to the repository, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly SourceImport[];
}

export interface SourceImport {
  /** A source file of ours, or the name of a package. */
  readonly target: string;
  readonly external: boolean;
  readonly typeOnly: boolean;
}

const rooms = ['db', 'engine', 'nodes', 'server', 'start', 'editor/src', 'tests'];
const statement =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Every TypeScript file of the project with what it imports, read from the text. */
export function readSources(): SourceFile[] {
  const paths = rooms.flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
      .map((name) => `${room}/${name.replaceAll('\\', '/')}`),
  );
  const known = new Set(paths);
  return paths.map((path) => {
    const text = readFileSync(path, 'utf8');
    const imports = [...text.matchAll(statement)].map(([, type, from, dynamic]) => {
      const specifier = (from ?? dynamic) as string;
      const target = resolveSource(path, specifier, known);
      return { target: target ?? packageName(specifier), external: target === null, typeOnly: Boolean(type) };
    });
    return { path, text, imports };
  });
}

function resolveSource(importer: string, specifier: string, known: ReadonlySet<string>): string | null {
  const path = specifier.startsWith('#')
    ? specifier.slice(1)
    : specifier.startsWith('.')
      ? normalize(join(dirname(importer), specifier)).replaceAll('\\', '/')
      : null;
  if (!path) return null;
  const candidates = [path, path.replace(/\.js$/, '.ts'), path.replace(/\.js$/, '.tsx'), `${path}.ts`, `${path}.tsx`];
  return candidates.find((candidate) => known.has(candidate)) ?? path;
}

const packageName = (specifier: string): string =>
  specifier.startsWith('node:')
    ? specifier
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');

export const isTest = (path: string): boolean => path.startsWith('tests/') || /\.test\.tsx?$/.test(path);
