import { uuidv7 } from 'uuidv7';
import type { Knex } from 'knex';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { connect } from '#db/connect.js';
import { testDatabase } from '#tests/support/database.js';
import { departmentLinks, insert, isDepartmental, rowFor, seedOrganization, tablesOf } from '#tests/support/tables.js';

/** Tables without an organization of their own, and why. Any other must have `organization_id`. */
const platformTables: Readonly<Record<string, string>> = {
  users: 'one person may work in several organizations; only app_identity reads it',
  platform_keys: 'keys of the platform; only app_identity reads it',
  signing_keys: 'keys of the platform; only app_identity reads it',
  totp_secrets: 'of a person, who may work in several organizations; only app_identity reads it',
  recovery_codes: 'of a person, who may work in several organizations; only app_identity reads it',
  passkeys: 'of a person, who may work in several organizations; only app_identity reads it',
  workers: 'processes of the platform; only app_engine reads it',
  migrations: 'what has been applied; nobody but the migrator reads it',
};
/** Columns of the organization that may be empty, and why. */
const mayBeEmpty: Readonly<Record<string, string>> = {
  one_time_tokens: 'some are about a person alone; without one no tenant sees it',
  emails: 'some are about a person alone; without one no tenant sees it',
  inbound_events: 'stored before anyone looks whose it is; without one no tenant sees it',
};
/** Tables that an organization only writes, and why. */
const unreadable: Readonly<Record<string, string>> = {
  emails: 'a mail may hold a key to somebody’s account',
};
/** Tables that nobody sees who is limited to departments, not even of their own, and why. */
const hiddenFromLimited: Readonly<Record<string, string>> = {
  checkpoints: 'the state of a run as the engine keeps it; people read its steps',
  checkpoint_writes: 'the state of a run as the engine keeps it; people read its steps',
};
const roles = ['app_tenant', 'app_tenant_limited', 'app_engine', 'app_identity'];

const database = await testDatabase();
const admin = new pg.Client({ connectionString: database.url });
await admin.connect();
afterAll(async () => {
  await admin.end();
  await database.close();
});
const tables = await tablesOf(admin);
const [mine, theirs] = [uuidv7(), uuidv7()];
const seeded = {
  [mine]: await seedOrganization(admin, tables, mine),
  [theirs]: await seedOrganization(admin, tables, theirs),
};
const tenantTables = tables
  .filter(({ name }) => !(name in platformTables))
  .map((table) => ({ ...table, column: table.name === 'organizations' ? 'id' : 'organization_id' }));

async function rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
  return (await admin.query<Row>(sql, values)).rows;
}

/** Runs one statement as a role, and takes it back. @param organization the setting; undefined leaves it unset @param departments `{uuid,...}`, likewise */
async function as(
  role: string,
  organization: string | undefined,
  sql: string,
  values: unknown[] = [],
  departments?: string,
): Promise<{ rows?: Record<string, unknown>[]; code?: string }> {
  await admin.query('begin');
  try {
    if (departments !== undefined)
      await admin.query(`select set_config('app.current_departments', $1, true)`, [departments]);
    if (organization !== undefined)
      await admin.query(`select set_config('app.current_organization', $1, true)`, [organization]);
    await admin.query(`select set_config('role', $1, true)`, [role]);
    return { rows: (await admin.query<Record<string, unknown>>(sql, values)).rows };
  } catch (error) {
    return { code: (error as { code?: string }).code ?? String(error) };
  } finally {
    await admin.query('rollback');
  }
}

const refused = { code: '42501' };

