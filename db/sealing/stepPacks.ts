import { rowsOf, type Query } from '../query.js';
import type { Vault } from './vault.js';

/**
 * What several steps of a run were given and made, as one value, so that it is sealed once: to seal a value takes longer than to do most steps.
 * Four bytes say how many steps there are, eight how long the input and the output of each are, and then these follow. JSON is never empty, so no bytes are none.
 */

/** The length of an input that is what the step before it in the pack made, and is not written again. */
const AS_MADE = 0xffff_ffff;

/** What a step was given and what it made, as JSON. */
export interface StepBytes {
  readonly input: Buffer | null;
  readonly output: Buffer | null;
}
/** The same before it is written down. */
export interface Payload {
  readonly input: string | null;
  readonly output: string | null;
}

/** Bytes it may take: it is stored within a row. */
export const MAX_PACK = 7_500;
/** With more letters a step stands alone: what is big gains nothing, and whoever reads one step need not open so much. A letter takes three bytes at most. */
const MAX_LETTERS = 2_000;

const BYTES_OF_LENGTHS = 8;
const bytesOf = (json: string | null): number => (json === null ? 0 : Buffer.byteLength(json));

export const isPackable = ({ input, output }: Payload): boolean =>
  (input?.length ?? 0) + (output?.length ?? 0) <= MAX_LETTERS;

/** Parts them into packs, each of payloads that follow each other. */
export function partition<Step extends Payload>(steps: readonly Step[]): Step[][] {
  const packs: Step[][] = [];
  let pack: Step[] = [];
  let room = 0;
  let made: string | null = null;
  for (const step of steps) {
    const bytes = BYTES_OF_LENGTHS + bytesOf(step.output);
    const given = step.input === made ? 0 : bytesOf(step.input);
    if (room < bytes + given) {
      packs.push((pack = [step]));
      room = MAX_PACK - bytes - bytesOf(step.input);
    } else {
      pack.push(step);
      room -= bytes + given;
    }
    made = step.output;
  }
  return packs;
}

export function joinPack(payloads: readonly Payload[]): Buffer {
  const bytes = Buffer.allocUnsafe(
    payloads.reduce((sum, { input, output }) => sum + bytesOf(input) + bytesOf(output) + BYTES_OF_LENGTHS, 4),
  );
  bytes.writeUInt32BE(payloads.length);
  let at = 4 + BYTES_OF_LENGTHS * payloads.length;
  const put = (json: string | null): number => {
    const length = json === null ? 0 : bytes.write(json, at);
    at += length;
    return length;
  };
  let made: string | null = null;
  for (const [place, { input, output }] of payloads.entries()) {
    const lengths = 4 + BYTES_OF_LENGTHS * place;
    bytes.writeUInt32BE(input !== null && input === made ? AS_MADE : put(input), lengths);
    bytes.writeUInt32BE(put(output), lengths + 4);
    made = output;
  }
  return bytes.subarray(0, at);
}

export function splitPack(bytes: Buffer): StepBytes[] {
  const count = bytes.readUInt32BE();
  let at = 4 + BYTES_OF_LENGTHS * count;
  const take = (length: number): Buffer | null => (length === 0 ? null : bytes.subarray(at, (at += length)));
  const steps: StepBytes[] = [];
  for (let place = 0; place < count; place += 1) {
    const lengths = 4 + BYTES_OF_LENGTHS * place;
    const given = bytes.readUInt32BE(lengths);
    const input = given === AS_MADE ? (steps.at(-1)?.output ?? null) : take(given);
    steps.push({ input, output: take(bytes.readUInt32BE(lengths + 4)) });
  }
  return steps;
}

/** A step says which pack it is in, by the number of the pack within the run as PostgreSQL writes it, and at which place. */
export interface Packed {
  readonly pack: string | null;
  readonly place: number | null;
}

/** Packs of one run that were read, opened. */
export type Packs = ReadonlyMap<string, readonly StepBytes[]>;
export const NO_PACKS: Packs = new Map();

/** Reads the packs that these steps of the run are in. Throws `CannotOpen`. */
export async function readPacks(query: Query, vault: Vault, runId: string, steps: readonly Packed[]): Promise<Packs> {
  const ids = new Set(steps.flatMap(({ pack }) => pack ?? []));
  if (ids.size === 0) return NO_PACKS;
  const rows = await rowsOf<{ id: string; data: Buffer }>(
    query,
    'select id, data from platform.step_packs where run_id = $1 and id = any(cast($2 as bigint[]))',
    [runId, [...ids]],
  );
  return new Map(rows.map(({ id, data }) => [id, splitPack(vault.open(data))]));
}
