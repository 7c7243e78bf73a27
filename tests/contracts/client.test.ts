import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import type { Document } from '#server/openapi/document.js';
import { buildTestApp } from '#tests/support/app.js';
import { readSources, type SourceFile } from '#tests/support/structure.js';
import { operationsOf, typesOf } from '#tests/support/openapi/typescript.js';

/** `npm run client:generate` writes the same files. */
it('the client of the web app is what the document says', async () => {
  const server = await buildTestApp();
  const document = server.app.swagger() as object as Document;
  await server.close();
  const options = { ...(await resolveConfig(import.meta.filename)), parser: 'typescript' };
  const folder = '../../editor/src/api/generated';
  await expect(await format(typesOf(document), options)).toMatchFileSnapshot(`${folder}/types.ts`);
  await expect(await format(operationsOf(document), options)).toMatchFileSnapshot(`${folder}/operations.ts`);
}, 120_000);

/** Everything of the web app that a person wrote. */
const sources = readSources().filter(
  ({ path }) => path.startsWith('editor/src/') && !path.includes('/generated/') && !/\.test\.tsx?$/.test(path),
);
const filesWith = (pattern: RegExp, files: readonly Pick<SourceFile, 'path' | 'text'>[] = sources): readonly string[] =>
  files.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

/** What would be a second way to the API, and the one file that may have it. */
const doors: readonly [name: string, pattern: RegExp, files: readonly string[]][] = [
  ['fetch', /(?<![.\w])fetch\(|XMLHttpRequest|EventSource|sendBeacon|\baxios\b/, ['editor/src/api/client.ts']],
  ['an operation of its own', /\bmethod:\s*['"`]|Operation<[^>]*>\s*=\s*\{/, []],
  ['an address below /api/v1', /['"`][^'"`\n]*\/api\/v1\/(?!realtime\b|collaboration\b|webhooks\/)/, []],
  ['a type of the server', /from '#?[./\w]*server\//, []],
];

describe('the web app', () => {
  it.each(doors)('reaches the API by generated operations alone: %s', (_, pattern, files) => {
    expect(filesWith(pattern)).toEqual(files);
  });

  it.each([
    ['fetch', "const x = await fetch('/api/v1/runs');"],
    ['an operation of its own', "client.call({ method: 'GET', path: '/runs' }, {})"],
    ['an address below /api/v1', 'location.href = `/api/v1/audit/export`'],
    ['a type of the server', "import type { RunView } from '#server/api/runs/schemas.js';"],
  ])('would be caught with %s', (name, text) => {
    const [, pattern = /$^/] = doors.find(([door]) => door === name) ?? [];
    expect(filesWith(pattern, [{ path: 'broken.ts', text }])).toEqual(['broken.ts']);
  });
});
