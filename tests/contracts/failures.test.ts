import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failureText, failureTexts } from '#engine/graph/failureTexts.js';

/** Where steps can fail. What only the server's own routes say is listed in `server/errorKinds.ts`. */
const rooms = [
  'nodes',
  'engine/run',
  'engine/models',
  'engine/worker',
  'engine/channels',
  'engine/connections',
  'engine/egress',
];
const sources = rooms.flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => `${room}/${name.replaceAll('\\', '/')}`),
);
/** Codes as they are written: of an error's options, of the engine's own two, of a constant that is used as one. */
const written = /\bcode: '([a-z_]+)'|\b(?:author|platform)\('([a-z_]+)'|^export const TOO_MANY_REPLIES = '([a-z_]+)'/gm;
const found = new Map(
  sources.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(written)].map(
      (match) => [match[1] ?? match[2] ?? match[3] ?? '', file] as const,
    ),
  ),
);

describe('every way a step or a run can fail', () => {
  it('is told in the language of the reader', () => {
    expect(found.size).toBeGreaterThan(40);
    const untold = [...found].filter(([code]) => failureText(code, 'en') === null);
    expect(untold).toEqual([]);
  });

  it('is written somewhere: no sentence is left over', () => {
    expect(Object.keys(failureTexts).filter((code) => !found.has(code))).toEqual([]);
  });

  it('is told in a sentence in both languages', () => {
    for (const text of Object.values(failureTexts)) {
      expect(text).toEqual({ 'pt-BR': expect.stringMatching(/\S[.]$/), en: expect.stringMatching(/\S[.]$/) });
      expect(text['pt-BR']).not.toBe(text.en);
    }
  });
});
