import { randomInt } from 'node:crypto';
import { eventIndex } from '#db/sealing/eventIndex.js';
import { joinPayload, sealProblem, sealState } from '#db/sealing/runRecords.js';
import { isPackable, joinPack, partition } from '#db/sealing/stepPacks.js';
import type { Vault } from '#db/sealing/vault.js';
import type { Entry, PackPlace, SealedEntry, StepEntry } from './journalEntries.js';

/** What one run writes in one go, as its rows have it. Steps that are written together are sealed together. */
export function sealEntries(vault: Vault, entries: readonly Entry[]): SealedEntry[] {
  const packs = packsOf(vault, entries);
  return entries.map((entry) => sealEntry(vault, entry, packs?.get(entry) ?? null));
}

/** Where each of the steps that have company stands. */
function packsOf(vault: Vault, entries: readonly Entry[]): ReadonlyMap<Entry, PackPlace> | null {
  const steps = entries.filter(
    (entry): entry is StepEntry =>
      entry.kind === 'step' && (entry.input !== null || entry.output !== null) && isPackable(entry),
  );
  if (steps.length < 2) return null;
  const places = new Map<Entry, PackPlace>();
  for (const pack of partition(steps)) {
    if (pack.length < 2) continue;
    const id = randomInt(MAX_ID);
    const data = vault.seal(joinPack(pack));
    for (const [place, step] of pack.entries()) places.set(step, { id, place, data: place === 0 ? data : null });
  }
  return places;
}

/** Numbers of packs are drawn, because a run may be at work in another process by now; `randomInt` gives no bigger ones. */
const MAX_ID = 2 ** 48 - 1;

/**
 * What people said and were told does not reach the disk in the clear: an entry as its row has it. Of a step that goes well one value is sealed,
 * and of a run's error the sentence alone, because its code is looked for.
 */
function sealEntry(vault: Vault, entry: Entry, pack: PackPlace | null): SealedEntry {
  switch (entry.kind) {
    case 'step': {
      const { run, organization, input, output, error, whole } = entry;
      return {
        kind: 'step',
        run,
        organization,
        entry,
        payload: !pack && (input || output) ? vault.seal(joinPayload(input, output)) : null,
        pack,
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
