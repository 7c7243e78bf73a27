import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Assistant } from '#engine/graph/assist.js';
import type { Definition } from '#engine/graph/definition.js';
import { explainExpressionError } from '#engine/graph/explainExpressionError.js';
import { checkExpression } from '#engine/graph/expressions/check.js';
import { ExpressionError, expressionErrorCodes } from '#engine/graph/expressions/expressionError.js';
import { parseExpression } from '#engine/graph/expressions/parse.js';
import { grammarCodes } from '#engine/graph/expressions/syntaxReason.js';
import { fill } from '#engine/graph/report.js';
import { problemCodes } from '#engine/graph/problemCodes.js';
import { publicNodes } from '#nodes/registry.js';

const grammar = 'node_modules/@marcbachmann/cel-js/lib';
const ours = 'engine/graph/expressions';
const textOf = (folder: string, ending: string): string =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending) && !name.includes('.test.'))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8'))
    .join('\n');

/** What comes of a text that cannot be read, in both languages; `null` of one that can. */
function refusal(source: string): { readonly pt: string; readonly en: string; readonly detail: string } | null {
  try {
    parseExpression(source);
    return null;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const [pt, en] = (['pt-BR', 'en'] as const).map((locale) => explainExpressionError(error, locale));
    return { pt: pt ?? '', en: en ?? '', detail: error.detail };
  }
}

