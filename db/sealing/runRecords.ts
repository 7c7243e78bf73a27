import type { Packed, Packs, StepBytes } from './stepPacks.js';
import type { Vault } from './vault.js';

/** JSON as text or as its bytes. */
type JsonText = Uint8Array | string | null;

/** What a step was given and what came of it, as one value: it is sealed once. Four bytes say how long the input is. JSON is never empty, so no bytes are none. */
export function joinPayload(input: JsonText, output: JsonText): Buffer {
  const [given, made] = [bytesOf(input), bytesOf(output)];
  const joined = Buffer.allocUnsafe(4 + given + made);
  joined.writeUInt32BE(given);
  put(input, joined, 4);
  put(output, joined, 4 + given);
  return joined;
}

function bytesOf(json: JsonText): number {
  if (json === null) return 0;
  return typeof json === 'string' ? Buffer.byteLength(json) : json.length;
}

function put(json: JsonText, into: Buffer, at: number): void {
  if (typeof json === 'string') into.write(json, at);
  else if (json) into.set(json, at);
}

function splitPayload(payload: Buffer): StepBytes {
  const end = 4 + payload.readUInt32BE();
  const [input, output] = [payload.subarray(4, end), payload.subarray(end)];
  return { input: input.length > 0 ? input : null, output: output.length > 0 ? output : null };
}

/** A step as its row has it. One from before steps were sealed has its input and output in columns of their own. */
export interface StoredStep extends StepBytes, Packed {
  readonly payload: Buffer | null;
}
/** The columns of a `StoredStep`. */
export const storedStep = 'payload, pack, place, input, output';

/** @param packs those that `readPacks` found for this step among others. Throws `CannotOpen`. */
export function openStep(vault: Vault, packs: Packs, { payload, pack, place, input, output }: StoredStep): StepBytes {
  if (payload) return splitPayload(vault.open(payload));
  return (pack !== null && place !== null && packs.get(pack)?.[place]) || { input, output };
}

/** JSON begins with neither of the bytes that sealed values begin with: what does is sealed, and the rest from before it was. Throws `CannotOpen`. */
export const openBytes = (vault: Vault, stored: Buffer): Buffer =>
  stored[0] === 1 || stored[0] === 2 ? vault.open(stored) : stored;

/** First byte of the state of a run that is sealed; LangGraph's own way of writing it down follows inside. */
const SEALED_STATE = 4;
export const sealState = (vault: Vault, state: Uint8Array): Buffer =>
  Buffer.concat([Buffer.of(SEALED_STATE), vault.seal(state)]);
/** Throws `CannotOpen`. */
export const openState = (vault: Vault, stored: Buffer): Buffer =>
  stored[0] === SEALED_STATE ? vault.open(stored.subarray(1)) : stored;
/** Whether the newest key sealed it. */
export const isNewState = (vault: Vault, stored: Buffer): boolean =>
  stored[0] === SEALED_STATE && stored.subarray(1, 1 + vault.head.bytes.length).equals(vault.head.bytes);

/** What went wrong with a run: its code is looked for, its sentence may repeat what somebody wrote. */
export const sealProblem = <Problem extends { readonly message: string }>(vault: Vault, problem: Problem): Problem => ({
  ...problem,
  message: vault.sealText(problem.message),
});
/** Throws `CannotOpen`. */
export function openProblem<Problem>(vault: Vault, stored: Problem): Problem {
  if (typeof stored !== 'object' || stored === null || !('message' in stored)) return stored;
  return typeof stored.message === 'string' ? { ...stored, message: vault.openText(stored.message) } : stored;
}

/** By node: which ones is legible, what stands for each is not. */
export const sealEach = (vault: Vault, values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, vault.sealText(JSON.stringify(value))]));

/** Throws `CannotOpen`. */
export const openEach = <Value>(
  vault: Vault,
  stored: Readonly<Record<string, Value>> | null,
): Readonly<Record<string, Value>> | null =>
  stored &&
  Object.fromEntries(
    Object.entries(stored).map(([name, value]) => [
      name,
      typeof value === 'string' ? (JSON.parse(vault.openText(value)) as Value) : value,
    ]),
  );
