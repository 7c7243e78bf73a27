import { expect, it } from 'vitest';
import { lateEdits } from './lateEdits.js';

const at = (second: number): string => new Date(Date.UTC(2026, 10, 27, 12, 0, second)).toISOString();
type Author = 'contact' | 'team' | 'person' | 'system';
const said = (
  id: string,
  author: Author,
  second: number,
  more: { edited?: number; deleted?: number; status?: 'failed' } = {},
) => ({
  id,
  author,
  status: more.status ?? (author === 'contact' ? ('received' as const) : ('sent' as const)),
  changed: more.edited !== undefined ? ('edited' as const) : more.deleted !== undefined ? ('deleted' as const) : null,
  changedAt: (more.edited ?? more.deleted) !== undefined ? at(more.edited ?? more.deleted ?? 0) : null,
  createdAt: at(second),
});

it.each([
  ['after the answer', [said('a', 'contact', 0, { edited: 30 }), said('b', 'team', 5)], ['a']],
  ['after the answer of a person', [said('a', 'contact', 0, { edited: 30 }), said('b', 'person', 5)], ['a']],
  ['before the answer', [said('a', 'contact', 0, { edited: 3 }), said('b', 'team', 5)], []],
  ['before anybody answered', [said('a', 'contact', 0, { edited: 30 })], []],
  [
    'when the answer did not go out',
    [said('a', 'contact', 0, { edited: 30 }), said('b', 'team', 5, { status: 'failed' })],
    [],
  ],
  ['when only the system spoke', [said('a', 'contact', 0, { edited: 30 }), said('b', 'system', 5)], []],
  [
    'and was answered again',
    [said('a', 'contact', 0, { edited: 30 }), said('b', 'team', 5), said('c', 'person', 60)],
    [],
  ],
  ['as taken back', [said('a', 'contact', 0, { deleted: 30 }), said('b', 'team', 5)], []],
  [
    'with another after it that was not',
    [said('a', 'contact', 0, { edited: 30 }), said('b', 'team', 5), said('c', 'contact', 40)],
    ['a'],
  ],
])('a message edited %s', (_, thread, late) => {
  expect([...lateEdits(thread)]).toEqual(late);
});
