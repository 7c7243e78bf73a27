import type { Knex } from 'knex';
import { z } from 'zod';
import { joinPayload, openStep, storedStep, type StoredStep } from '#db/sealing/runRecords.js';
import { readPacks } from '#db/sealing/stepPacks.js';
import type { Vault } from '#db/sealing/vault.js';
import type { NodeDefinition } from '#engine/graph/definition.js';
import { isSettled, nodeAt, recalledBy, type Fork, type RecordedStep } from '#engine/graph/fork.js';
import { outputsOf } from '#engine/graph/ports.js';
import { nodeTypes } from '#nodes/registry.js';
import type { Json } from '#nodes/sdk/json.js';
import type { NodeType } from '#nodes/sdk/node.js';
import type { Locale, Text } from '#nodes/sdk/text.js';
import { audit } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import { ApiError, found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { detailsOf, InputRefused } from '../../plugins/validation.js';
import { queryOf, statementOf } from '../../sql.js';
import { settleDraft, sourceRun, startBranch, takeAnswers, targetOf, type SourceRun } from './branch.js';
import { announce } from './control.js';
import { leavesBy, settledPins } from './pins.js';
import { stepError, type ForkBody, type RunView } from './schemas.js';
import { readRun } from './service.js';

type Deps = Pick<AppDeps, 'db' | 'keyring' | 'admission' | 'bus' | 'drafts' | 'nodeTypes' | 'modelCatalogue'>;

interface Step extends RecordedStep {
  readonly attempt: number;
}

/**
 * A new run that branches off a step of another: it recalls every step outside the changed cone and executes the rest. Throws `bad_input`
 * with the path of each fault, `run_under_way`, `effect_open`, and what `startBranch` and `targetOf` throw.
 */
export async function fork(deps: Deps, session: Session, id: string, body: ForkBody, locale: Locale): Promise<RunView> {
  const { organizationId } = session;
  const { effects, version } = body;
  await settleDraft(deps, session, id, version);
  const run = await deps.db.withOrganization(session, async (trx) => {
    const vault = await deps.keyring.vault(statementOf(trx), organizationId);
    const source = await sourceRun(trx, vault, id);
    const target = await targetOf(deps, trx, source, version, locale);
    const steps = await stepsOf(trx, id);
    const step = stepNamed(body.fromStep, steps, locale);
    const node = nodeAt(target.definition, step.path);
    const type = node && nodeTypes.get(node.type);
    if (!node || !type) throw new ApiError('step_missing', { field: 'fromStep' });
    const edited = editOf(body, source, step, node, type, locale);
    const made: Fork = {
      before: source.definition,
      after: target.definition,
      kindOf: (one) => nodeTypes.get(one.type)?.kind,
      steps,
      from: step.path,
      replaced: edited.output !== undefined,
      undone: await undoneIn(trx, id),
      acted: await actedIn(trx, id),
    };
    const recalled = recalledBy(made);
    if (effects === 'perform' && doesOpenAgain(made, await openIn(trx, id))) throw new ApiError('effect_open');
    const newId = await startBranch(trx, vault, source, {
      target,
      effects,
      input: edited.trigger === undefined ? source.input : edited.trigger,
      at: {
        path: step.path,
        edit: body.state === undefined ? null : edited.output ? 'output' : 'input',
        ...(edited.input !== undefined && { input: edited.input }),
      },
      pins: body.pins ? settledPins(target.definition, body.pins, locale) : null,
    });
    await recall(trx, source, newId, recalled);
    if (edited.output) await putOutcome(trx, vault, source, newId, step, edited.output);
    if (effects === 'rehearse') await takeAnswers(trx, source, newId);
    await audit(trx, session, {
      action: 'run.fork',
      target: { type: 'run', id: newId },
      details: {
        from: id,
        step: step.path,
        edit: body.state === undefined ? null : body.edit,
        version: target.number,
        effects,
      },
    });
    return readRun(trx, vault, newId);
  });
  deps.admission.wake(organizationId);
  announce(deps, organizationId, run);
  return run;
}

const refused = (path: string, message: Text, locale: Locale): ApiError =>
  new ApiError('bad_input', { details: [{ path, message: message[locale] }] });

/** The latest try at each path; what undid others is no part of what went on. */
const stepsOf = (trx: Knex.Transaction, id: string): Promise<Step[]> =>
  queryOf(trx)<Step>(
    `select distinct on (path) path, node_id as "nodeId", status, port, attempt from platform.run_steps
     where run_id = $1 and compensates is null order by path, attempt desc`,
    [id],
  );

/** Steps that were undone. What could not be, or of which nobody knows it, stands: a fork that did it again would do it twice. */
async function undoneIn(trx: Knex.Transaction, id: string): Promise<ReadonlySet<string>> {
  const rows = await queryOf(trx)<{ path: string }>(
    `select distinct s.compensates as path from platform.run_steps s join platform.runs r on r.id = s.run_id
     where s.run_id = $1 and s.compensates is not null and not coalesce(r.error -> 'notUndone' @> to_jsonb(s.path), false)`,
    [id],
  );
  return new Set(rows.map((row) => row.path));
}

/** Steps that did something outside, or may have: in the run, or, where it recalled them, in one that it comes from. */
async function actedIn(trx: Knex.Transaction, id: string): Promise<ReadonlySet<string>> {
  const rows = await queryOf(trx)<{ path: string }>(
    `with recursive line as (
       select id, parent_run_id from platform.runs where id = $1
       union all select r.id, r.parent_run_id from platform.runs r join line on r.id = line.parent_run_id)
     select distinct split_part(e.key, ':', 1) as path from line join platform.effects e on e.run_id = line.id
     where e.state <> 'not_done' and (e.run_id = $1
       or exists (select 1 from platform.run_steps s where s.run_id = $1 and s.path = split_part(e.key, ':', 1) and s.recalled))`,
    [id],
  );
  return new Set(rows.map((row) => row.path));
}

/** Steps without an outcome of which nobody knows whether they happened outside. */
async function openIn(trx: Knex.Transaction, id: string): Promise<ReadonlySet<string>> {
  const rows = await queryOf(trx)<{ path: string }>(
    `select distinct split_part(key, ':', 1) as path from platform.effects where run_id = $1 and state in ('intended', 'uncertain')`,
    [id],
  );
  return new Set(rows.map((row) => row.path));
}

/** Whether the fork would do one of these although nobody asked for it: had it an outcome, it would be recalled. */
function doesOpenAgain(fork: Fork, open: ReadonlySet<string>): boolean {
  const inDoubt = (step: RecordedStep): boolean => open.has(step.path) && !isSettled(step);
  if (!fork.steps.some(inDoubt)) return false;
  const steps = fork.steps.map((step) => (inDoubt(step) ? { ...step, port: '' } : step));
  const stands = recalledBy({ ...fork, steps });
  return fork.steps.some((step) => inDoubt(step) && stands.has(step.path));
}

/** By its path, or by its node where only one path has it. */
function stepNamed(name: string, steps: readonly Step[], locale: Locale): Step {
  const reached = steps.filter((step) => step.status !== 'skipped');
  const exact = reached.find((step) => step.path === name);
  if (exact) return exact;
  const [only, ...others] = reached.filter((step) => step.nodeId === name);
  if (only && others.length === 0) return only;
  if (!only) throw new ApiError('step_not_reached', { field: 'fromStep' });
  const paths = [only, ...others].slice(0, 5).map(({ path }) => path);
  const message = {
    'pt-BR': `esse passo rodou mais de uma vez: diga qual, ${paths.join(', ')}`,
    en: `this step ran more than once: say which, ${paths.join(', ')}`,
  };
  throw refused('fromStep', message, locale);
}

interface Edit {
  /** The outcome of the step, instead of executing it. */
  readonly output?: { readonly port: string; readonly value: Json };
  /** What the step is given. */
  readonly input?: Json;
  /** What starts the new run: a trigger passes on what it was given. */
  readonly trigger?: Json;
}

function editOf(
  { state, edit, port }: ForkBody,
  source: SourceRun,
  step: Step,
  node: NodeDefinition,
  type: NodeType,
  locale: Locale,
): Edit {
  if (port !== undefined && (state === undefined || edit === 'input'))
    throw refused('port', { 'pt-BR': 'só uma saída sai por uma porta', en: 'only an output leaves by a port' }, locale);
  if (state === undefined) {
    // What somebody gave this step by hand it is given again.
    const again = source.givenInput && source.forkedPath === step.path;
    return again ? { input: source.forkedInput } : {};
  }
  if (type.kind === 'trigger') {
    checkAgainst(type.outputs[0]?.schema, state, locale);
    return { trigger: state };
  }
  if (edit === 'input') return { input: state };
  const ways = outputsOf(type, node.config, node.onError);
  const taken = port ?? step.port;
  const way = taken === null ? ways[0] : ways.find(({ name }) => name === taken);
  if (!way) throw refused('port', leavesBy(ways), locale);
  // `continue` leaves by the first port with what went wrong.
  const isError = !(way.schema instanceof z.ZodType);
  if (!(node.onError === 'continue' && isErrorValue(state)))
    checkAgainst(isError ? stepError : way.schema, state, locale);
  return { output: { port: way.name, value: state } };
}

const isErrorValue = (state: Json): boolean => z.strictObject({ error: stepError }).safeParse(state).success;

function checkAgainst(schema: unknown, state: Json, locale: Locale): void {
  if (!(schema instanceof z.ZodType)) return;
  const checked = schema.safeParse(state, { reportInput: true });
  if (checked.success) return;
  throw new ApiError('bad_input', {
    details: detailsOf(new InputRefused(checked.error.issues), locale).map((detail) => ({
      ...detail,
      path: ['state', detail.path].filter(Boolean).join('.'),
    })),
  });
}

/** Takes over what the source has of these paths. What they cost was spent there. */
async function recall(
  trx: Knex.Transaction,
  source: SourceRun,
  runId: string,
  paths: ReadonlySet<string>,
): Promise<void> {
  if (paths.size === 0) return;
  await queryOf(trx)(
    `insert into platform.run_steps (run_id, organization_id, path, attempt, node_id, status, port, ${storedStep}, error, whole, started_at,
       duration_ms, finished_at, model, recalled)
     select $2, organization_id, path, attempt, node_id, status, port, ${storedStep}, error, whole, started_at, duration_ms, finished_at, model, true
     from (select distinct on (path) * from platform.run_steps where run_id = $1 and path = any(cast($3 as text[])) order by path, attempt desc) s`,
    [source.id, runId, [...paths]],
  );
  await queryOf(trx)(
    `insert into platform.step_packs (run_id, id, organization_id, data) select $2, id, organization_id, data from platform.step_packs
     where run_id = $1 and id in (select pack from platform.run_steps where run_id = $2)`,
    [source.id, runId],
  );
}

async function putOutcome(
  trx: Knex.Transaction,
  vault: Vault,
  source: SourceRun,
  runId: string,
  step: Step,
  { port, value }: NonNullable<Edit['output']>,
): Promise<void> {
  const query = queryOf(trx);
  const [stored] = await query<StoredStep>(
    `select ${storedStep} from platform.run_steps where run_id = $1 and path = $2 and attempt = $3`,
    [source.id, step.path, step.attempt],
  );
  const known = found(stored);
  const { input } = openStep(vault, await readPacks(statementOf(trx), vault, source.id, [known]), known);
  await query(
    `insert into platform.run_steps (run_id, organization_id, path, attempt, node_id, status, port, payload, started_at, duration_ms, finished_at, recalled)
     select $2, organization_id, path, attempt, node_id, 'succeeded', $5, $6, clock_timestamp(), 0, clock_timestamp(), true
     from platform.run_steps where run_id = $1 and path = $3 and attempt = $4`,
    [
      source.id,
      runId,
      step.path,
      step.attempt,
      port,
      vault.seal(joinPayload(input, Buffer.from(JSON.stringify(value)))),
    ],
  );
}
