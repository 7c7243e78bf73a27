import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameOfRef, type Document, type JsonSchema } from '#server/openapi/document.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { bodies, makeThings, pathOf, type Things } from '#tests/support/everyRoute.js';
import { password } from '#tests/support/people.js';
import { apiRoutes, nameOf } from '#tests/support/routes.js';

/**
 * Ids that are given in bodies and queries, at any depth and in lists, found in the document: somebody else's is answered exactly like one that
 * nothing has. (Ids in paths: tests/contracts/routes.test.ts.)
 */
const server: TestApp = await buildTestApp({ trustProxy: '127.0.0.1' });
afterAll(() => server.close());
const document = server.app.swagger() as object as Document;

/** What a field of this name names. */
const kinds: Readonly<Record<string, keyof Things>> = {
  departmentId: 'department',
  departments: 'department',
  conversationId: 'conversation',
  channelId: 'channel',
  connectionId: 'connection',
  sourceId: 'source',
  runId: 'run',
  userId: 'member',
  assignedTo: 'member',
  mentions: 'member',
  actor: 'member',
};

interface Place {
  readonly path: readonly string[];
  readonly list: boolean;
}
/** Where a body holds ids. */
function idsIn(schema: JsonSchema, path: readonly string[] = [], list = false): Place[] {
  if (path.length > 6) return [];
  if (schema.$ref) return idsIn(document.components.schemas[nameOfRef(schema.$ref)] ?? {}, path, list);
  if (schema.format === 'uuid') return [{ path, list }];
  return [
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap((each) =>
      idsIn(each, path, list),
    ),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => idsIn(field, [...path, name])),
    ...(schema.items ? idsIn(schema.items, path, true) : []),
  ];
}

const routes = apiRoutes(server).map((route) => ({
  route,
  operation: document.paths[route.url.replace(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()] ?? {},
}));
const inBodies = routes
  .filter(({ route }) => route.access && !('public' in route.access))
  .flatMap(({ route, operation }) =>
    idsIn(operation.requestBody?.content['application/json']?.schema ?? {}).map((place) => ({ route, ...place })),
  );
const inQueries = routes.flatMap(({ route, operation }) =>
  (operation.parameters ?? [])
    .filter((each) => each.in === 'query' && each.schema?.format === 'uuid')
    .map(({ name = '' }) => ({ route, name })),
);

let a: Things;
let b: Things;
beforeAll(async () => {
  a = await makeThings(server, 'A');
  b = await makeThings(server, 'B');
});
const tried = { denied: 0, allowed: 0 };
afterAll(() => {
  console.log(
    `references: ${inBodies.length} ids in bodies, ${inQueries.length} in queries, ${tried.denied} denied, ${tried.allowed} allowed`,
  );
});

const idOf = (field: string, things: Things): string => {
  if (field === 'organizationId') return things.session.organization.id;
  const kind = kinds[field];
  if (!kind) throw new Error(`Say in \`kinds\` what ${field} names`);
  return things[kind] as string;
};
function withId(body: Record<string, unknown>, { path, list }: Place, id: string): Record<string, unknown> {
  const [field = '', ...rest] = path;
  if (rest.length === 0) return { ...body, [field]: list ? [id] : id };
  const inner = body[field];
  const part = Array.isArray(inner) ? (inner[0] ?? {}) : (inner ?? {});
  const changed = withId(part as Record<string, unknown>, { path: rest, list }, id);
  return { ...body, [field]: Array.isArray(inner) ? [changed] : changed };
}

let asked = 0;
const elsewhere = () => ({ 'x-forwarded-for': `10.2.${Math.floor(++asked / 256)}.${asked % 256}` });

describe('an id in a body', () => {
  it('is found in several routes, in lists, too', () => {
    expect(inBodies.length).toBeGreaterThan(4);
    expect(inBodies.some(({ list }) => list)).toBe(true);
  });

  it.each(inBodies.map((each) => [`${nameOf(each.route)} ${each.path.join('.')}`, each] as const))(
    '%s: another organization’s is like none',
    async (_, { route, path, list }) => {
      const ask = async (id: string) => {
        // A good password: what is refused must be the id.
        const good = { ...bodies[nameOf(route)]?.(a) };
        const body = withId('password' in good ? { ...good, password } : good, { path, list }, id);
        const answer = await server.call(route.method as 'POST', pathOf(route, a), {
          as: a.session,
          body,
          headers: elsewhere(),
        });
        const text = JSON.stringify(answer.body)
          .replaceAll(id, 'ID')
          .replace(/"requestId":"[^"]+"/, '');
        return { status: answer.status, text };
      };
      const [theirs, random] = [await ask(idOf(path.at(-1) ?? '', b)), await ask(uuidv7())];
      expect(theirs).toEqual(random);
      expect([400, 404, 409, 422]).toContain(theirs.status);
      tried.denied += 1;
    },
  );
});

describe('an id in a query', () => {
  it.each(inQueries.map((each) => [`${nameOf(each.route)} ${each.name}`, each] as const))(
    '%s: another organization’s is like none, and one’s own is found',
    async (_, { route, name }) => {
      const ask = (id: string) => server.call('GET', `${pathOf(route, a)}?${name}=${id}`, { as: a.session });
      const [theirs, random] = [await ask(idOf(name, b)), await ask(uuidv7())];
      expect([theirs.status, theirs.body]).toEqual([random.status, random.body]);
      expect(JSON.stringify(theirs.body)).not.toContain(idOf(name, b));
      tried.denied += 1;
      const own = await ask(idOf(name, a));
      expect(own.status).toBe(200);
      tried.allowed += 1;
    },
  );
});
