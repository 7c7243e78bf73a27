import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { definitionSchema } from '#engine/graph/definition.js';
import { allPublic } from './access.js';

if (!z.globalRegistry.has(definitionSchema)) {
  z.globalRegistry.add(definitionSchema, {
    id: 'Definition',
    description: 'A department as data: nodes joined by edges, acyclic at every level',
  });
}

const description = `Errors have one shape, \`{ error: { code, message, details?, requestId } }\`; messages follow \`Accept-Language\` (pt-BR, en).
Lists take \`limit\` and \`cursor\` and answer \`{ items, nextCursor }\`. Writes take an \`Idempotency-Key\`: the same request again gets the
first one's answer. What belongs to somebody else is a 404, like what does not exist.`;

/** Describes every route at `/api/v1/openapi.json`, in OpenAPI 3.1, from the same schemas that check it. To be called before the routes. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'AI Departments', version: '1', description },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
    },
    transform: (options) => withAccess(createJsonSchemaTransform({})(options), options.route.config),
    transformObject: (document) => tidy(createJsonSchemaTransformObject({})(document)),
  });
}

type Transformed = ReturnType<ReturnType<typeof createJsonSchemaTransform>>;

/** Says of each route whether it wants a token, and takes out what is not ours to describe. */
function withAccess(transformed: Transformed, config: { readonly access?: object } | undefined): Transformed {
  const open = config?.access !== undefined && 'public' in config.access;
  return { ...transformed, schema: { ...transformed.schema, security: open ? [] : [{ bearer: [] }] } };
}

const meanings: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Made',
  202: 'Taken; it happens soon after',
  400: 'Bad input: `details` says where each fault is',
  401: 'No token, or one that is not good any more',
  403: "The caller's role does not allow it",
  404: 'Not here, or not yours',
  409: 'It contradicts what is there, or the Idempotency-Key was used for another request',
  413: 'Too large',
  415: 'Not JSON',
  422: 'The definition has problems; `problems` lists all of them',
  429: 'Too many requests: `Retry-After` says when to come back',
  500: 'Our fault; it has been recorded',
  503: 'A store is away: `Retry-After` says when to come back',
};

interface Description {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Record<string, unknown> };
}
interface Operation {
  readonly responses?: Readonly<Record<string, { description: string }>>;
}

/** Says what each status means, and leaves out schemas that no route uses. */
function tidy<T extends object>(given: T): T {
  // zod refers to its shared definitions by a pointer within a pointer, which nobody else can follow.
  const document = JSON.parse(JSON.stringify(given).replaceAll('/__shared#/', '/__shared/')) as T;
  // Fastify's types allow Swagger 2 here, which we do not write.
  const description = document as Description;
  const operations = Object.values(description.paths ?? {}).flatMap((path) => Object.values(path));
  for (const { responses = {} } of operations) {
    for (const [status, response] of Object.entries(responses)) {
      if (response.description === 'Default Response') response.description = meanings[status] ?? 'Done';
    }
  }
  const schemas = description.components?.schemas ?? {};
  const used = new Set<string>();
  const visit = (part: unknown): void => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"/#]+)/g)) {
      if (!name || used.has(name)) continue;
      used.add(name);
      visit(schemas[name] ?? {});
    }
  };
  visit(description.paths);
  for (const name of Object.keys(schemas)) if (!used.has(name)) delete schemas[name];
  return document;
}

/** The description itself, and pages to read it in at `/docs`. To be called after the routes. */
export async function serveApiDescription(app: FastifyInstance): Promise<void> {
  await app.register(async (scope) => {
    allPublic(scope, 'the description of the API holds no data');
    scope.get('/api/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger());
    await scope.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  });
}
