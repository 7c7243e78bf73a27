import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ExpressionError, expressionErrorCodes } from '#engine/graph/expressions/expressionError.js';
import { failureDetail } from '#engine/graph/failureDetails.js';
import { failureText, failureTexts } from '#engine/graph/failureTexts.js';
import { engineErrors } from '#engine/run/errors.js';

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

/** What an argument of an error of the engine may be. */
const sample = {
  badConfig: ['config.text', 'must be true or false'],
  badExpression: ['No such field: nme in {{ contact.nme }}'],
};
/** Those that say no more than their code does. */
const sayNoMore = ['canceled', 'notJson', 'cannotCompile', 'failed', 'waitsForNothing', 'refusedData'];

describe('what is written down of a failure', () => {
  it.each(Object.entries(engineErrors).filter(([name]) => !sayNoMore.includes(name)))(
    '%s is told in both languages',
    (name, make) => {
      const given = (sample as Record<string, string[]>)[name] ?? ['7', '5'];
      const { message } = (make as (...given: string[]) => { message: string })(...given);
      const [portuguese, english] = [failureDetail(message, 'pt-BR'), failureDetail(message, 'en')];
      expect([portuguese, english]).toEqual([expect.any(String), expect.any(String)]);
      expect(portuguese).not.toBe(english);
    },
  );

  it.each<[string, z.ZodType, unknown, string]>([
    ['a text too long', z.string().max(3), 'longo', 'passa de 3 caracteres'],
    ['no text', z.string().min(1), '', 'tem menos de 1 caracteres'],
    ['another kind', z.string(), 5, 'devia ser um texto, e veio um número'],
    ['nothing', z.number(), undefined, 'falta preencher'],
    ['a number too big', z.number().max(3), 9, 'passa de 3'],
    ['no whole number', z.int(), 1.5, 'devia ser um número inteiro, e veio um número'],
    ['none of the choices', z.enum(['a', 'b']), 'c', 'devia ser um destes: "a"|"b"'],
    ['a list too long', z.array(z.any()).max(1), [1, 2], 'passa de 1 itens'],
    ['a field too many', z.strictObject({}), { x: 1 }, 'tem o que não é daqui: "x"'],
    ['no address', z.url(), 'x', 'não é um endereço da web'],
  ])('a field says what does not fit: %s', (_, schema, value, said) => {
    const message = schema.safeParse(value).error?.issues[0]?.message ?? '';
    expect(failureDetail(`config.text: ${message}`, 'pt-BR')).toBe(`O campo config.text: ${said}.`);
  });

  it('an expression says what it was, in the language of the reader', () => {
    for (const code of expressionErrorCodes) {
      const { message } = new ExpressionError(code, 'contact.nme', 'nme');
      expect(failureDetail(message, 'pt-BR'), code).toMatch(/\{\{ contact\.nme \}\}$/);
      expect(failureDetail(message, 'pt-BR')).not.toBe(failureDetail(message, 'en'));
    }
  });

  it('words of a provider stay as they came, and what only looks like ours is not taken for it', () => {
    expect(failureDetail('WhatsApp did not take the message (131000): Something went wrong', 'pt-BR')).toBe(
      'O WhatsApp respondeu (131000): Something went wrong',
    );
    expect(failureDetail('Whatever', 'pt-BR')).toBeNull();
    expect(failureDetail('config.x: whatever zod may say one day', 'pt-BR')).toBeNull();
  });
});

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
