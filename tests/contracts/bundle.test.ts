import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const app = 'dist/editor';
const built = existsSync(`${app}/index.html`);
const read = (file: string): string => readFileSync(`${app}/${file}`, 'utf8');
const sizeOf = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(`${app}/${file}`)).length, 0);

/** A script with everything it imports before it can begin. */
function withImports(files: Iterable<string>, seen = new Set<string>()): Set<string> {
  for (const file of files) {
    if (seen.has(file) || !existsSync(`${app}/${file}`)) continue;
    seen.add(file);
    if (!file.endsWith('.js')) continue;
    const imports = [...read(file).matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+)["']/g)].map(
      ([, name]) => `assets/${name}`,
    );
    withImports(imports, seen);
  }
  return seen;
}

const chunk = (name: string): string =>
  `assets/${readdirSync(`${app}/assets`).find((file) => new RegExp(`^${name}-[\\w-]+\\.js$`).test(file)) ?? name}`;

/** Kilobytes after gzip, as issue 5 sets them. */
const budget = { first: 180, editor: 350 } as const;

describe.skipIf(!built)('what a browser loads', () => {
  const first = (): Set<string> => {
    const linked = [...read('index.html').matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(
      ([, file]) => file as string,
    );
    // Nobody sees anything before the words have come.
    return withImports([...linked, chunk('pt-BR')]);
  };

  it(`is at most ${budget.first} KB before anything is seen`, () =>
    expect(sizeOf(first()) / 1_000).toBeLessThanOrEqual(budget.first));

  it(`and at most ${budget.editor} KB more to build a department`, () => {
    const before = first();
    const editor = [...withImports([chunk('EditorPage')])].filter((file) => !before.has(file));
    expect(editor.length).toBeGreaterThan(0);
    expect(sizeOf(editor) / 1_000).toBeLessThanOrEqual(budget.editor);
  });

  it('leaves the expression language to the checker beside the page', () => {
    const editor = withImports([chunk('EditorPage')]);
    expect(
      [...editor].filter((file) => file.endsWith('.js') && read(file).includes('unlistedVariablesAreDyn')),
    ).toEqual([]);
  });
});
