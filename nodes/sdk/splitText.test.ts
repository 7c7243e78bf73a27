import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitText } from './splitText.js';

it('leaves a text that fits whole', () => {
  expect(splitText(' Oi \n', 10)).toEqual(['Oi']);
});

it('cuts at a blank line rather than in a sentence', () => {
  expect(splitText('Primeiro parágrafo.\n\nSegundo.', 24)).toEqual(['Primeiro parágrafo.', 'Segundo.']);
});

it('cuts after a sentence rather than between words', () => {
  expect(splitText('Abre às seis. Fecha às oito da noite.', 22)).toEqual([
    'Abre às seis.',
    'Fecha às oito da',
    'noite.',
  ]);
});

it('loses nothing but white space, keeps the limit and breaks no character', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '.', ' ', '\n', 'ã', '🥖'), maxLength: 200 }),
      fc.integer({ min: 2, max: 50 }),
      (text, limit) => {
        const pieces = splitText(text, limit);
        expect(pieces.every((piece) => piece.length <= limit)).toBe(true);
        expect(pieces.join('').replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''));
        expect(pieces.some((piece) => /\p{Surrogate}/u.test(piece))).toBe(false);
      },
    ),
  );
});
