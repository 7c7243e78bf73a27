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
    const started = performance.now();
    expect(detectLocale('the '.repeat(1_000_000))).toBe('en');
    expect(performance.now() - started).toBeLessThan(100);
  });
});