describe('the schema', () => {
  it('has no table that is neither a tenant’s nor in the written list', () => {
    const without = tables.filter(
      ({ name, columns }) => name !== 'organizations' && !columns.some((column) => column.name === 'organization_id'),
    );
    expect(without.map(({ name }) => name).sort()).toEqual(Object.keys(platformTables).sort());
  });

  it('shows the tables of the platform to no tenant', async () => {
    for (const table of Object.keys(platformTables)) {
      for (const role of ['app_tenant', 'app_tenant_limited'])
        for (const privilege of ['select', 'insert', 'update', 'delete', 'truncate', 'references'])
          expect(
            await rows('select has_table_privilege($1, $2, $3) as has', [role, `platform.${table}`, privilege]),
          ).toEqual([{ has: false }]);
    }
  });

  it('grants nothing to everybody', async () => {
    const open = await rows(
      `select c.relname from pg_class c, aclexplode(c.relacl) a where c.relnamespace = 'platform'::regnamespace and a.grantee = 0`,
    );
    expect(open).toEqual([]);
  });

  it('has only views that ask as who looks, and no materialized ones', async () => {
    const views = await rows(
      `select relname, relkind, reloptions from pg_class where relnamespace = 'platform'::regnamespace
       and (relkind = 'm' or relkind = 'v' and not coalesce(reloptions, '{}') && array['security_invoker=true', 'security_invoker=on'])`,
    );
    expect(views).toEqual([]);
  });

  it('has no function that runs as its owner', async () => {
    const definers = await rows(
      `select p.proname from pg_proc p where p.prosecdef and p.pronamespace in (select oid from pg_namespace where nspname in ('platform', 'public', 'bullmq'))`,
    );
    expect(definers).toEqual([]);
  });
});

describe.each(roles)('the role %s', (role) => {
  it('has no power of its own', async () => {
    expect(
      await rows(
        'select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolcanlogin from pg_roles where rolname = $1',
        [role],
      ),
    ).toEqual([
      {
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolreplication: false,
        rolcanlogin: false,
      },
    ]);
  });

  it('owns nothing and is nobody else', async () => {
    expect(
      await rows(`select classid::regclass, objid from pg_shdepend where deptype = 'o' and refobjid = $1::regrole`, [
        role,
      ]),
    ).toEqual([]);
    // Whoever is limited to departments has all that holds for a tenant, and the limits besides.
    expect(
      await rows('select roleid::regrole::text as is from pg_auth_members where member = $1::regrole', [role]),
    ).toEqual(role === 'app_tenant_limited' ? [{ is: 'app_tenant' }] : []);
  });

  it('may create nothing in the schema', async () => {
    expect(await rows(`select has_schema_privilege($1, 'platform', 'create') as may`, [role])).toEqual([
      { may: false },
    ]);
  });
});

