import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { audit } from '#server/audit/record.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { join, password } from '#tests/support/people.js';
import type { Session } from '../auth/schemas.js';

let server: TestApp;
beforeAll(async () => {
  server = await buildTestApp();
});
afterAll(() => server.close());

const entries = async (as: Session, query = '') =>
  (await server.call('GET', `/audit${query}`, { as })).body.items as Record<string, never>[];
const rename = (as: Session, id: string, name: string) =>
  server.call('PATCH', `/departments/${id}`, { as, body: { name }, headers: { 'user-agent': 'Firefox' } });
const hire = async (as: Session, name = 'Balcão'): Promise<string> =>
  (await server.call('POST', '/departments', { as, body: { name } })).body.id;
const actorIn = (session: Session, name = 'Lúcia') => ({
  organizationId: session.organization.id,
  userId: session.user.id,
  name,
  apiKey: null,
  origin: { address: '203.0.113.7', userAgent: 'Firefox' },
});
const write = (session: Session, count: number, name?: string) =>
  server.db.withOrganization(session.organization.id, async (trx) => {
    for (let i = 0; i < count; i++)
      await audit(trx, actorIn(session, name), {
        action: 'conversation.close',
        target: { type: 'conversation', id: uuidv7() },
      });
  });

describe('the audit log', () => {
  it('says who did what to what, when and from where', async () => {
    const owner = await server.register('Padaria');
    const id = await hire(owner);
    const renamed = await rename(owner, id, 'Encomendas');
    expect((await entries(owner))[0]).toEqual({
      id: expect.any(String),
      at: expect.any(String),
      actor: { type: 'person', id: owner.user.id, name: owner.user.name },
      action: 'department.update',
      target: { type: 'department', id, name: 'Encomendas' },
      address: '127.0.0.1',
      userAgent: 'Firefox',
      requestId: renamed.headers['x-request-id'],
      details: { fields: ['name'] },
    });
  });

  it('has nothing of a change that did not happen', async () => {
    const owner = await server.register('Padaria');
    const id = await hire(owner);
    const before = await entries(owner);
    expect((await server.call('POST', `/departments/${id}/publish`, { as: owner })).status).toBe(422);
    expect((await server.call('PATCH', `/departments/${uuidv7()}`, { as: owner, body: { name: 'x' } })).status).toBe(
      404,
    );
    await expect(
      server.db.withOrganization(owner.organization.id, async (trx) => {
        await audit(trx, actorIn(owner), { action: 'department.dismiss' });
        throw new Error('after all not');
      }),
    ).rejects.toThrow('after all not');
    expect(await entries(owner)).toEqual(before);
  });

  it('has sign-ins, and those that failed, without the password', async () => {
    const owner = await server.register('Padaria');
    const login = (given: string) =>
      server.call('POST', '/auth/login', { body: { email: owner.user.email, password: given } });
    await login('not this one');
    await login(password);
    // A refusal is answered before it is written: an answer that took longer would tell that there is such an account.
    const found = await vi.waitFor(async () => {
      const latest = (await entries(owner)).slice(0, 2);
      expect(latest.map(({ action }) => action).toSorted()).toEqual(['session.open', 'session.refuse']);
      return latest;
    }, 60_000);
    expect(JSON.stringify(found)).not.toContain('not this one');
  });

  it('names an API key as the one who acts', async () => {
    const owner = await server.register('Padaria');
    const { body } = await server.call('POST', '/api-keys', {
      as: owner,
      body: { name: 'ERP', permissions: ['departments:write'] },
    });
    const as = { ...owner, accessToken: body.key as string };
    const id = await hire(as);
    const [entry] = await entries(owner, `?target=${id}`);
    expect(entry).toMatchObject({ action: 'department.create', actor: { type: 'api_key', id: body.id, name: 'ERP' } });
    expect(JSON.stringify(await entries(owner))).not.toContain(body.key);
  });

  it('says once an hour that somebody is at work on a draft', async () => {
    const owner = await server.register('Padaria');
    const id = await hire(owner);
    const definition = { format: 1, nodes: [], edges: [], settings: {} };
    for (let i = 0; i < 3; i++)
      await server.call('PUT', `/departments/${id}/draft`, { as: owner, body: { definition } });
    expect(await entries(owner, '?action=department.draft')).toHaveLength(1);
  });

  it('keeps only the facts that an action may have, and none too long', async () => {
    const owner = await server.register('Padaria');
    await server.db.withOrganization(owner.organization.id, (trx) =>
      audit(trx, actorIn(owner, '\u{1F35E}'.repeat(200)), {
        action: 'member.update',
        details: { role: 'x'.repeat(5_000), secret: 'a token', text: 'oi' } as { role: string },
      }),
    );
    const [entry] = await entries(owner);
    expect(entry?.['details']).toEqual({ role: 'x'.repeat(200) });
    expect(entry?.['actor']).toMatchObject({ name: '\u{1F35E}'.repeat(100) });
  });
});

