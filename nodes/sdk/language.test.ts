import { describe, expect, it } from 'vitest';
import { detectLocale } from './language.js';

describe('detectLocale', () => {
  it.each([
    'Vocês abrem domingo?',
    'quanto custa a coxinha',
    'oi',
    'bom dia!',
    'Quero falar com uma pessoa',
    'entrega em Boa Viagem?',
    'aceita pix?',
    'e a de jaca?',
    'tem glúten',
    'Minha sobrinha tem alergia',
  ])('hears Portuguese in %j', (text) => expect(detectLocale(text)).toBe('pt-BR'));

  it.each([
    'Are you open on Sunday?',
    'how much is a coxinha',
    'hi',
    'Good morning!',
    'I want to talk to a person',
    'Do you deliver to Boa Viagem?',
    'Is Pão da Lúcia open today?',
    'Do you sell pão de queijo?',
    "What's in the bolo de rolo?",
    'is there milk in the coxinha?',
  ])('hears English in %j', (text) => expect(detectLocale(text)).toBe('en'));

  it.each(['', '👍', '2', 'ok', 'Pix', 'coxinha', '???'])('hears neither in %j', (text) =>
    expect(detectLocale(text)).toBeNull(),
  );

  it('looks at no more than it needs to of a huge text', () => {
    const text = 'the '.repeat(1_000_000);
    // On a busy machine any one of them may be late; looking at all of it none would be this early.
    let fastest = Infinity;
    for (let round = 0; round < 20 && fastest >= 100; round++) {
      const started = performance.now();
      expect(detectLocale(text)).toBe('en');
      fastest = Math.min(fastest, performance.now() - started);
    }
    expect(fastest).toBeLessThan(100);
  });
});
