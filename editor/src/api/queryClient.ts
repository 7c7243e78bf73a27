import type { Query } from '@tanstack/react-query';
import { AnswerCache } from './answerCache.js';
import { ApiError } from './apiError.js';

/** A fault of the caller does not get better by asking again. */
const worthRetrying = (tries: number, error: Error): boolean =>
  tries < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500);

/** What may read otherwise after events were missed: what was refused would be refused again. */
export const mayReadOtherwise = ({ state: { error } }: Query): boolean => error === null || worthRetrying(0, error);

/** Of what live events are listened to only while it is on the screen: once it is there again, what was read before may lack what happened since. */
export const toldWhileShown = { staleTime: 0 } as const;

export const queryClient = new AnswerCache({
  defaultOptions: { queries: { staleTime: 15_000, retry: worthRetrying }, mutations: { retry: false } },
});