describe('the list', () => {
  it('goes through everything once, the latest first', async () => {
    const owner = await server.register('Padaria');
    await write(owner, 7);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: { items: { id: string }[]; nextCursor: string | null } } = await server.call(
        'GET',
        `/audit?limit=3${cursor && `&cursor=${cursor}`}`,
        { as: owner },
      );
      seen.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual([...new Set(seen)].toSorted().toReversed());
    expect(seen).toEqual((await entries(owner, '?limit=100')).map(({ id }) => id));
  });

  it('finds by actor, action, target, time and words', async () => {
    const owner = await server.register('Padaria');
    const ana = await join(server, owner, 'admin');
    const id = await hire(ana, 'Balcão 100%');
    const [created] = await entries(owner, `?actor=${ana.user.id}&action=department.create`);
    expect(created).toMatchObject({ target: { id } });
    const at = String(created?.['at']);
    const after = new Date(Date.parse(at) + 1).toISOString();
    const actions = async (query: string) => (await entries(owner, query)).map(({ action }) => action);
    expect(await actions(`?target=${id}`)).toEqual(['department.create']);
    expect(await actions(`?from=${at}&to=${after}&actor=${ana.user.id}`)).toContain('department.create');
    expect(await actions(`?from=${after}&target=${id}`)).toEqual([]);
    expect(await actions(`?to=${at}&target=${id}`)).toEqual([]);
    expect(await actions(`?q=${encodeURIComponent('balcão 100%')}`)).toEqual(['department.create']);
    expect(await actions(`?q=${encodeURIComponent('100_')}`)).toEqual([]);
    expect(await actions(`?q=127.0.0&target=${id}`)).toEqual(['department.create']);
    expect(await actions('?q=127.0.0.99')).toEqual([]);
    expect(await actions('?actor=system')).toEqual([]);
    expect((await server.call('GET', '/audit?action=anything', { as: owner })).status).toBe(400);
  });

  it('is for managers of the organization alone', async () => {
    const [owner, other] = [await server.register('A'), await server.register('B')];
    await write(owner, 1);
    for (const role of ['member', 'viewer'] as const) {
      const as = await join(server, owner, role);
      for (const path of ['/audit', '/audit/export'])
        expect((await server.call('GET', path, { as })).body.error.code).toBe('forbidden');
    }
    expect(await entries(other, '?action=conversation.close')).toEqual([]);
  });

  it('is read from an index, whatever is asked', async () => {
    const owner = await server.register('Padaria');
    const organization = owner.organization.id;
    const plans = await server.db.withOrganization(organization, async (trx) => {
      await trx.raw('set local enable_seqscan = off');
      await trx.raw('set local enable_sort = off');
      const found: string[] = [];
      for (const condition of ['true', `actor_id = '${organization}'`, `action = 'run.start'`, `target_id = 'x'`]) {
        const { rows } = await trx.raw<{ rows: Record<string, string>[] }>(
          `explain select id from platform.audit_log where organization_id = ? and ${condition} order by id desc limit 50`,
          [organization],
        );
        found.push(rows.map((row) => Object.values(row)[0]).join('\n'));
      }
      return found;
    });
    for (const plan of plans) expect(plan).toMatch(/Index (Only )?Scan using audit_log_\w+/);
    for (const plan of plans) expect(plan).not.toContain('Sort');
  });
});

