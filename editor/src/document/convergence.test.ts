import * as Y from 'yjs';
import { describe, expect, it } from 'vitest';
import type { Definition } from '#engine/graph/definition.js';
import { readDefinition, readDraft } from '#engine/graph/document/shape.js';
import { leftoversOf, tidy } from '#engine/graph/document/tidy.js';
import { validate } from '#engine/graph/validate.js';
import { publicNodes } from '#nodes/registry.js';
import { EditorDriver, type Editor } from '#tests/support/documentPeers.js';
import { editSomehow, faultsOf, randomFrom, smallDepartment } from '#tests/support/randomEdits.js';

/** `CONVERGENCE_EDITS=100000` is the whole of it. A failure says its seed: `CONVERGENCE_SEED` repeats it. */
const edits = Number(process.env['CONVERGENCE_EDITS'] ?? 2_000);
const seed = Number(process.env['CONVERGENCE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** Each round begins with a new draft, of this many edits. */
const ROUND = 1_000;
const types = publicNodes();

describe(`${edits} edits at once`, () => {
  it(`always end in one draft, and none that is wrong can be published (seed ${seed})`, { timeout: 3_600_000 }, () => {
    const random = randomFrom(seed);
    let published = 0;
    const ready = (definition: unknown): Definition | null => {
      const { definition: read, problems } = validate(definition, types);
      return problems.some(({ severity }) => severity === 'error') ? null : read;
    };
    for (let done = 0; done < edits;) {
      const driver = new EditorDriver(smallDepartment(), 3 + Math.floor(random() * 3));
      const somebody = (): Editor => driver.at(Math.floor(random() * driver.editors.length));
      for (let round = 0; round < ROUND && done < edits; round += 1, done += 1) {
        editSomehow(somebody(), random);
        if (random() < 0.3) driver.tell(somebody(), somebody());
        if (random() < 0.02) {
          driver.sync();
          const [first, ...others] = driver.editors.map(({ doc }) => readDraft(doc));
          for (const other of others) expect(other, `seed ${seed}, edit ${done}`).toEqual(first);
        }
        // A round begins with a good draft: the first edits are looked at each time, so that some good ones are met whatever the seed.
        const candidate = round < 10 || random() < 0.05 ? ready(readDraft(somebody().doc)) : null;
        if (candidate) {
          published += 1;
          expect(faultsOf(candidate), `seed ${seed}, edit ${done}`).toEqual([]);
        }
      }
      driver.sync();
      // The server takes out what hangs in the air; after that, all still agree.
      const [server] = driver.editors;
      const leftovers = server && leftoversOf(server.doc);
      if (server && leftovers) tidy(server.doc, leftovers);
      driver.sync();
      const vectors = driver.editors.map(({ doc }) => Y.encodeStateVector(doc));
      for (const vector of vectors)
        expect(Y.decodeStateVector(vector)).toEqual(Y.decodeStateVector(vectors[0] as Uint8Array));
      for (const { store, doc } of driver.editors) {
        expect(store.getSnapshot().definition, `seed ${seed}, edit ${done}`).toEqual(readDefinition(doc).definition);
        expect(leftoversOf(doc)).toBeNull();
      }
    }
    // A test that never meets a good draft says nothing about publishing.
    expect(published).toBeGreaterThan(0);
  });
});
