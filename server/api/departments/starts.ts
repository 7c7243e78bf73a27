import type { Knex } from 'knex';
import { forSeveral, lastWords, writeLast, type LastWords } from '#db/beforeCommit.js';
import type { Database, Scope } from '#db/connect.js';
import { isRefusedData } from '#db/errors.js';
import { GroupCommit } from '#db/groupCommit.js';
import { lastly } from '#db/lastly.js';
import { writingRuns, type NewRun, type WrittenRun } from '#engine/worker/startRun.js';
import { audit, auditEach, type AuditActor, type AuditEntry } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import { ApiError } from '../../errors.js';
import { namedRaw, statementOf } from '../../sql.js';
import type { Session } from '../../plugins/authenticate.js';
import { liveVersion, type Runnable } from './liveVersion.js';

export interface RunStart {
  readonly id: string;
  /** Under whose rights: a caller's session, or all of an organization. */
  readonly scope: Scope;
  /** Whom the audit log names; nobody where an address that is a secret was called. */
  readonly caller: Session | null;
  readonly departmentId: string;
  /** What the run is, once the version that answers is known. What it throws is its own failure and nobody else's. */
  readonly runOn: (version: Runnable) => Pick<NewRun, 'triggerNode' | 'input' | 'priority'>;
}

export interface StartedRun extends Pick<NewRun, 'triggerNode' | 'input'> {
  readonly number: number;
  readonly createdAt: Date;
}

type StartDeps = Pick<AppDeps, 'db' | 'keyring'>;

type Result = { readonly started: StartedRun } | { readonly error: unknown };

/** Scopes that starts are gathered for. An idle one is only an entry here; past this many all are forgotten. */
const MOST_SCOPES = 1_000;
const known = new WeakMap<Database, Map<string, GroupCommit<AskedStart, Result>>>();

/** A start with what its own request wants written with it. */
interface AskedStart extends RunStart {
  readonly last: LastWords | undefined;
}

/**
 * Starts a run of a department's live version. Those of callers with the same rights that come together share a transaction: one look at each version, one
 * statement for all runs and one for what the audit log says of them. Durable when it resolves. Throws what `liveVersion` and `runOn` throw.
 */
export async function startLive(deps: StartDeps, start: RunStart): Promise<StartedRun> {
  const result = await commitsOf(deps, start.scope).add({ ...start, last: lastWords() });
  if ('error' in result) throw result.error;
  return result.started;
}

function commitsOf(deps: StartDeps, { organizationId, departments }: Scope): GroupCommit<AskedStart, Result> {
  const scopes = known.get(deps.db) ?? new Map<string, GroupCommit<AskedStart, Result>>();
  known.set(deps.db, scopes);
  const scope = `${organizationId} ${departments?.join() ?? ''}`;
  const commits =
    scopes.get(scope) ??
    new GroupCommit((starts: AskedStart[]) => forSeveral(() => startOrEach(deps, starts)), { maxRows: 200 });
  if (scopes.size >= MOST_SCOPES) scopes.clear();
  scopes.set(scope, commits);
  return commits;
}

/** One run's bad data must not stop the others: then each goes alone, and only the bad one is told. */
async function startOrEach(deps: StartDeps, starts: readonly AskedStart[]): Promise<Result[]> {
  try {
    return await startTogether(deps, starts);
  } catch (error) {
    if (starts.length === 1 || !isRefusedData(error)) throw error;
    const results: Result[] = [];
    for (const start of starts) {
      const [result] = await startTogether(deps, [start]).catch((reason: unknown): Result[] => [{ error: reason }]);
      if (result) results.push(result);
    }
    return results;
  }
}

async function startTogether({ db, keyring }: StartDeps, starts: readonly AskedStart[]): Promise<Result[]> {
  const [first] = starts;
  if (!first) return [];
  const { chosen, answer } = await db.withOrganization(first.scope, async (trx) => {
    const versions = new Map<string, Runnable | { readonly error: unknown }>();
    const chosen: (Begun | { readonly error: unknown })[] = [];
    for (const start of starts) {
      const { id, scope, departmentId, runOn } = start;
      const version = versions.get(departmentId) ?? (await liveVersion(trx, departmentId).catch(refusal));
      versions.set(departmentId, version);
      try {
        if ('error' in version) throw version.error;
        const { organizationId } = scope;
        const { versionId } = version;
        const run = { id, organizationId, departmentId, versionId, conversationId: null, ...runOn(version) };
        chosen.push({ start, run, version });
      } catch (error) {
        chosen.push({ error });
      }
    }
    const begun = chosen.filter((one) => 'run' in one);
    if (begun.length === 0) return { chosen, answer: null };
    const vault = await keyring.vault(statementOf(trx), first.scope.organizationId);
    const { text, values } = writingRuns(
      vault,
      begun.map(({ run }) => run),
    );
    const { answer } = await lastly(trx, namedRaw<WrittenRun>(trx, 'write-runs', text, values));
    await writeDown(trx, begun);
    await writeLast(
      trx,
      begun.map(({ start }) => start.last),
    );
    return { chosen, answer };
  });
  const times = new Map((await answer)?.rows.map(({ id, createdAt }) => [id, createdAt]));
  return chosen.map((one) => {
    if ('error' in one) return one;
    const { run, version } = one;
    const createdAt = times.get(run.id);
    if (!createdAt) return { error: new Error(`Run ${run.id} was refused`) };
    return { started: { number: version.number, createdAt, triggerNode: run.triggerNode, input: run.input } };
  });
}

/** A start and what came of it. */
interface Begun {
  readonly start: AskedStart;
  readonly run: NewRun;
  readonly version: Runnable;
}

/** A program may start hundreds a second, each on record as a run: one line an hour says that it was at it. */
async function writeDown(trx: Knex.Transaction, begun: readonly Begun[]): Promise<void> {
  const each: [AuditActor, AuditEntry][] = [];
  const programs = new Map<string, () => Promise<void>>();
  for (const { start, version } of begun) {
    const { id, caller, departmentId } = start;
    if (!caller) continue;
    const [action, details] = ['run.start' as const, { departmentId, version: version.number }];
    if (caller.apiKey) {
      const target = { type: 'department', id: departmentId, name: version.name };
      const say = () => audit(trx, caller, { action, target, quietMinutes: 60, details });
      programs.set(`${caller.apiKey.id} ${departmentId}`, say);
    } else each.push([caller, { action, target: { type: 'run', id, name: version.name }, details }]);
  }
  await auditEach(trx, each);
  for (const say of programs.values()) await say();
}

/** What this caller asked for is not there or not to be had. Anything else ends the transaction for all. */
function refusal(error: unknown): { readonly error: ApiError } {
  if (error instanceof ApiError) return { error };
  throw error;
}
