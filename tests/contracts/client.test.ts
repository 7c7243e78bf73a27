import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import type { Document } from '#server/openapi/document.js';
import { buildTestApp } from '#tests/support/app.js';
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
});
