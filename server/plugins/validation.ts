import type { FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import { storableJson } from '#db/text.js';
import type { ErrorDetail } from '../errors.js';
import type { Locale } from '#nodes/sdk/text.js';

/** A part of the request that its schema refuses. `validationContext` (body, params, querystring, headers) is set by Fastify. */
export class InputRefused extends Error {
  override readonly name = 'InputRefused';
  readonly issues: readonly z.core.$ZodIssue[];
  readonly validationContext: string | undefined;

  constructor(issues: readonly z.core.$ZodIssue[]) {
    super('the request does not match its schema');
    this.issues = issues;
  }
}

/**
 * Parses once, at the edge. The input is kept with each issue, so that it can be put into words in the caller's language. A query loses what PostgreSQL
 * cannot store, as bodies do; an id in the path that has such a thing is nobody's.
 */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (data) => {
    const result = schema.safeParse(httpPart === 'querystring' ? storableJson({ ...data }) : data, {
      reportInput: true,
    });
    return result.success ? { value: result.data } : { error: new InputRefused(result.error.issues) };
  };

const words = { 'pt-BR': z.locales.pt().localeError, en: z.locales.en().localeError };

/** Where each fault is and what is wrong there. Never the value itself: it may be a password. */
export function detailsOf(refused: InputRefused, locale: Locale): ErrorDetail[] {
  return refused.issues.slice(0, 100).map((issue) => {
    const found = words[locale](issue as z.core.$ZodRawIssue);
    const said = typeof found === 'string' ? found : found?.message;
    return { path: issue.path.join('.'), message: issue.code === 'custom' ? issue.message : (said ?? issue.message) };
  });
}
