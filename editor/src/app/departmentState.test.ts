import { expect, it } from 'vitest';
import type { ConversationView } from '../api/types.js';
import { departmentNow } from './departmentState.js';

const now = Date.parse('2026-11-22T12:00:00Z');
const conversation = (over: Partial<ConversationView>): ConversationView => ({
  id: 'c',
  channel: { id: 'ch', kind: 'whatsapp' },
  contact: { id: 'p', name: 'Jéssica' },
  departmentId: 'd',
  status: 'open',
  handler: 'team',
  assignedTo: null,
  handoffReason: null,
  handoffSummary: null,
  locale: 'pt-BR',
  lastInboundAt: null,
  lastMessageAt: '2026-11-22T11:58:00Z',
  lastMessage: null,
  ...over,
});
const active = { id: 'd', status: 'active' } as const;

it('is your turn as soon as one open conversation waits for a person', () => {
  expect(departmentNow(active, [conversation({}), conversation({ handler: 'person' })], now).state).toBe('you');
  expect(departmentNow(active, [conversation({ handler: 'person', status: 'closed' })], now).state).toBe('idle');
});

it('works while somebody wrote in the last ten minutes', () => {
  expect(
    departmentNow(active, [conversation({}), conversation({ lastMessageAt: '2026-11-22T11:00:00Z' })], now),
  ).toEqual({
    state: 'on',
    word: 'withCustomers',
    customers: 1,
  });
});

it('does not mix teams up, and a paused one rests', () => {
  expect(departmentNow({ id: 'other', status: 'active' }, [conversation({})], now).state).toBe('idle');
  expect(departmentNow({ id: 'd', status: 'paused' }, [conversation({ handler: 'person' })], now)).toMatchObject({
    state: 'off',
    word: 'paused',
  });
});
