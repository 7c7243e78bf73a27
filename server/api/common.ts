import { z } from 'zod';
import type { Definition } from '#engine/graph/definition.js';
import type { Json } from '#nodes/sdk/json.js';

/**
 * Any JSON value. It arrives through `JSON.parse` or leaves a jsonb column, so it is JSON already and is not walked again;
 * that is why the type is asserted.
 */
export const anyJson = z.unknown().meta({ description: 'Any JSON value' }) as z.ZodType as z.ZodType<Json>;

/** A definition that `validate` has already accepted as one; documented as `Definition`, not walked a second time. */
export const definitionView = z
  .unknown()
  .meta({ allOf: [{ $ref: '#/components/schemas/Definition' }] }) as z.ZodType as z.ZodType<Definition>;

/** A definition as somebody sent it: `validate` says what is wrong with it, all at once. */
export const definitionInput = z
  .record(z.string(), z.unknown())
  .meta({ allOf: [{ $ref: '#/components/schemas/Definition' }] });

/** Marks that turn the direction of writing around: with them a name reads as another. */
const turning = /[\u202A-\u202E\u2066-\u2069]/;

/** A name goes into subjects, mails, file names and lists: it is one line there and brings no second one. */
const onOneLine = (name: string): string => name.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');

/** What people call something or themselves: something that can be seen, and that reads as it is. @param longest in characters */
export const givenName = (longest: number) =>
  z
    .string()
    .overwrite(onOneLine)
    .trim()
    .min(1)
    .max(longest)
    .refine(
      // What is empty has been said to be so.
      (name) => name === '' || (/[\p{L}\p{N}\p{P}\p{S}]/u.test(name) && !turning.test(name)),
      'a name that can be seen',
    );

/** Ids are UUIDv7. In a path, anything else is a 404. */
export const id = z.uuid().meta({ examples: ['019ab0c4-5c1e-7cc3-9d53-5d8f4f5a0b11'] });
/** ISO 8601 UTC. */
export const time = z.iso.datetime().meta({ examples: ['2026-11-22T13:30:00.000Z'] });
/** A moment that a database knows: there is no year 0 before Christ. */
const known = (moment: string): boolean => !moment.startsWith('0000');
const yearZero = { message: 'there is no year 0' };
/** A time that somebody asks for, in UTC. */
export const timeAsked = time.refine(known, yearZero);
/** The same with an offset from it. */
export const offsetTimeAsked = z.iso.datetime({ offset: true }).refine(known, yearZero);
export const locale = z.enum(['pt-BR', 'en']);
/** A text in both languages of the product. */
export const text = z.object({ 'pt-BR': z.string(), en: z.string() }).readonly();

/** Somebody of the organization; without a name when they have left the platform. */
export const author = z.object({ id, name: z.string().nullable() });

export const idParams = z.strictObject({ id });
export const noBody = z.strictObject({}).nullish();

/** What every list takes. `cursor` is the `nextCursor` of the page before. */
export const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(400).optional(),
});
export type ListQuery = z.infer<typeof listQuery>;
/** Of lists that are short and usually wanted whole. */
export const shortListQuery = listQuery.extend({ limit: z.coerce.number().int().min(1).max(100).default(100) });

/** A page of a list, newest first unless the route says otherwise. `nextCursor` is null on the last page. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item).readonly(),
    nextCursor: z
      .string()
      .nullable()
      .meta({ description: 'Give it as `cursor` for the next page; null on the last one', examples: [null] }),
  });
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export const problem = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning']),
    nodeId: z.string().optional(),
    edgeId: z.string().optional(),
    path: z.string().optional(),
    message: z.string(),
    fix: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('removeEdge'), edgeId: z.string() }),
        z.object({ kind: z.literal('removeNode'), nodeId: z.string() }),
        z.object({ kind: z.literal('setConfig'), nodeId: z.string(), path: z.string(), value: anyJson }),
      ])
      .optional(),
  })
  .readonly()
  .meta({ id: 'Problem' });

/** The one shape of every error. */
export const errorBody = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      /** For bad input: where each fault is and what is wrong there. */
      details: z
        .array(z.object({ path: z.string(), message: z.string() }))
        .readonly()
        .optional(),
      requestId: z.string(),
    }),
  })
  .meta({
    id: 'Error',
    examples: [{ error: { code: 'not_found', message: 'There is nothing here.', requestId: '019ab0c4-5c1e-7cc3' } }],
  });

/** 422: the definition cannot be published (or stored); all its problems at once. */
export const problemsBody = errorBody.extend({ problems: z.array(problem).readonly() }).meta({ id: 'DefinitionError' });
