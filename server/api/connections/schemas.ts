import { z } from 'zod';
import { readHostPattern } from '#engine/graph/hosts.js';
import { connectionKinds, modelProviders } from '#engine/connections/connection.js';
import { givenName, id, listQuery, page, time } from '../common.js';

const name = givenName(120);
/** Travels in a header: printable ASCII. */
const key = z
  .string()
  .trim()
  .min(1)
  .max(8_192)
  .regex(/^[\x20-\x7e]*$/)
  .meta({ description: 'Sealed at once and never shown again', examples: ['a-secret-of-the-other-system'] });
const hostPattern = z
  .string()
  .max(300)
  .transform((written, context) => {
    const pattern = readHostPattern(written);
    if (pattern !== null) return pattern;
    context.addIssue({
      code: 'custom',
      message: 'not a host: write api.example.com, api.example.com:8443 or *.example.com',
    });
    return z.NEVER;
  });
const hosts = z
  .array(hostPattern)
  .min(1)
  .max(20)
  .transform((all) => [...new Set(all)])
  .meta({
    description: 'The only hosts that it goes to, whatever a step or a redirect says',
    examples: [['api.example.com']],
  });
const httpUrl = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .refine((url) => !/[\s\\@]|^https?:\/\/[^/]*%/.test(url), 'not a plain web address')
  .meta({ examples: ['https://auth.example.com/oauth/token'] });
/** A token of RFC 9110, and none that belongs to the connection itself. */
const headerName = z
  .string()
  .max(128)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/)
  .refine(
    (header) =>
      !/^(host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|accept-encoding|idempotency-key|proxy-.*|sec-.*|__proto__)$/i.test(
        header,
      ),
    'not a header for a key',
  )
  .meta({ examples: ['X-Api-Key'] });

const model = { name, secret: key, baseUrl: httpUrl.optional() };
export const connectionCreate = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('bearer'), name, hosts, secret: key }),
    z.strictObject({ kind: z.literal('header'), name, hosts, secret: key, header: headerName }),
    z.strictObject({
      kind: z.literal('basic'),
      name,
      hosts,
      secret: z.string().max(1_000).meta({ description: 'The password. Sealed at once and never shown again' }),
      username: z
        .string()
        .min(1)
        .max(300)
        .regex(/^[^:\p{Cc}]*$/u),
    }),
    z.strictObject({
      kind: z.literal('oauth2'),
      name,
      hosts,
      secret: key,
      clientId: z
        .string()
        .min(1)
        .max(1_000)
        .regex(/^[\x20-\x7e]*$/),
      tokenUrl: httpUrl,
      scope: z.string().max(2_000).optional(),
      audience: z.string().max(2_000).optional(),
      clientAuth: z.enum(['header', 'body']).default('header'),
    }),
    z.strictObject({ kind: z.literal('openai'), ...model }),
    z.strictObject({ kind: z.literal('anthropic'), ...model }),
    z.strictObject({ kind: z.literal('gemini'), ...model }),
  ])
  .meta({
    id: 'ConnectionCreate',
    examples: [{ kind: 'bearer', name: 'Loja', hosts: ['api.example.com'], secret: 'a-secret-of-the-other-system' }],
  });
export type ConnectionCreate = z.infer<typeof connectionCreate>;

export const connectionPatch = z
  .strictObject({
    name: name.optional(),
    /** Takes the place of the one before, in the next request. */
    secret: z.string().min(1).max(8_192).optional(),
    /** Only together with the secret: who does not know it must not send it elsewhere. */
    hosts: hosts.optional(),
  })
  .meta({ id: 'ConnectionPatch', examples: [{ name: 'Loja', secret: 'another-secret' }] });
export type ConnectionPatch = z.infer<typeof connectionPatch>;

export const connectionView = z
  .object({
    id,
    kind: z.enum(connectionKinds),
    name: z.string(),
    hosts: z.array(z.string()).readonly(),
    header: z.string().optional(),
    username: z.string().optional(),
    clientId: z.string().optional(),
    tokenUrl: z.string().optional(),
    scope: z.string().optional(),
    audience: z.string().optional(),
    clientAuth: z.enum(['header', 'body']).optional(),
    baseUrl: z.string().optional(),
    /** Departments that name it, in what is published or in the draft. `live`: one that works right now needs it. */
    usedBy: z.array(z.object({ departmentId: id, name: z.string(), live: z.boolean() })).readonly(),
    createdAt: time,
    updatedAt: time,
    lastUsedAt: time.nullable(),
  })
  .meta({ id: 'Connection' });
export type ConnectionView = z.infer<typeof connectionView>;
export const connectionsPage = page(connectionView).meta({ id: 'ConnectionPage' });
export type ConnectionsPage = z.infer<typeof connectionsPage>;

export const connectionsQuery = listQuery.extend({ kind: z.enum(connectionKinds).optional() });
export type ConnectionsQuery = z.infer<typeof connectionsQuery>;

export const connectionDelete = z.strictObject({
  force: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'Also while a department that works needs it: its steps then fail' }),
});

export const connectionTest = z
  .strictObject({
    /** What to ask, at one of its hosts. The front page of the first host unless said otherwise; providers of models list their models. */
    url: z.string().max(2_000).optional(),
  })
  .meta({ id: 'ConnectionTest', examples: [{ url: 'https://api.example.com/me' }] });
export type ConnectionTest = z.infer<typeof connectionTest>;

export const connectionTested = z
  .object({
    /** The other side let us in. */
    ok: z.boolean(),
    /** `refused`: it did not take the secret. `not_allowed`: the address is none that it may go to. */
    outcome: z.enum(['accepted', 'refused', 'unreachable', 'not_allowed', 'failed']),
    /** What the other side answered, when it did. */
    status: z.int().nullable(),
    message: z.string(),
  })
  .meta({ id: 'ConnectionTested' });
export type ConnectionTested = z.infer<typeof connectionTested>;

export const modelKeys = z
  .object({
    /** Whose keys the agents use. With `own`, never the platform's: without a key of its own the work fails, and says so. */
    keys: z.enum(['platform', 'own']),
    /** The platform has keys; without any, answers come from the sandbox. */
    platformHasKeys: z.boolean(),
    providers: z.array(
      z.object({
        provider: z.enum(modelProviders),
        /** Agents can think with it. The others can be used in steps that call other systems. */
        wired: z.boolean(),
        connectionId: id.nullable(),
      }),
    ),
  })
  .meta({ id: 'ModelKeys' });
export type ModelKeysView = z.infer<typeof modelKeys>;

export const modelKeysPut = z.strictObject({ keys: z.enum(['platform', 'own']) }).meta({ id: 'ModelKeysPut' });
export type ModelKeysPut = z.infer<typeof modelKeysPut>;