/** Names that the grammar has for its tokens, and its own sentences. */
const raw =
  /\b(?:EOF|IDENTIFIER|[LR](?:PAREN|BRACKET|BRACE)|Unexpected|Expected|Unterminated|undefined)\b|[{}]want|\{got/;

describe('every error of an expression', () => {
  it('of the grammar is one that we have a reason for', () => {
    const codes = [
      ...textOf(grammar, '.js').matchAll(/parseError\(\s*(?:isHex \? '(\w+)' : )?'(\w+)'/g),
      ...textOf(grammar, '.js').matchAll(/^ {2}((?:bytes|invalid|octal)_\w+):( )/gm),
    ].flatMap(([, first, second]) => [first, second].filter((code) => code?.trim()));
    expect(codes.length).toBeGreaterThan(15);
    // Ours: texts only are given to it, and what is too large has a sentence of its own.
    const elsewhere = new Set(['limit_exceeded', 'expression_must_be_string']);
    expect(codes.filter((code) => code && !elsewhere.has(code) && !Object.hasOwn(grammarCodes, code))).toEqual([]);
  });

  it.each<[string, RegExp, RegExp]>([
    ['', /entre as chaves/, /between the braces/],
    ['contact.', /falta o nome do campo depois do ponto/, /name of a field is missing/],
    ['contact.name +', /depois de "\+"/, /follow "\+"/],
    ['1 ==', /depois de "=="/, /follow "=="/],
    ['size(contact.name', /fechar com "\)"/, /"\)" is missing/],
    ['[1, 2', /fechar com "]"/, /"]" is missing/],
    ['(1 2)', /falta "\)" antes de "2"/, /"\)" is missing before "2"/],
    ['a ? b', /fechar com ":"/, /":" is missing/],
    ['1 + * 2', /"\*" não cabe/, /"\*" does not fit/],
    ['contact.name 5', /falta um sinal.*antes de "5"/, /sign.*missing before "5"/],
    ['(1))', /"\)" está sobrando/, /one "\)" too many/],
    ['contact.name = "a"', /==/, /==/],
    ['true & false', /&&/, /&&/],
    ['true | false', /\|\|/, /\|\|/],
    ['“oi”', /aspas precisam ser retas/, /straight ones/],
    ['contact.name @ 2', /"@" não existe/, /no "@"/],
    ['coração', /"ç" não existe/, /no "ç"/],
    ['1.5e+', /"1.5e\+" não é um número/, /"1.5e\+" is no number/],
    ['0x', /"0x" não é um número/, /"0x" is no number/],
    ['"oi', /fechar as aspas/, /quotation mark is not closed/],
    ['"""oi', /fechar as aspas/, /quotation mark is not closed/],
    ['"oi\n"', /mudar de linha/, /another line/],
    ['"\\q"', /depois da barra/, /follow a backslash/],
    ['"\\u12"', /depois da barra/, /follow a backslash/],
    ['for', /"for" é uma palavra reservada/, /"for" is a reserved word/],
    ['[1].map(1 + 1, 2)', /antes da vírgula/, /before the comma/],
  ])('is a sentence: %j', (source, portuguese, english) => {
    expect(refusal(source)).toEqual({
      pt: expect.stringMatching(portuguese),
      en: expect.stringMatching(english),
      detail: expect.stringMatching(/^[a-z]/),
    });
  });

  it('is a sentence wherever somebody stops writing, or writes something wrong', () => {
    const written = [
      'contact.name + " " + steps.?mood.mood.orValue("?")',
      'size(trigger.items.filter(x, x.price > 1.5e3)) >= 2 && !has(contact.city)',
      '{"a": [1, 2, -3], "b": true ? null : "\\u00e1\\n"}',
      'cel.bind(x, trigger.text, x.matches(r"^\\d+$") || x in ["a", "b"])',
    ];
    let refused = 0;
    for (const whole of written)
      for (let at = 0; at <= whole.length; at += 1)
        for (const wrong of ['', ' #', ')', ' a']) {
          const said = refusal(whole.slice(0, at) + wrong);
          if (!said) continue;
          refused += 1;
          for (const text of [said.pt, said.en]) {
            expect(text, whole.slice(0, at) + wrong).toMatch(/[.)]$/);
            expect(text, whole.slice(0, at) + wrong).not.toMatch(raw);
          }
          expect(said.pt, whole.slice(0, at) + wrong).not.toBe(said.en);
        }
    expect(refused).toBeGreaterThan(300);
  });

  it('has a sentence, also those of the type checker', () => {
    const found = [...textOf(ours, '.ts').matchAll(/(?:\bfind\(|code: )'(\w+)'/g)].map(([, code = '']) => code);
    expect(found.length).toBeGreaterThan(10);
    for (const code of new Set([...found, ...expressionErrorCodes]))
      expect(Object.keys(problemCodes), code).toContain(`expression.${code}`);
    for (const [code, { text }] of Object.entries(problemCodes)) {
      if (!code.startsWith('expression.')) continue;
      expect(fill(text['pt-BR'], {}, 'pt-BR')).not.toBe(fill(text.en, {}, 'en'));
    }
  });

  it('names types in the language of the reader when they met in a run', () => {
    const error = new ExpressionError('wrong_type', 'a + 1', 'string + number');
    expect(explainExpressionError(error, 'pt-BR')).toContain('texto + número');
    // A value that somebody wrote is no type.
    expect(explainExpressionError(new ExpressionError('wrong_type', 'a', 'talvez map'), 'pt-BR')).toContain(
      'talvez map',
    );
  });

  it('is underlined where it is while it is written', () => {
    const definition: Definition = {
      format: 1,
      nodes: [
        { id: 'start', type: 'trigger.whatsapp', version: 1, config: {}, position: { x: 0, y: 0 } },
        { id: 'send', type: 'channel.send', version: 1, config: {}, position: { x: 0, y: 100 } },
      ],
      edges: [{ id: 'e', from: { node: 'start', port: 'message' }, to: { node: 'send', port: 'in' } }],
      settings: {},
    };
    const text = 'Oi {{ contact.name @ 2 }}';
    const [mark] = new Assistant(definition, publicNodes(), 'pt-BR').marks({ nodeId: 'send', path: ['text'] }, text);
    expect([text.slice(mark?.from, mark?.to), mark?.message]).toEqual(['@', expect.stringContaining('"@"')]);
    expect(
      checkExpression('contact.', { roots: new Map(), step: () => 'unknown', stepIds: () => [] }).findings,
    ).toEqual([{ code: 'syntax', params: { name: { 'pt-BR': expect.any(String), en: expect.any(String) } } }]);
  });
});
