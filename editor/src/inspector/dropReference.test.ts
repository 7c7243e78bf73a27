import { describe, expect, it } from 'vitest';
import { dropReference } from './dropReference.js';

/** `|` stands where the value is let go. */
const drop = (text: string): string => {
  const at = text.indexOf('|');
  const whole = text.replace('|', '');
  const { from, to, insert } = dropReference(whole, at, 'steps.a.b');
  return whole.slice(0, from) + insert + whole.slice(to);
};

describe('a value that is let go in a text', () => {
  it.each([
    ['|', '{{ steps.a.b }}'],
    ['Oi |!', 'Oi {{ steps.a.b }}!'],
    ['{{ contact.name }}|', '{{ contact.name }}{{ steps.a.b }}'],
    // Between two braces it stands beside them.
    ['{|{ contact.name }}', '{{ steps.a.b }}{{ contact.name }}'],
    ['{{ contact.name }|} x', '{{ contact.name }}{{ steps.a.b }} x'],
    // Inside an expression it is a part of it.
    ['{{ | }}', '{{ steps.a.b }}'],
    ['{{|}}', '{{ steps.a.b }}'],
    ['{{ contact.na|me }}', '{{ steps.a.b }}'],
    ['{{ 1 + | }}', '{{ 1 + steps.a.b }}'],
    ['{{ 1 +| }}', '{{ 1 + steps.a.b }}'],
    ['{{ size(|) }}', '{{ size(steps.a.b) }}'],
    ['{{ size(contact.n|ame) > 2 }}', '{{ size(steps.a.b) > 2 }}'],
    ['{{ "Oi |você" }}', '{{ "Oi " + steps.a.b + "você" }}'],
    ['Oi {{ contact.|', 'Oi {{ steps.a.b'],
  ])('%s', (text, expected) => expect(drop(text)).toBe(expected));
});
