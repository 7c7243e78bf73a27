import { describe, expect, it } from 'vitest';
import { mentionedIn, namedAt, suggested } from './mentions.js';

const people = [
  { userId: '1', name: 'Ana' },
  { userId: '2', name: 'Ana Maria' },
  { userId: '3', name: 'Zé Antônio' },
];

describe('a mention', () => {
  it('is being written after an @ that begins a word', () => {
    expect(namedAt('oi @an', 6)).toEqual({ from: 3, search: 'an' });
    expect(namedAt('@', 1)).toEqual({ from: 0, search: '' });
    expect(namedAt('ana@casa', 8)).toBeNull();
    expect(namedAt('oi @ana\ntudo', 12)).toBeNull();
  });
  it('is offered by the beginning of a name, accents not counted', () => {
    expect(suggested(people, 'an').map(({ userId }) => userId)).toEqual(['1', '2', '3']);
    expect(suggested(people, 'ze').map(({ userId }) => userId)).toEqual(['3']);
  });
  it('names the longest name that fits', () => {
    expect(mentionedIn('@Ana Maria e @zé antonio, vejam', people)).toEqual(['2', '3']);
    expect(mentionedIn('@Ana, veja', people)).toEqual(['1']);
    expect(mentionedIn('ninguém aqui @outro', people)).toEqual([]);
    expect(mentionedIn('(@Ana) e @ana!', people)).toEqual(['1']);
  });
  it('names nobody by the beginning of a longer word, nor inside an address', () => {
    expect(mentionedIn('@Anabela sabe, escrevam a loja@ana.com.br', people)).toEqual([]);
  });
  it('names whom one chose among those who are called the same', () => {
    const two = [...people, { userId: '4', name: 'Ana' }];
    expect(mentionedIn('@Ana, veja', two, new Map([['Ana', '4']]))).toEqual(['4']);
    expect(mentionedIn('@Ana, veja', two)).toEqual(['1']);
  });
});
