import { uuidv7 } from 'uuidv7';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '#server/api/auth/schemas.js';
import { may, permissions, type Permission } from '#server/permissions.js';
import type { ListedRoute } from '#server/plugins/routeList.js';
import { roles, type Role } from '#server/roles.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { join } from '#tests/support/people.js';

/**
 * The matrix of roles and permissions as the running server applies it: every route, tried as every role and with keys that have the scope
 * and that lack it. `npm run docs:permissions` writes the same matrix into docs/permissions.md.
 */
const server: TestApp = await buildTestApp();
afterAll(() => server.close());

const prefix = '/api/v1';
const permissionOf = ({ access }: ListedRoute): Permission | null =>
  access && 'permission' in access ? access.permission : null;
const guarded = server.app
  .routeList()
  .filter((route) => permissionOf(route) !== null && route.method !== 'HEAD' && !route.websocket)
  .map((route) => ({ ...route, permission: permissionOf(route) as Permission }));
const nameOf = ({ method, url }: ListedRoute): string => `${method} ${url.slice(prefix.length)}`;

const people = new Map<Role, Session>();
const keys = new Map<string, string>();
beforeAll(async () => {
  const owner = await server.register();
  people.set('owner', owner);
  for (const role of roles) if (role !== 'owner') people.set(role, await join(server, owner, role));
  const make = async (name: string, scopes: readonly Permission[]) => {
    const { status, body } = await server.call('POST', '/api-keys', {
      as: owner,
      body: { name, permissions: scopes },
    });
    if (status !== 201) throw new Error(`a key for ${name} was answered ${status}: ${JSON.stringify(body)}`);
    keys.set(name, body.key as string);
  };
  for (const permission of new Set(guarded.map((route) => route.permission))) {
    await make(`with ${permission}`, [permission]);
    await make(
      `without ${permission}`,
      permissions.filter((other) => other !== permission),
    );
  }
});

/** Asks with ids of nobody and nothing to say: whoever may gets as far as that, whoever may not gets no further than the door. */
/** What was tried and what came of it, for whoever reads the record of the suite. */
const tried = { open: 0, closed: 0 };
afterAll(() => {
  console.log(
    `permissions: ${guarded.length} routes x ${roles.length} roles and 2 keys tried: ${tried.open} allowed, ${tried.closed} denied`,
  );
});

async function doorOf(route: ListedRoute, accessToken: string): Promise<'open' | 'closed'> {
  const path = route.url.slice(prefix.length).replace(/:\w+/g, uuidv7());
  const { status, body } = await server.call(route.method as 'GET', path, {
    headers: { authorization: `Bearer ${accessToken}` },
    ...(route.method !== 'GET' && { body: {} }),
  });
  if (status === 401) throw new Error(`${nameOf(route)} does not know who asks: ${JSON.stringify(body)}`);
  const door = status === 403 && body.error.code === 'forbidden' ? 'closed' : 'open';
  tried[door] += 1;
  return door;
}

describe.each(guarded.map((route) => [nameOf(route), route] as const))('%s', (_, route) => {
  it.each(roles)('opens for %s as the policy says', async (role) => {
    const { accessToken = '' } = people.get(role) ?? {};
    expect(await doorOf(route, accessToken)).toBe(may(role, route.permission) ? 'open' : 'closed');
  });

  it('opens for a key with its scope alone', async () => {
    expect(await doorOf(route, keys.get(`with ${route.permission}`) ?? '')).toBe('open');
    expect(await doorOf(route, keys.get(`without ${route.permission}`) ?? '')).toBe('closed');
  });
});

describe('docs/permissions.md', () => {
  it('is the matrix as it is', async () => {
    const cell = (yes: boolean): string => (yes ? '✓' : '');
    const matrix = permissions.map((permission) => {
      const routes = guarded.filter((route) => route.permission === permission).map((route) => `\`${nameOf(route)}\``);
      return `| \`${permission}\` | ${roles.map((role) => cell(may(role, permission))).join(' | ')} | ${routes.join('<br>')} |`;
    });
    const forPeople = server.app
      .routeList()
      .filter(({ access, method }) => access && 'person' in access && method !== 'HEAD')
      .map((route) => `- \`${nameOf(route)}\``);
    const text = `# Who may do what

Written by \`npm run docs:permissions\` from the policies and the routes of the running server; a test fails when it is stale.
An API key may what its scopes say, as long as whoever made it may too.

| permission | ${roles.join(' | ')} | routes |
| --- | ${roles.map(() => ':-:').join(' | ')} | --- |
${matrix.join('\n')}

## For people alone

Whatever their role, and never with an API key: their own account, and where they belong.

${[...new Set(forPeople)].toSorted().join('\n')}
`;
    const options = await resolveConfig(import.meta.filename);
    await expect(await format(text, { ...options, parser: 'markdown' })).toMatchFileSnapshot(
      '../../docs/permissions.md',
    );
  });
});