describe.each(tenantTables)('the table $name', (table) => {
  const { name, column } = table;
  const select = `select ${column} as organization from platform.${name}`;

  it('always says whose a row is', async () => {
    const [found] = await rows<{ required: boolean; type: string }>(
      `select attnotnull as required, format_type(atttypid, null) as type from pg_attribute where attrelid = $1::regclass and attname = $2`,
      [`platform.${name}`, column],
    );
    expect(found).toEqual({ required: !(name in mayBeEmpty), type: 'uuid' });
  });

  it('forces row-level security, with one permissive policy for tenants and none for everybody', async () => {
    expect(
      await rows('select relrowsecurity, relforcerowsecurity from pg_class where oid = $1::regclass', [
        `platform.${name}`,
      ]),
    ).toEqual([{ relrowsecurity: true, relforcerowsecurity: true }]);
    const policies = await rows<{ permissive: string; roles: string; cmd: string; qual: string; with_check: string }>(
      `select permissive, roles::text, cmd, qual, with_check from pg_policies where schemaname = 'platform' and tablename = $1`,
      [name],
    );
    // Restrictive policies only take away; `departments` does, of callers limited to some departments.
    const own = policies.filter((policy) => policy.roles === '{app_tenant}' && policy.permissive === 'PERMISSIVE');
    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({ permissive: 'PERMISSIVE', cmd: 'ALL', with_check: own[0]?.qual });
    expect(own[0]?.qual).toContain('app.current_organization');
    expect(policies.filter((policy) => !roles.some((role) => policy.roles === `{${role}}`))).toEqual([]);
    // One comparison is all that a caller pays who is not limited.
    expect(policies.filter(({ roles: to }) => to === '{app_tenant}')).toHaveLength(1);
    expect(
      policies.filter(({ roles: to, permissive }) => to === '{app_tenant_limited}' && permissive !== 'RESTRICTIVE'),
    ).toEqual([]);
  });

  it('shows an organization its own rows and no others', async () => {
    if (name in unreadable) return expect(await as('app_tenant', mine, select)).toEqual(refused);
    expect(await as('app_tenant', mine, select)).toEqual({ rows: [{ organization: mine }] });
    expect(await as('app_tenant', theirs, select)).toEqual({ rows: [{ organization: theirs }] });
  });

  it.each([
    ['unset', undefined],
    ['empty', ''],
    ['nobody’s', uuidv7()],
  ])('shows nothing when the organization is %s, and takes nothing', async (_case, organization) => {
    expect(await as('app_tenant', organization, select)).toEqual(name in unreadable ? refused : { rows: [] });
    expect(
      await as('app_tenant', organization, ...insert(table, rowFor(table, mine, seeded[mine] ?? new Map()))),
    ).toEqual(refused);
  });

  it('answers a bogus organization with an error', async () => {
    expect(await as('app_tenant', `x' or true --`, select)).toEqual({ code: '22P02' });
    expect(
      (await as('app_tenant', `x' or true --`, ...insert(table, rowFor(table, mine, seeded[mine] ?? new Map())))).code,
    ).toMatch(/22P02|42501/);
  });

  it('takes no row for another organization, nor gives one away', async () => {
    expect(await as('app_tenant', mine, ...insert(table, rowFor(table, theirs, seeded[theirs] ?? new Map())))).toEqual(
      refused,
    );
    expect(await as('app_tenant', mine, `update platform.${name} set ${column} = $1`, [theirs])).toEqual(refused);
  });

  it('changes no row of another organization', async () => {
    const updated = await as(
      'app_tenant',
      mine,
      `update platform.${name} set ${column} = ${column} returning ${column} as organization`,
    );
    expect([{ rows: [{ organization: mine }] }, refused]).toContainEqual(updated);
    const deleted = await as('app_tenant', mine, `delete from platform.${name} returning ${column} as organization`);
    expect([{ rows: [{ organization: mine }] }, refused, { code: '23503' }]).toContainEqual(deleted);
  });
});

describe.each(tenantTables.filter((table) => isDepartmental(table) || table.name in hiddenFromLimited))(
  'the table $name, by departments',
  (table) => {
    const { name, column } = table;
    const own = String(seeded[mine]?.get('departments')?.['id']);
    const other = uuidv7();
    const select = `select ${column} as organization from platform.${name}`;
    const seen = { rows: [{ organization: mine }] };
    const limited = (departments: string, sql: string, values: unknown[] = []) =>
      as('app_tenant_limited', mine, sql, values, departments);

    it('shows nothing of a department to whoever is limited to others, or to none', async () => {
      expect(await as('app_tenant_limited', mine, select)).toEqual({ rows: [] });
      for (const departments of [`{${other}}`, '{}', '', `{${other},${uuidv7()}}`])
        expect([departments, await limited(departments, select)]).toEqual([departments, { rows: [] }]);
    });

    it('shows it to whoever is not limited, and to whoever is limited to it', async () => {
      expect(await as('app_tenant', mine, select)).toEqual(seen);
      const departments = [`{${own}}`, `{${other},${own}}`];
      for (const each of departments)
        expect(await limited(each, select)).toEqual(name in hiddenFromLimited ? { rows: [] } : seen);
      expect(await as('app_tenant_limited', theirs, select, [], `{${own}}`)).toEqual({ rows: [] });
    });

    it('answers a bogus limit with an error', async () => {
      const answer = await limited(`{x' or true --}`, select);
      expect(answer).toEqual(name in hiddenFromLimited ? { rows: [] } : { code: '22P02' });
    });

    it('takes nothing for another department, changes nothing of it and gives nothing away', async () => {
      const row = rowFor(table, mine, seeded[mine] ?? new Map());
      expect(await limited(`{${other}}`, ...insert(table, row))).toEqual(refused);
      const nothing = [{ rows: [] }, refused];
      expect(nothing).toContainEqual(
        await limited(`{${other}}`, `update platform.${name} set ${column} = ${column} returning 1`),
      );
      expect(nothing).toContainEqual(await limited(`{${other}}`, `delete from platform.${name} returning 1`));
      const link = table.columns.find(({ name: link, type }) => type === 'uuid' && link in departmentLinks);
      if (!link || name in hiddenFromLimited) return;
      const away = await limited(`{${own}}`, `update platform.${name} set ${link.name} = $1`, [other]);
      expect(away).toEqual(refused);
    });
  },
);

