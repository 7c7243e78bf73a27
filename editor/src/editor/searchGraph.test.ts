import { expect, it } from 'vitest';
import type { Definition } from '../api/types.js';
import { findText, replaceText } from './searchGraph.js';

const definition: Definition = {
  format: 1,
  settings: {},
  edges: [],
  nodes: [
    {
      id: 'a',
      type: 'channel.send',
      version: 1,
      title: 'Avisa o preço',
      note: 'preço de novembro',
      position: { x: 0, y: 0 },
      config: { text: 'O Preço é R$ 9 (preço fixo)', buttons: [{ id: 'x', title: 'Ver preço' }], count: 3 },
    },
  ],
};

it('finds a text in names, notes and every depth of the settings', () => {
  expect(findText(definition, 'preço', false).map(({ path }) => path)).toEqual([
    'title',
    'note',
    'config.text',
    'config.buttons.0.title',
  ]);
  expect(findText(definition, 'Preço', true).map(({ path }) => path)).toEqual(['config.text']);
  expect(findText(definition, '', false)).toEqual([]);
});

it('takes what is looked for as it is written, not as a pattern', () => {
  expect(findText(definition, 'R$ 9 (', false)).toHaveLength(1);
  expect(findText(definition, '.*', false)).toEqual([]);
  expect(replaceText('O Preço é R$ 9', 'r$ 9', '$& $1', false)).toBe('O Preço é $& $1');
});
