import { expect, it } from 'vitest';
import { failureOf } from './runFailure.js';

const record = { code: 'cold_oven', message: 'Cold.', actor: 'author', retryable: false, nodeId: 'z', path: 'z' };

it('names the steps that are left as they were, and what kept them from being undone', () => {
  const error = { ...record, notUndone: ['order~refund', 'each#2/order~refund'], undoing: 'cannot_compile' };
  expect(failureOf({ status: 'failed', error })).toMatchObject({
    code: 'cold_oven',
    notUndone: ['order', 'each#2/order'],
    undoing: 'cannot_compile',
  });
});

it('says nothing of undoing where there was nothing to undo', () => {
  expect(failureOf({ status: 'failed', error: record })).toMatchObject({ notUndone: [], undoing: null });
});
