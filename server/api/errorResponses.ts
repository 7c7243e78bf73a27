import { errorBody } from './common.js';

const always = { 429: errorBody, 500: errorBody, 503: errorBody } as const;

/** Errors of a public route. */
export const publicErrors = { 400: errorBody, ...always } as const;
/** Errors of every route behind a token. */
export const errors = { 400: errorBody, 401: errorBody, 403: errorBody, ...always } as const;
/** The same for a route that takes a body. */
export const bodyErrors = { ...errors, 413: errorBody, 415: errorBody, 409: errorBody } as const;
/** The same for a route that names one thing by its id. */
export const itemErrors = { ...errors, 404: errorBody } as const;
export const itemBodyErrors = { ...bodyErrors, 404: errorBody } as const;
