import { expect, it } from 'vitest';
import { departmentColors, faceColor, patternFor } from './cobogo.js';
import { columnLight } from './NightWall.js';

it('gives the template and its department the same face', () => {
  expect(patternFor('customer-service')).toEqual(patternFor('atendimento', 'mar'));
});

it('generates a face for any other team, always the same', () => {
  expect(patternFor('delivery')).toEqual(patternFor('delivery'));
  const faces = ['delivery', 'legal', 'events', 'returns', 'training', 'hosting'].map((name) =>
    JSON.stringify(patternFor(name)),
  );
  expect(new Set(faces).size).toBeGreaterThan(4);
});

it('takes the colour a template asks for, among the six', () => {
  expect(patternFor('delivery', 'anil').color).toBe('anil');
  expect(departmentColors).toContain(patternFor('delivery', 'red').color);
  expect(departmentColors).toContain(faceColor('019ab0c4'));
});

it('lights one leaf for each conversation, sol on top', () => {
  expect(columnLight({ answered: 2, handedOff: 1 }, 3)).toEqual({ lit: 3, yours: 1 });
  expect(columnLight({ answered: 0, handedOff: 0 }, 3)).toEqual({ lit: 0, yours: 0 });
});

it('shares leaves when a column would overflow, and never hides that somebody called', () => {
  expect(columnLight({ answered: 40, handedOff: 0 }, 40)).toEqual({ lit: 4, yours: 0 });
  expect(columnLight({ answered: 1, handedOff: 0 }, 40)).toEqual({ lit: 1, yours: 0 });
  expect(columnLight({ answered: 39, handedOff: 1 }, 40)).toEqual({ lit: 4, yours: 1 });
});
