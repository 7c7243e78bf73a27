import { Organization } from '#db/models/organization.js';
import { applyChanges, idsLikeTypes } from '#engine/graph/changes/apply.js';
import { proposedChanges, type ProposedChanges } from '#engine/graph/changes/change.js';
import type { Definition, NodeDefinition, Problem } from '#engine/graph/definition.js';
import { diff } from '#engine/graph/diff.js';
import type { Known } from '#engine/graph/rules/rule.js';
import { validate } from '#engine/graph/validate.js';
import type { ChatMessage, Models } from '#nodes/sdk/context.js';
import { NodeError } from '#nodes/sdk/errors.js';
import type { Locale } from '#nodes/sdk/text.js';
import { audit } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import { ApiError, found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { detailsOf, InputRefused } from '../../plugins/validation.js';
import { findDepartment } from '../departments/find.js';
import { knownOf } from '../departments/known.js';
import { ask, graphOf } from './ask.js';
import type { ProposalCreate, ProposalView } from './schemas.js';

type Deps = Pick<AppDeps, 'db' | 'drafts' | 'nodeTypes' | 'models' | 'modelCatalogue'>;

/** Longest that a proposal may take, both tries together, milliseconds. */
const PATIENCE_MS = 60_000;

/**
 * What a model would change in the draft so that it does what was asked: judged by the compiler, repaired once, and never stored. Throws
 * `not_found`; `invalid_definition` for a draft that is out of shape; `proposal_refused` with the reasons; and what a model that cannot answer comes to.
 */
export async function propose(
  deps: Deps,
  session: Session,
  id: string,
  { request }: ProposalCreate,
  locale: Locale,
): Promise<ProposalView> {
  const { organizationId } = session;
  await deps.db.withOrganization(session, (trx) => findDepartment(trx, id));
  const draft = await deps.drafts.read(id);
  const { known, organization } = await deps.db.withOrganization(session, async (trx) => {
    const department = await findDepartment(trx, id);
    await audit(trx, session, {
      action: 'department.propose',
      target: { type: 'department', id, name: department.name },
    });
    return {
      known: await knownOf(deps, trx),
      organization: found(await Organization.query(trx).findById(organizationId)),
    };
  });
  const { definition: base, problems } = validate(draft, deps.nodeTypes, { locale, known });
  if (!base) throw new ApiError('invalid_definition', { problems });
  const models = deps.models({
    organizationId,
    keys: organization.modelKeys,
    capped: organization.dailyBudgetCents !== null,
    locale,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const judge = judgeOf(base, problems, known, deps, locale);
  const answered = await withModel(() => proposal(models, base, request, judge, deps, locale));
  return {
    summary: answered.summary,
    base,
    proposed: answered.definition,
    diff: diff(base, answered.definition),
    problems: answered.toFill,
    sandbox: models.sandbox,
    costMicros: answered.costMicros,
  };
}

interface Judged {
  readonly definition: Definition;
  /** Settings that are left empty: for whoever accepts it to fill in. */
  readonly toFill: readonly Problem[];
  /** Why it cannot be accepted. */
  readonly reasons: readonly string[];
  /** Those of them that the compiler found. */
  readonly wrong: readonly Problem[];
}
type Judge = (answer: ProposedChanges) => Judged;

/** What the changes come to, and which problems they bring that were not there before. */
function judgeOf(
  base: Definition,
  before: readonly Problem[],
  there: Known,
  { nodeTypes }: Pick<Deps, 'nodeTypes'>,
  locale: Locale,
): Judge {
  const keyOf = ({ code, nodeId, edgeId, path }: Problem): string => JSON.stringify([code, nodeId, edgeId, path]);
  const known = new Set(before.map(keyOf));
  return ({ changes }) => {
    const { definition, refusals } = applyChanges(base, changes, nodeTypes, idsLikeTypes(Math.random));
    const { problems } = validate(definition, nodeTypes, { locale, known: there });
    const fresh = problems.filter((problem) => problem.severity === 'error' && !known.has(keyOf(problem)));
    const toFill = fresh.filter(({ code }) => code === 'config.required');
    const wrong = fresh.filter(({ code }) => code !== 'config.required');
    const titleOf = ({ type, title }: NodeDefinition): string =>
      title || (nodeTypes.find((each) => each.type === type)?.title[locale] ?? type);
    // Of which step it is said: what reads a step that goes is not the one that was asked about.
    const about = ({ code, nodeId, message }: Problem): string => {
      const node = definition.nodes.find(({ id }) => id === nodeId);
      const title = node && titleOf(node);
      // What went has a title no longer, but for who asked it is the only name it ever had.
      const named = code === 'expression.step_unknown' ? /"([^"]+)"/.exec(message)?.[1] : undefined;
      const gone = base.nodes.find(({ id }) => id === named);
      if (title && gone) return readsGone[locale](title, titleOf(gone), gone.id);
      return title && !message.includes(`"${title}`) ? `"${title}": ${message}` : message;
    };
    const reasons = [...new Set([...refusals.map((text) => text[locale]), ...wrong.map(about)])];
    const { nodes, edges } = diff(base, definition);
    const same =
      refusals.length === 0 &&
      [nodes.added, nodes.removed, nodes.changed, edges.added, edges.removed].every((each) => each.length === 0);
    return { definition, toFill, wrong, reasons: same ? [nothingChanges[locale]] : reasons };
  };
}

const readsGone = {
  'pt-BR': (reader: string, gone: string, id: string) =>
    `"${reader}" usa o que "${gone}" devolve (steps.${id}). Mude antes o que "${reader}" lê, ou peça pra tirar os dois.`,
  en: (reader: string, gone: string, id: string) =>
    `"${reader}" uses what "${gone}" returns (steps.${id}). Change what "${reader}" reads first, or ask to remove both.`,
} as const;
const nothingChanges = {
  'pt-BR': 'A proposta não muda nada.',
  en: 'The proposal changes nothing.',
} as const;

/** Asks, and once more with what was wrong. Throws `proposal_refused`. */
async function proposal(
  models: Models,
  base: Definition,
  request: string,
  judge: Judge,
  { nodeTypes }: Pick<Deps, 'nodeTypes'>,
  locale: Locale,
): Promise<Judged & { readonly summary: string; readonly costMicros: number }> {
  const graph = graphOf(base, nodeTypes, locale);
  const messages: ChatMessage[] = [{ role: 'user', content: request }];
  let costMicros = 0;
  let reasons: readonly string[] = [];
  let wrong: readonly Problem[] = [];
  for (let round = 0; round < 2; round += 1) {
    const result = await ask(models, graph, messages, locale);
    costMicros += result.usage.costMicros;
    const read = proposedChanges.safeParse(result.output, { reportInput: true });
    if (!read.success) {
      reasons = detailsOf(new InputRefused(read.error.issues), locale)
        .map(({ path, message }) => `${path}: ${message}`)
        .slice(0, 10);
    } else {
      const { cannot } = read.data;
      if (cannot !== null && cannot.trim() !== '') throw refusal([cannot.trim()]);
      const judged = judge(read.data);
      // What is only left to fill in a model is asked for once; whoever accepts it can do the rest.
      const last = round === 1 || models.sandbox;
      if (judged.reasons.length === 0 && (last || judged.toFill.length === 0))
        return { ...judged, summary: read.data.summary, costMicros };
      reasons = [...judged.reasons, ...judged.toFill.map(({ message }) => message)];
      ({ wrong } = judged);
    }
    // The sandbox says the same again.
    if (models.sandbox) break;
    messages.push(
      { role: 'assistant', content: JSON.stringify(result.output) },
      {
        role: 'user',
        content: `These changes cannot be accepted:\n${reasons.slice(0, 20).join('\n')}\nAnswer again with all changes, made so that none of this is wrong.`,
      },
    );
  }
  throw refusal(reasons, wrong);
}

const refusal = (reasons: readonly string[], problems: readonly Problem[] = []): ApiError =>
  new ApiError('proposal_refused', {
    problems,
    details: reasons.slice(0, 20).map((message) => ({ path: 'request', message: message.slice(0, 1_000) })),
  });

/** What a model that cannot answer means for the caller. */
async function withModel<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    const details = [{ path: 'request', message: error.message }];
    switch (error.code) {
      case 'budget_spent':
      case 'model_key_missing':
        throw new ApiError('model_not_allowed', { details, cause: error });
      case 'model_refused':
      case 'model_bad_output':
        throw new ApiError('proposal_refused', { details, problems: [], cause: error });
      default:
        throw new ApiError('model_unavailable', { details, cause: error });
    }
  }
}
