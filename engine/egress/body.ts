import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { detail } from '#nodes/sdk/details.js';
import { tooLarge, type Stage } from './errors.js';

/** An answer compressed more often than this is no answer but an attack. */
const MAX_ENCODINGS = 2;

/**
 * Reads an answer to its end and unpacks it on the way. Both what travels and what comes out of each unpacking may have `maxBytes`: a bomb
 * ends when that much has been read. An encoding we did not ask for is left as it is.
 */
export async function readBody(stream: Readable, encoding: string, maxBytes: number, stage: Stage): Promise<Buffer> {
  const names = encoding
    .toLowerCase()
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '' && each !== 'identity');
  if (names.length > MAX_ENCODINGS) throw tooLarge(stage, detail('answer.packed', { limit: MAX_ENCODINGS }));
  const known = names.every((each) => ['gzip', 'x-gzip', 'br', 'deflate'].includes(each));

  const first = await firstBytes(stream, maxBytes, stage);
  if (first === null) return Buffer.alloc(0);
  const unpackers = known ? names.toReversed().map((each, at) => unpacker(each, at === 0 ? first.head : null)) : [];
  const steps = unpackers.flatMap((each) => [each, counter(maxBytes, stage)]);
  const parts: Buffer[] = [];
  const collect = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) parts.push(chunk);
  };
  // The types of `pipeline` know no list of mixed steps; its documentation does.
  await pipeline([first.all, ...steps, collect] as unknown as readonly Transform[]);
  return Buffer.concat(parts);
}

function counter(maxBytes: number, stage: Stage) {
  return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge(stage, detail('answer.kilobytes', { limit: Math.floor(maxBytes / 1_000) }));
      yield chunk;
    }
  };
}

/** `null` when there is nothing at all: an empty body is no broken archive. */
async function firstBytes(
  stream: Readable,
  maxBytes: number,
  stage: Stage,
): Promise<{ readonly head: Buffer; readonly all: AsyncIterable<Buffer> } | null> {
  const chunks = counter(maxBytes, stage)(stream)[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return null;
  return {
    head: first.value,
    all: (async function* () {
      yield first.value;
      yield* { [Symbol.asyncIterator]: () => chunks };
    })(),
  };
}

function unpacker(name: string, head: Buffer | null): Transform {
  if (name === 'br') return createBrotliDecompress();
  if (name !== 'deflate') return createGunzip();
  // Some servers send deflate without the zlib frame that RFC 9110 asks for; browsers read both.
  return head === null || ((head[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw();
}
