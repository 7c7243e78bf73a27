import type { TFunction } from 'i18next';
import { expect, it } from 'vitest';
import { wordsOf } from './wordsOf.js';

const t = ((key: string) => key) as unknown as TFunction;

it.each([
  [{ text: 'oi', kind: 'text', changed: null }, 'oi'],
  [{ text: 'oi, de novo', kind: 'text', changed: 'edited' }, 'oi, de novo'],
  [{ text: '', kind: 'text', changed: 'deleted' }, 'inbox.deleted'],
  [{ text: '', kind: 'image', changed: null }, 'inbox.media'],
  [{ text: 'olha', kind: 'image', changed: null }, 'olha'],
  [{ text: '-8.05, -34.9', kind: 'location', changed: null }, 'inbox.point'],
  [{ text: 'Rua do Sol 12\n-8.05, -34.9', kind: 'location', changed: null }, 'inbox.place'],
  [{ text: '', kind: 'location', changed: null }, 'inbox.media'],
  [{ text: '👍', kind: 'reaction', changed: null }, '👍'],
  [{ text: '', kind: 'reaction', changed: null }, 'inbox.unreacted'],
] as const)('of %j are %s', (message, words) => expect(wordsOf(message, t)).toBe(words));
