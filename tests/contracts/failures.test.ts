import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ExpressionError, expressionErrorCodes } from '#engine/graph/expressions/expressionError.js';
import { failureDetail } from '#engine/graph/failureDetails.js';
import { failureText, failureTexts } from '#engine/graph/failureTexts.js';
import type { StepError } from '#engine/graph/events.js';
import { engineErrors, toStepError } from '#engine/run/errors.js';
import { checkOutput } from '#engine/models/checkOutput.js';
import { issueDetail, misfitDetail } from '#nodes/sdk/issueDetail.js';
import type { JsonObject } from '#nodes/sdk/json.js';
import { messageTriggerInput } from '#nodes/sdk/triggerInput.js';
import { detail, detailCodes, sayDetail } from '#nodes/sdk/details.js';
import { NodeError } from '#nodes/sdk/errors.js';

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
  badConfig: ['config.text', detail('field.not_boolean')],
  badExpression: [new ExpressionError('missing', 'contact.nme', 'nme')],
};
/** Those that say no more than their code does. */
const sayNoMore = [
  'canceled',
  'notJson',
  'cannotCompile',
  'failed',
  'waitsForNothing',
  'refusedData',
  'undoingRefused',
];

const places = (sentence: string): string[] => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();

describe('what is written down of a failure', () => {
  it.each(Object.entries(engineErrors).filter(([name]) => !sayNoMore.includes(name)))(
    '%s is told in both languages',
    (name, make) => {
      const given = (sample as Record<string, unknown[]>)[name] ?? ['7', '5'];
      const record = (make as (...given: unknown[]) => StepError)(...given);
      const [portuguese, english] = [failureDetail(record, 'pt-BR'), failureDetail(record, 'en')];
      expect([portuguese, english]).toEqual([expect.any(String), expect.any(String)]);
      expect(portuguese).not.toBe(english);
    },
  );

  it.each(detailCodes)('%s says the same in both languages', (code) => {
    const values = new Proxy(
      {},
      {
        has: () => true,
        getOwnPropertyDescriptor: () => ({ configurable: true, value: 'x' }),
        get: (_, name) => `<${String(name)}>`,
      },
    );
    const [portuguese, english] = (['pt-BR', 'en'] as const).map((locale) => sayDetail({ code, values }, locale) ?? '');
    expect(portuguese).not.toBe('');
    expect(portuguese).not.toBe(english);
    expect(places((portuguese ?? '').replace(/<(\w+)>/g, '{$1}'))).toEqual(
      places((english ?? '').replace(/<(\w+)>/g, '{$1}')),
    );
  });

  it('is never a sentence of one language alone: every error says one of the list', () => {
    const bare = sources.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/new (?:NodeError|EffectDidNotHappen)\(\s*[`'"][^\n]*/g)].map(
        ([text]) => `${file}: ${text}`,
      ),
    );
    expect(bare).toEqual([]);
  });

  it('is said somewhere: no sentence is left over', () => {
    const all = sources.map((file) => readFileSync(file, 'utf8')).join('\n');
    expect(detailCodes.filter((code) => !all.includes(`'${code}'`))).toEqual([]);
  });

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
  ])('a field says what does not fit, and an older record of it still does: %s', (_, schema, value, said) => {
    const issue = schema.safeParse(value).error?.issues[0];
    const why = issueDetail(issue, value);
    const record = engineErrors.badConfig('config.text', why);
    expect(failureDetail(record, 'pt-BR')).toBe(`O campo config.text: ${said.replace('"a"|"b"', '"a", "b"')}.`);
    expect(failureDetail({ message: `config.text: ${issue?.message}` }, 'pt-BR')).toBe(`O campo config.text: ${said}.`);
  });

  it('an expression says what it was, in the language of the reader', () => {
    for (const code of expressionErrorCodes) {
      const error = new ExpressionError(code, 'contact.nme', 'nme');
      for (const record of [{ message: error.message }, engineErrors.badExpression(error)]) {
        expect(failureDetail(record, 'pt-BR'), code).toMatch(/\{\{ contact\.nme \}\}$/);
        expect(failureDetail(record, 'pt-BR')).not.toBe(failureDetail(record, 'en'));
      }
    }
  });

  it('what a model gave out of shape is said in the language of the reader, and nothing of it in words of a library', () => {
    const shape = z.toJSONSchema(z.strictObject({ score: z.number(), mood: z.enum(['calm', 'angry']) })) as JsonObject;
    const said = (text: string): (string | null)[] => {
      const checked = checkOutput(text, shape);
      if (checked.problem === null) throw new Error('it fits');
      return (['pt-BR', 'en'] as const).map((locale) => failureDetail({ message: 'x', detail: checked.said }, locale));
    };
    expect(said('{"score": "x", "mood": "calm"}')).toEqual([
      'O modelo respondeu fora do formato combinado. O campo score: devia ser um número, e veio um texto.',
      "The model's answer does not have the agreed shape. score: it must be a number, and got a text.",
    ]);
    expect(said('[]')[0]).toBe(
      'O modelo respondeu fora do formato combinado: devia ser um conjunto de campos, e veio uma lista',
    );
    expect(said('Claro!')[0]).toMatch(/não é JSON/);
    const error = messageTriggerInput.safeParse({ text: 5 }).error as z.ZodError;
    const told = misfitDetail(error, { text: 5 }, { field: 'trigger.bad_field', whole: 'trigger.no_message' });
    expect(failureDetail({ message: 'x', detail: told }, 'pt-BR')).toMatch(
      /^Este time começa .* O campo text: devia ser um texto, e veio um número\.$/,
    );
  });

  it('words of a provider stay as they came, and what only looks like ours is not taken for it', () => {
    const said = detail('whatsapp.said_no', { code: 131000, said: 'Something went wrong {limit}' });
    expect(failureDetail({ message: 'x', detail: said }, 'pt-BR')).toBe(
      'O WhatsApp não aceitou a mensagem. A Meta respondeu (código 131000): “Something went wrong {limit}”',
    );
    const older = 'WhatsApp did not take the message (131000): Something went wrong';
    expect(failureDetail({ message: older }, 'pt-BR')).toBe('O WhatsApp respondeu (131000): Something went wrong');
    expect(failureDetail({ message: 'Whatever' }, 'pt-BR')).toBeNull();
    expect(failureDetail({ message: 'config.x: whatever zod may say one day' }, 'pt-BR')).toBeNull();
    // Of a newer version of this program: its sentence is not known here.
    expect(failureDetail({ message: 'Whatever', detail: { code: 'later', values: {} } }, 'pt-BR')).toBeNull();
  });

  it('keeps no key that somebody quotes', () => {
    const error = new NodeError(detail('model.not_accepted', { said: 'bad key sk-abcdefghijkl' }), {
      code: 'model_unavailable',
      actor: 'platform',
      retryable: false,
    });
    expect(JSON.stringify(toStepError(error))).not.toContain('sk-abc');
    expect(toStepError(error).detail?.values['said']).toContain('[secret]');
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
