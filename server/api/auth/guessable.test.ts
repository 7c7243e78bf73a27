import { describe, expect, it } from 'vitest';
import { isGuessable } from './guessable.js';

const lucia = ['lucia.santos82@paodalucia.com.br', 'Lúcia Santos', 'Pão da Lúcia'];

describe('a password that is tried first', () => {
  it.each([
    ...['12345678', '87654321', '1234567890', '0123456789', '11111111', '12121212', '123123123', 'abcdefgh'],
    ...[
      'abcabcabc',
      'password',
      'PASSWORD',
      'ｐａｓｓｗｏｒｄ',
      'pass word',
      'qwertyui',
      'asdfghjkl',
      '1q2w3e4r',
      '1qaz2wsx',
    ],
    ...['iloveyou', 'senha123', 'SENHA2024', 'mudar123', 'Brasil2026', 'corinthians', 'Deus é fiel', 'deusefiel'],
    ...['25121990', '19901225', '3112 1999', '--------'],
  ])('%s', (password) => expect(isGuessable(password)).toBe(true));

  it.each(['lucia.santos82', 'LÚCIA SANTOS', 'luciasantos', 'pao da lucia', 'lucia.santos82@paodalucia.com.br'])(
    '%s, of Lúcia Santos of the bakery',
    (password) => {
      expect(isGuessable(password, lucia)).toBe(true);
      // The twin: what gives it away is whose it is.
      expect(isGuessable(password, ['ana@example.com', 'Ana', 'Doces'])).toBe(false);
    },
  );
});

describe('a password of one’s own', () => {
  it.each([
    ...[
      'pão quentinho às 6',
      'broa de milho às 7',
      'correct horse battery',
      'tapioca roxa na varanda',
      'nUoOmL2bqXTw',
      '8cd5a1f09be3',
    ],
    ...[
      'senha do cofre da vó',
      'lucia gosta de pão 2',
      'brasil perde de sete',
      'lucia gosta de broa',
      '90210734518',
      'x7!x7!q-teste-w',
      'ção çedilha ñandú',
      '東京の朝ごはん',
    ],
  ])('%s is taken', (password) => expect(isGuessable(password, lucia)).toBe(false));

  it('of any length is looked at in no time', () => {
    const long = ['a'.repeat(200), '1'.repeat(199) + 'x', 'ab'.repeat(100), '-'.repeat(200)];
    expect(long.map((password) => isGuessable(password, lucia))).toEqual([false, false, false, false]);
  });
});
