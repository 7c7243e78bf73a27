import { expect, it } from 'vitest';
import { publicNodes } from '#nodes/registry.js';
import { findKinds } from './kinds.js';

const found = (search: string, locale: 'pt-BR' | 'en' = 'pt-BR'): string[] =>
  findKinds(publicNodes(), search, locale).map(({ type }) => type);

it('kinds of steps are found by name first, then by what they do, without accents, in both languages', () => {
  expect(found('manda')[0]).toBe('channel.send');
  expect(found('espera um')[0]).toBe('logic.delay');
  expect(found('ESCOLHE caminho')[0]).toBe('logic.switch');
  expect(found('send', 'pt-BR')).toContain('channel.send');
  expect(found('xyzzy')).toEqual([]);
  expect(found('')).toHaveLength(publicNodes().length);
});
