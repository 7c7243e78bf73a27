import { eventIndex } from '#db/sealing/eventIndex.js';
import { joinPayload, sealProblem, sealState } from '#db/sealing/runRecords.js';
import type { Vault } from '#db/sealing/vault.js';
import type { Entry, SealedEntry } from './journalTables.js';

/**
 * What people said and were told does not reach the disk in the clear: an entry as its row has it. Of a step that goes well one value is sealed,
 * and of a run's error the sentence alone, because its code is looked for.
 */
export function sealEntry(vault: Vault, entry: Entry): SealedEntry {
  const sealed = (bytes: Uint8Array | null): Buffer | null => bytes && vault.seal(bytes);
  const json = (bytes: Uint8Array | null): Buffer | null => bytes && Buffer.from(vault.sealJsonText(bytes));
  switch (entry.kind) {
    case 'step': {
      const { input, output, ...step } = entry;
      const payload = input || output ? vault.seal(joinPayload(input, output)) : null;
      return { ...step, payload, error: sealed(step.error), whole: sealed(step.whole) };
    }
    case 'checkpoint':
    case 'writes':
      return { ...entry, data: sealState(vault, entry.data) };
    case 'wait':
      return { ...entry, question: json(entry.question), event: entry.event && eventIndex(vault, entry.event) };
    case 'failing':
      return { ...entry, error: problem(vault, entry.error) };
    case 'run':
      return { ...entry, output: json(entry.output), error: entry.error && problem(vault, entry.error) };
  }
}

const problem = (vault: Vault, bytes: Uint8Array): Buffer =>
  Buffer.from(
    JSON.stringify(sealProblem(vault, JSON.parse(Buffer.from(bytes).toString()) as { readonly message: string })),
  );
