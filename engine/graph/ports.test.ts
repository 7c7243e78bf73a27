import { expect, it } from 'vitest';
import { outputsOf } from './ports.js';
import { nodeTypes } from './testing/nodes.js';

const typeNamed = (name: string) => {
  const found = nodeTypes.find((type) => type.type === name);
  if (!found) throw new Error(`No node type ${name} in the test palette`);
  return found;
};
const names = (...args: Parameters<typeof outputsOf>): string[] => outputsOf(...args).map((output) => output.name);

it('gives the ports of the type, then those the author drew', () => {
  const cases = [
    { name: 'a', title: 'Primeiro' },
    { name: 'b', title: '' },
    { name: 'a', title: 'Outra vez' },
  ];
  const outputs = outputsOf(typeNamed('logic.switch'), { cases });
  expect(outputs.map(({ name, title }) => [name, title['pt-BR']])).toEqual([
    ['default', 'Passo'],
    ['a', 'Primeiro'],
    ['b', 'b'],
  ]);
});

it('makes nothing of a config it does not understand', () => {
  for (const cases of [null, 'a', [null, 3, {}, { name: 7 }, { name: '' }], { length: 1 }]) {
    expect(names(typeNamed('logic.switch'), { cases })).toEqual(['default']);
  }
  expect(names(typeNamed('logic.switch'), null)).toEqual(['default']);
});

it('has an error port only where errors are routed, and never on a trigger', () => {
  const search = typeNamed('data.search');
  expect(names(search, {})).toEqual(['out']);
  expect(names(search, {}, 'continue')).toEqual(['out']);
  expect(names(search, {}, 'route')).toEqual(['out', 'error']);
  expect(names(typeNamed('trigger.message'), {}, 'route')).toEqual(['out']);
});

it('calls what is left by another name once some are drawn', () => {
  const type = typeNamed('logic.switch');
  const rest = { port: 'default', title: { 'pt-BR': 'Nenhuma delas', en: 'None of them' } };
  const withRest = { ...type, ...(type.outputsFrom && { outputsFrom: { ...type.outputsFrom, rest } }) };
  const titles = (cases: unknown) => outputsOf(withRest, { cases }).map(({ name, title }) => [name, title['pt-BR']]);
  expect(titles([])).toEqual([['default', 'Passo']]);
  expect(titles([{ name: 'big', title: 'Grande' }])).toEqual([
    ['default', 'Nenhuma delas'],
    ['big', 'Grande'],
  ]);
});
