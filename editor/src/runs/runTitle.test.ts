import type { TFunction } from 'i18next';
import { expect, it } from 'vitest';
import { askedIn } from './runFacts.js';
import { runTitle } from './runTitle.js';

const t = ((key: string, values: object = {}) => [key, ...Object.values(values)].join(' ')) as unknown as TFunction;
const titleOf = (input: object) => runTitle({ input: input as never }, { type: 'trigger.whatsapp', title: '' }, t);
const ana = { contact: { name: 'Ana' } };

it.each([
  [{ kind: 'location', text: '-8.047562, -34.877001', ...ana }, 'runs.titles.point Ana'],
  [
    { kind: 'location', text: 'Padaria, Rua do Sol 12\n-8.05, -34.9', ...ana },
    'runs.titles.place Ana Padaria, Rua do Sol 12',
  ],
  [{ kind: 'location', text: '-8.05, -34.9', contact: { name: null } }, 'inbox.point'],
  [{ kind: 'location', text: '', ...ana }, 'runs.titles.from Ana'],
  [{ kind: 'text', text: 'Entregam aqui?\n-8.047562, -34.877001', ...ana }, 'runs.titles.asked Ana Entregam aqui?'],
  // Written by hand it is what was said; and not every pair of numbers is a point.
  [{ kind: 'text', text: '-8.047562, -34.877001', ...ana }, 'runs.titles.wrote Ana -8.047562, -34.877001'],
  [{ kind: 'text', text: 'Quero estes:\n1, 2', ...ana }, 'runs.titles.wrote Ana Quero estes:\n1, 2'],
  [{ text: ['no text'], ...ana }, 'runs.titles.from Ana'],
])('of %j is %s', (input, title) => expect(titleOf(input)).toBe(title));

it('nobody said a place in words', () =>
  expect(askedIn({ input: { kind: 'location', text: '-8.05, -34.9' } })).toBeNull());
