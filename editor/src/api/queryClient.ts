import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './apiError.js';

/** A fault of the caller does not get better by asking again. */
const worthRetrying = (tries: number, error: Error): boolean =>
  tries < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500);

export const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: 15_000, retry: worthRetrying }, mutations: { retry: false } },
});
