import { describe, expect, it } from 'vitest';
import { publicNodes } from '#nodes/registry.js';
import { Assistant } from './assist.js';
import type { Definition } from './definition.js';

const node = (id: string, type: string, config: Record<string, never> | object = {}) => ({
  id,
  type,
  version: 1,
  config: config as never,
  position: { x: 0, y: 0 },
});
const definition: Definition = {
  format: 1,
  nodes: [
    node('message', 'trigger.whatsapp'),
    node('mood', 'agent.sentiment'),
    node('reply', 'channel.send', { text: '' }),
    node('late', 'data.contact'),
  ],
  edges: [
    { id: 'a', from: { node: 'message', port: 'message' }, to: { node: 'mood', port: 'in' } },
    { id: 'b', from: { node: 'mood', port: 'negative' }, to: { node: 'reply', port: 'in' } },
  ],
  settings: {},
};
const assistant = new Assistant(definition, publicNodes(), 'en');
const text = { nodeId: 'reply', path: ['text'] };
const complete = (written: string) =>
  assistant.complete(text, written, written.length)?.options.map(({ label }) => label) ?? null;

describe('what can be written next', () => {
  it('is nothing outside braces and inside texts', () => {
    expect(complete('Hello con')).toBeNull();
    expect(complete('{{ "cont')).toEqual([]);
  });
  it('is the names in sight, and functions', () => {
    expect(complete('Hi {{ ')).toEqual(expect.arrayContaining(['trigger', 'contact', 'steps', 'string', 'now']));
    expect(complete('Hi {{ ')).not.toContain('item');
  });
  it('is the fields of what stands before the point, with the methods of its type', () => {
    expect(complete('{{ contact.')).toEqual(['id', 'name', 'locale', 'attributes', 'size']);
    expect(complete('{{ "a" + string(contact.id).')).toContain('contains');
  });
  it('is the steps that run before this one', () => {
    expect(complete('{{ steps.')).toEqual(['message', 'mood']);
    expect(assistant.complete({ nodeId: 'mood', path: ['message'] }, '{{ steps.', 9)?.options).toHaveLength(1);
  });
  it('begins where the word does', () => {
    expect(assistant.complete(text, '{{ contact.na', 13)?.from).toBe(11);
  });
});

describe('what is wrong', () => {
  const wrong = (written: string) =>
    assistant.marks(text, written).map(({ from, to, message }) => [written.slice(from, to), message]);

  it('is marked at the exact place', () => {
    expect(wrong('Hi {{ contact.nme }}, bye')).toEqual([['nme', expect.stringContaining('name')]]);
    expect(wrong('{{ "a" + 2 }}')).toEqual([['"a" + 2', expect.any(String)]]);
    expect(wrong('ok {{ contat.name }}')).toEqual([['contat', expect.stringContaining('contact')]]);
    expect(wrong('{{ steps.moo.mood }}')[0]?.[0]).toBe('moo');
  });
  it('has its mend', () => {
    const [mark] = assistant.marks(text, '{{ contact.nme }}');
    expect(mark?.fix).toEqual({ from: 11, to: 14, text: 'name' });
    expect(assistant.marks(text, '{{ 1 + 1 }}')[0]?.fix?.text).toBe('string(1 + 1)');
  });
  it('is said of what is still being written', () => {
    expect(wrong('Hi {{ contact.')).toHaveLength(1);
    expect(wrong('Hi {{ }}')).toHaveLength(1);
    expect(wrong('Hi')).toEqual([]);
  });
});

describe('what a name is', () => {
  it('is told by its type', () => {
    expect(assistant.hover(text, '{{ contact.name }}', 13)).toEqual({ from: 11, to: 15, type: 'text or nothing' });
    expect(assistant.hover(text, '{{ contact.name }}', 5)?.type).toBe('a set of fields');
    expect(assistant.hover(text, 'Hello', 2)).toBeNull();
  });
  it('and so is what a field takes', () => {
    expect(assistant.takes(text)).toBe('text');
  });
});
