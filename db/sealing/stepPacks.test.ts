import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPackable, joinPack, MAX_PACK, partition, splitPack, type Payload } from './stepPacks.js';

const text = (value: unknown): string => JSON.stringify(value);
const json = fc.oneof(fc.constant(null), fc.jsonValue().map(text), fc.string({ unit: 'binary' }).map(text));
/** A step is often given what the one before it made, or what that was given. */
const payloads = fc
  .array(fc.tuple(json, json, fc.constantFrom('made', 'given', 'other')), { minLength: 1, maxLength: 300 })
  .map((list) => {
    const steps: Payload[] = [];
    for (const [input, output, like] of list) {
      const before = steps.at(-1);
      const given = like === 'made' ? before?.output : like === 'given' ? before?.input : undefined;
      steps.push({ input: given ?? input, output });
    }
    return steps;
  });

const opened = (bytes: Buffer): Payload[] =>
  splitPack(bytes).map(({ input, output }) => ({
    input: input?.toString() ?? null,
    output: output?.toString() ?? null,
  }));

describe('a pack', () => {
  it('gives back what was put in, byte for byte', () => {
    fc.assert(
      fc.property(payloads, (steps) => {
        // Half a surrogate pair has no bytes of its own in UTF-8.
        const whole = (value: string | null): string | null => value && Buffer.from(value).toString();
        expect(opened(joinPack(steps))).toEqual(
          steps.map(({ input, output }) => ({ input: whole(input), output: whole(output) })),
        );
      }),
    );
  });

  it('fits into a row, in the order of its steps, whatever they hold', () => {
    fc.assert(
      fc.property(payloads, (steps) => {
        const packable = steps.filter(isPackable);
        const packs = partition(packable);
        expect(packs.flat()).toEqual(packable);
        for (const pack of packs) expect(joinPack(pack).length).toBeLessThanOrEqual(MAX_PACK + 4);
      }),
    );
  });

  it('holds once what one step makes and the next is given', () => {
    const value = text({ text: 'a'.repeat(300) });
    const chain = Array.from({ length: 20 }, () => ({ input: value, output: value }));
    expect(joinPack(chain).length).toBeLessThan(21 * value.length + 200);
  });
});
