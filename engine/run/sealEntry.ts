import { eventIndex } from '#db/sealing/eventIndex.js';
import { joinPayload, sealProblem, sealState } from '#db/sealing/runRecords.js';
import type { Vault } from '#db/sealing/vault.js';
import type { Entry, SealedEntry } from './journalEntries.js';

/**
 * What people said and were told does not reach the disk in the clear: an entry as its row has it. Of a step that goes well one value is sealed,
 * and of a run's error the sentence alone, because its code is looked for.
 */
export function sealEntry(vault: Vault, entry: Entry): SealedEntry {
  switch (entry.kind) {
    case 'step': {
      const { run, organization, input, output, error, whole } = entry;
      return {
        kind: 'step',
        run,
        organization,
        entry,
        payload: input || output ? vault.seal(joinPayload(input, output)) : null,
        error: error && vault.seal(error),
        whole: whole && vault.seal(whole),
      };
    }
    case 'checkpoint':
    case 'writes':
      return { ...entry, data: sealState(vault, entry.data) };
    case 'wait':
      return { ...entry, question: json(vault, entry.question), event: entry.event && eventIndex(vault, entry.event) };
    case 'failing':
      return { ...entry, error: problem(vault, entry.error) };
    case 'intent':
      return entry;
    case 'outcome':
      return { ...entry, result: entry.result && vault.seal(entry.result) };
    case 'run':
      return { ...entry, output: json(vault, entry.output), error: entry.error && problem(vault, entry.error) };
  }
}

const json = (vault: Vault, bytes: Uint8Array | null): Buffer | null => bytes && Buffer.from(vault.sealJsonText(bytes));

const problem = (vault: Vault, bytes: Uint8Array): Buffer =>
  Buffer.from(
    JSON.stringify(sealProblem(vault, JSON.parse(Buffer.from(bytes).toString()) as { readonly message: string })),
  );