describe('the file', () => {
  const file = (as: Session, query: string) =>
    server.app.inject({
      url: `/api/v1/audit/export${query}`,
      headers: { authorization: `Bearer ${as.accessToken}` },
    });

  it('is CSV that a spreadsheet opens and does not run', async () => {
    const owner = await server.register('Padaria');
    for (const name of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '＝1', 'a "quoted", name\nin two lines'])
      await write(owner, 1, name);
    const { statusCode, headers, body } = await file(owner, '?format=csv');
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': expect.stringMatching(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(body.startsWith('\uFEFF"at","actor_type"')).toBe(true);
    for (const cell of [`"'=1+1"`, `"'+1"`, `"'-1"`, `"'@SUM(A1)"`, `"'\t=1"`, `"'＝1"`]) expect(body).toContain(cell);
    expect(body).toContain('"a ""quoted"", name\nin two lines"');
    expect(body).not.toMatch(/(^|,|\r\n)"?[=+@-]/);
  });

  it('is one entry a line, all of them, more than are read at once', async () => {
    const owner = await server.register('Padaria');
    await write(owner, 1_201);
    const { body, headers } = await file(owner, '?format=ndjson&action=conversation.close');
    expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    const ids = body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id as string);
    expect(ids).toHaveLength(1_201);
    expect(ids).toEqual([...new Set(ids)].toSorted().toReversed());
  });

  it('is on record itself, with what was asked for', async () => {
    const owner = await server.register('Padaria');
    await file(owner, '?format=ndjson&action=run.start');
    expect((await entries(owner))[0]).toMatchObject({
      action: 'audit.export',
      details: { format: 'ndjson', filters: ['action=run.start'] },
    });
  });
});

describe('an entry', () => {
  it('is changed by nobody, not even by who owns the table', async () => {
    const owner = await server.register('Padaria');
    await write(owner, 1);
    const admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    const attempt = async (role: string | null, sql: string): Promise<string> => {
      await admin.query('begin');
      try {
        await admin.query(`select set_config('app.current_organization', $1, true)`, [owner.organization.id]);
        if (role) await admin.query(`select set_config('role', $1, true)`, [role]);
        await admin.query(sql);
        return 'done';
      } catch (error) {
        return (error as { code: string }).code;
      } finally {
        await admin.query('rollback');
      }
    };
    const statements = [
      `update platform.audit_log set action = 'x'`,
      `update platform.audit_log set details = '{}'`,
      'delete from platform.audit_log',
      'truncate platform.audit_log',
      'truncate platform.organizations cascade',
    ];
    for (const role of [null, 'app_tenant', 'app_engine', 'app_identity'])
      for (const sql of statements) expect([role, sql, await attempt(role, sql)]).toEqual([role, sql, '42501']);
    await admin.end();
    expect(await entries(owner, '?action=conversation.close')).toHaveLength(1);
  });

  it('goes with its whole organization', async () => {
    const owner = await server.register('Padaria');
    await write(owner, 3);
    const gone = await server.call('DELETE', '/account', { as: owner, body: { password } });
    expect(gone.status).toBe(204);
    const admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    const { rows } = await admin.query('select 1 from platform.audit_log where organization_id = $1', [
      owner.organization.id,
    ]);
    await admin.end();
    expect(rows).toEqual([]);
  });
});
