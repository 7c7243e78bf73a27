import knexFactory, { type Knex } from 'knex';
import { knexSnakeCaseMappers } from 'objection';
import pg, { type QueryConfig } from 'pg';
import { beforeCommit } from './beforeCommit.js';
import { isDeadlock, OrganizationGone } from './errors.js';
import { between } from './failpoint.js';
import { GatheringSocket } from './gatheringSocket.js';
import { hearingAll } from './lastly.js';
import { PipelinedClient, type BeginsWith } from './pipelinedClient.js';

/** Whose rows are seen: an organization's, and of those only what belongs to these departments; `null`: all. A caller's session is one. */
export interface Scope {
  readonly organizationId: string;
  readonly departments: readonly string[] | null;
}

/** All of an organization, for work that no caller asked for. */
export const wholeOf = (organizationId: string): Scope => ({ organizationId, departments: null });

export interface Database {
  /** Sees the rows of this scope and no others. The only way to a tenant's table from a request. Throws `OrganizationGone` when that was deleted meanwhile. */
  withOrganization<T>(scope: Scope | string, fn: (trx: Knex.Transaction) => PromiseLike<T>): Promise<T>;
  /** Runs as `app_identity`: who is who, before an organization is known. `fn` is called again when PostgreSQL ended a deadlock by it. */
  withIdentity<T>(fn: (trx: Knex.Transaction) => PromiseLike<T>): Promise<T>;
  /** Connections that run as `app_engine`, across organizations, with `search_path` platform. */
  readonly engine: pg.Pool;
  readonly url: string;
  /** @throws when the database does not answer; `isUnavailable` (errors.ts) tells why. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** How long a caller waits for a connection before it is told that the database is away. */
const acquireMs = 10_000;

/**
 * How long one statement may go unanswered. A database that keeps its connections and says nothing, behind a network that drops packets or on a disk
 * that hangs, would hold everybody for ever: this is longer than anything that is asked here takes.
 */
const ANSWER_MS = 30_000;
/** Engine connections that are kept while nothing happens. */
const KEPT = 4;
/** The other side of an idle connection is asked whether it is still there, and a query that nobody will answer ends. */
const keepAlive = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const;

/**
 * Opens the pools; connects on first use, and again by itself after the database has been away.
 * @param options.max connections of each of the two pools
 * @param options.answerMs how long one statement may go unanswered, in milliseconds; then it fails as `isUnavailable`
 */
export function connect(url: string, options: { max?: number; answerMs?: number } = {}): Database {
  const { max = 10, answerMs = ANSWER_MS } = options;
  const common = {
    connectionString: url,
    connectionTimeoutMillis: acquireMs,
    query_timeout: answerMs,
    // Whoever holds a connection may ask several things in one go (see `lastly`, and `transact` of the worker), which then travel together.
    pipeline: true,
    stream: () => new GatheringSocket(),
    ...keepAlive,
  };
  const knex = knexFactory({
    client: PipelinedClient,
    connection: { ...common, application_name: 'ai-departments' },
    // What it would print, callers get as errors, and say in a log of their own.
    log: { warn() {}, error() {}, deprecate() {}, debug() {} },
    // Column names in queries may be written as the models have them; what raw SQL answers is left alone.
    wrapIdentifier: knexSnakeCaseMappers().wrapIdentifier,
    pool: {
      min: 0,
      max,
      acquireTimeoutMillis: acquireMs,
      propagateCreateError: true,
    },
  });
  const engine = new pg.Pool({
    ...common,
    application_name: 'ai-departments-engine',
    // A prepared statement keeps its plan until the next ANALYZE, so one that is planned while a table is empty, and would read it from end to end, would go on
    // doing so when it is full. What is left to read whole (a sweep) costs so much on paper then that it would be compiled first.
    // Of a statement that takes arrays the planner believes that a plan for these very values is better, and makes it anew each time: see 0077.
    options:
      '-c role=app_engine -c search_path=platform,public -c enable_seqscan=off -c jit=off -c plan_cache_mode=force_generic_plan',
    max,
    // As many as one answer needs at once stay open, with what they have planned: to open and plan anew would make whoever writes to a quiet house wait several times as long.
    min: Math.min(KEPT, max),
  });
  // The pool drops a connection that broke while idle; the next query opens another.
  engine.on('error', () => {});
  engine.on('connect', (client) => client.on('error', () => {}));

  /** `first` says who it is, and whose rows it sees. */
  const transact = <T>(first: QueryConfig, fn: (trx: Knex.Transaction) => PromiseLike<T>): Promise<T> => {
    const beginsWith: BeginsWith = { first };
    return hearingAll((within) =>
      knex.transaction(async (trx) => {
        within(trx);
        const result = await fn(trx);
        await beforeCommit(trx);
        return result;
      }, beginsWith),
    );
  };

  const withIdentity: Database['withIdentity'] = (fn) => untangled(() => transact(asIdentity, fn));

  /** Of a tenant's write and the deletion of its organization, which wait for each other, one gives way. Whether it was that is known when the other is done. */
  const unlessGone = async <T>(organizationId: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!isDeadlock(error)) throw error;
      const { rows } = await withIdentity((trx) =>
        trx.raw<{ rows: unknown[] }>('select 1 from platform.organizations where id = ? for key share', [
          organizationId,
        ]),
      );
      throw rows.length === 0 ? new OrganizationGone({ cause: error }) : error;
    }
  };

  return {
    withOrganization(given, fn) {
      const scope = typeof given === 'string' ? wholeOf(given) : given;
      return unlessGone(scope.organizationId, () =>
        between('tenant.commit.before', () => transact(into(scope), fn), 'tenant.commit.after'),
      );
    },
    withIdentity,
    engine,
    url,
    async ping() {
      await engine.query('select 1');
    },
    async close() {
      await Promise.all([knex.destroy(), engine.end()]);
    },
  };
}

const asIdentity: QueryConfig = { name: 'as-identity', text: `select set_config('role', 'app_identity', true)` };

/**
 * The one place where a tenant's role is chosen: whoever has departments gets the role that sees nothing but them, whoever has `null` the one whose
 * queries do not ask for any.
 */
function into({ organizationId, departments }: Scope): QueryConfig {
  if (departments === null) {
    const text = `select set_config('role', 'app_tenant', true), set_config('app.current_organization', $1, true)`;
    return { name: 'into-organization', text, values: [organizationId] };
  }
  const text = `select set_config('role', 'app_tenant_limited', true), set_config('app.current_organization', $1, true), set_config('app.current_departments', $2, true)`;
  return { name: 'into-departments', text, values: [organizationId, `{${departments.join()}}`] };
}

/** From here to its end a transaction that began as somebody else sees this scope. */
export async function stepInto(trx: Knex.Transaction, scope: Scope): Promise<void> {
  const { text, values = [] } = into(scope);
  await trx.raw(text.replace(/\$\d/g, '?'), values);
}

/** Tries of a transaction that PostgreSQL ended because it and others waited for each other. */
const TRIES = 4;

/**
 * Everything that happens to a person at once meets in the same few rows. Of transactions that wait for each other in a circle PostgreSQL ends one
 * (40P01), and nothing of it is left: done again, it finds the others gone.
 */
async function untangled<T>(transact: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await transact();
    } catch (error) {
      if (tries === TRIES || !isDeadlock(error)) throw error;
    }
  }
}