/** Scorecard 37 asks for 50,000: `POOL_TRANSACTIONS=50000`. */
const TRANSACTIONS = Number(process.env['POOL_TRANSACTIONS'] ?? 600);

describe('five connections that 200 organizations share', () => {
  it('show each its own rows alone, whatever became of the transactions before', { timeout: 600_000 }, async () => {
    const organizations = Array.from({ length: 200 }, () => uuidv7());
    await admin.query(
      `insert into platform.organizations (id, name, slug, locale) select id, 'x', id::text, 'en' from unnest($1::uuid[]) id`,
      [organizations],
    );
    const db = connect(database.url, { max: 5 });
    const onServer = process.env['TEST_SERVICES'] === '1';
    const ends: readonly ((trx: Knex.Transaction) => PromiseLike<unknown>)[] = [
      async () => 'commits',
      () => Promise.reject(new Error('the handler threw')),
      (trx) => trx.raw('select 1 / 0'),
      (trx) => trx.raw('select pg_cancel_backend(pg_backend_pid()), pg_sleep(0)'),
      // On the embedded database this would stop everybody else's, too.
      ...(onServer
        ? [
            (trx: Knex.Transaction) => trx.raw(`set local statement_timeout = '2ms'; select pg_sleep(1)`),
            (trx: Knex.Transaction) => trx.raw('select pg_terminate_backend(pg_backend_pid())'),
          ]
        : []),
    ];
    const seen = { right: 0, wrong: [] as unknown[], aborted: 0 };
    const one = async (at: number): Promise<void> => {
      const own = organizations[at % organizations.length] ?? '';
      const other = organizations[(at * 7 + 1) % organizations.length] ?? '';
      await db
        .withOrganization(own, async (trx) => {
          const { rows: read } = await trx.raw('select id from platform.organizations');
          const { rowCount } = await trx.raw('update platform.organizations set name = ? where id <> ?', [
            'stolen',
            own,
          ]);
          const found = await trx.raw('select 1 from platform.organizations where id = ?', [
            other === own ? mine : other,
          ]);
          if (read.length === 1 && read[0].id === own && rowCount === 0 && found.rows.length === 0) seen.right += 1;
          else seen.wrong.push({ own, read, rowCount });
          await ends[((at * 13) % 17) % ends.length]?.(trx);
        })
        .catch(() => (seen.aborted += 1));
    };
    try {
      const lanes = Array.from({ length: 25 }, async (_, lane) => {
        for (let at = lane; at < TRANSACTIONS; at += 25) await one(at);
      });
      await Promise.all(lanes);
      expect(seen.wrong).toEqual([]);
      expect(seen.aborted).toBeGreaterThan(TRANSACTIONS / 4);
      expect(seen.right).toBe(TRANSACTIONS);
      // Every connection of the pool at once: nothing of an organization is left on any.
      const left = await Promise.all(
        Array.from({ length: 5 }, () =>
          db.withIdentity((trx) =>
            trx.raw(`select coalesce(current_setting('app.current_organization', true), '') as it`),
          ),
        ),
      );
      expect(left.map(({ rows: [row] }) => row.it)).toEqual(['', '', '', '', '']);
      console.log(
        `pool: ${TRANSACTIONS} transactions of 200 organizations over 5 connections, ${seen.aborted} aborted, 0 rows of another`,
      );
    } finally {
      await db.close();
    }
  });
});
