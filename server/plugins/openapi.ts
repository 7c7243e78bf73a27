import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyContextConfig, FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { definitionSchema } from '#engine/graph/definition.js';
import { complete } from '../openapi/complete.js';
import type { Document } from '../openapi/document.js';
import { introduction } from '../openapi/introduction.js';
import { allPublic } from './access.js';

if (!z.globalRegistry.has(definitionSchema)) {
  z.globalRegistry.add(definitionSchema, {
    id: 'Definition',
    description: 'A department as data: nodes joined by edges, acyclic at every level',
    examples: [{ format: 1, nodes: [], edges: [], settings: {} }],
  });
}

/** Describes every route at `/api/v1/openapi.json`, in OpenAPI 3.1, from the same schemas that check it. To be called before the routes. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'AI Departments', version: '1', description: introduction },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: "The `accessToken` of a person's session. Good for 15 minutes",
          },
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API key (`aid_…`) with the scope that the route names in `x-permission`',
          },
          operatorKey: {
            type: 'apiKey',
            in: 'header',
            name: 'x-operator-key',
            description: 'The key that the platform printed when it started',
          },
        },
      },
    },
    transform: (options) => withAccess(createJsonSchemaTransform({})(options), options.route.config),
    transformObject: (document) => finished(createJsonSchemaTransformObject({})(document)),
  });
}

type Transformed = ReturnType<ReturnType<typeof createJsonSchemaTransform>>;

/** Says of each route who may call it, and with which credentials. */
function withAccess(transformed: Transformed, { access, keyHolder }: FastifyContextConfig = {}): Transformed {
  const declared = (transformed.schema as { security?: readonly object[] } | undefined)?.security;
  const credentials = {
    ...(access && 'permission' in access && { security: [{ bearer: [] }, { apiKey: [] }] }),
    ...(access && 'person' in access && { security: [{ bearer: [] }] }),
    ...(access && 'public' in access && { security: declared ?? [] }),
  };
  const extensions = {
    'x-access': access,
    ...(keyHolder && { 'x-takes-key': true }),
    ...(access && 'permission' in access && { 'x-permission': access.permission }),
  };
  return { ...transformed, schema: { ...transformed.schema, ...credentials, ...extensions } as Transformed['schema'] };
}

function finished<T extends object>(given: T): T {
  // zod refers to its shared definitions by a pointer within a pointer, which nobody else can follow. Fastify's types
  // allow Swagger 2 here, which we do not write.
  const text = JSON.stringify(given).replaceAll('/__shared#/', '/__shared/');
  return complete(JSON.parse(text) as Document) as object as T;
}

/** As strict as for our own pages: only that the reference writes styles, as they do. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The description itself, and pages to read it in at `/docs`. To be called after the routes. */
export async function serveApiDescription(app: FastifyInstance): Promise<void> {
  await app.register(async (scope) => {
    allPublic(scope, 'the description of the API holds no data');
    scope.get('/api/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger());
    // Closed, what there is fits one look; open, the page keeps only what is on the screen, and nothing else can be found in it.
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: CONTENT_POLICY,
      uiConfig: { docExpansion: 'none' },
    });
  });
}
