import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNumber, writeNumber } from './numbers.js';
import { movedPlace } from '#engine/graph/document/texts.js';

describe('a number in a field', () => {
  it.each([
    ['0,5', 0.5],
    ['1,5', 1.5],
    ['-3', -3],
    ['1.234,56', 1234.56],
    ['1.500', 1500],
    ['R$ 5', null],
    ['0.5', 0.5],
    ['1.5', 1.5],
    ['1,234.5', 1234.5],
    ['1.234.567', 1234567],
    [' 12 ', 12],
    ['5,', 5],
    [',5', 0.5],
    ['1e3', 1000],
    ['1e999', null],
    ['12345678901234567890', null],
    ['1,2,3', null],
    ['1.2.3', null],
    ['abc', null],
    ['١٢', null],
    ['0x10', null],
    ['-', null],
    [',', null],
  ])('reads %s in Portuguese', (text, value) => expect(readNumber(text, 'pt-BR')).toBe(value));

  it.each([
    ['1.5', 1.5],
    ['1,5', 1.5],
    ['1,500', 1500],
    ['1,234.56', 1234.56],
    ['0,125', 0.125],
  ])('reads %s in English', (text, value) => expect(readNumber(text, 'en')).toBe(value));

  it('is read as it is shown', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
        fc.constantFrom('pt-BR', 'en'),
        (value, locale) => {
          // Three decimals and no comma are thousands where points part them: what is shown never has such a point.
          expect(readNumber(writeNumber(value, locale), locale)).toBeCloseTo(value, 10);
        },
      ),
    );
  });
});

describe('the cursor of whoever writes', () => {
  it.each([
    ['stays before what others change behind it', 2, 'abcdef', 'abcdef!', 2],
    ['goes along with what others put before it', 5, 'abcdef', '>> abcdef', 8],
    ['goes along with what others take away before it', 5, 'abcdef', 'def', 2],
    ['stands behind what took the place around it', 3, 'abcdef', 'aXXf', 3],
    ['stays at the end', 3, 'abc', 'zabc', 4],
  ])('%s', (_, at, before, after, expected) => expect(movedPlace(at, before, after)).toBe(expected));
});
