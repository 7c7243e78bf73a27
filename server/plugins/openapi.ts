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
    transformObject: createJsonSchemaTransformObject({}),
  });
}

type Transformed = ReturnType<ReturnType<typeof createJsonSchemaTransform>>;

/** Says of each route whether it wants a token, and takes out what is not ours to describe. */
function withAccess(transformed: Transformed, config: { readonly access?: object } | undefined): Transformed {
  const open = config?.access !== undefined && 'public' in config.access;
  return { ...transformed, schema: { ...transformed.schema, security: open ? [] : [{ bearer: [] }] } };
}

/** The description itself, and pages to read it in at `/docs`. To be called after the routes. */
export async function serveApiDescription(app: FastifyInstance): Promise<void> {
  await app.register(async (scope) => {
    allPublic(scope, 'the description of the API holds no data');
    scope.get('/api/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger());
    await scope.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  });
}
