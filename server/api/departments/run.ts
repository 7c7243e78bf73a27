import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import { sealEach } from '#db/sealing/runRecords.js';
import { storableJson } from '#db/text.js';
import { queryOf, statementOf } from '../../sql.js';
import type { Definition, NodeDefinition } from '#engine/graph/definition.js';
import type { Settled } from '#engine/graph/levels.js';
import { priorityOf } from '#engine/worker/catalog.js';
import { startRun } from '#engine/worker/startRun.js';
import type { Json } from '#nodes/sdk/json.js';
import type { Locale } from '#nodes/sdk/text.js';
import { messageKinds } from '#nodes/sdk/triggerInput.js';
import { audit } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import { ApiError } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { detailsOf, InputRefused } from '../../plugins/validation.js';
import { FIRST_OF_ITS_LINE, presentRun } from '../runs/present.js';
import { settledPins } from '../runs/pins.js';
import type { RunView } from '../runs/schemas.js';
import type { Runnable } from './liveVersion.js';
import type { RunCreate } from './schemas.js';
import { startLive, type RunStart, type StartedRun } from './starts.js';
import { findDepartment } from './find.js';
import type { DepartmentDeps } from './service.js';
import { tryDraft } from './tryDraft.js';

/** A message written by hand: whoever only wants to try may leave everything but the text to us. */
const handWrittenMessage = z.object({
  text: z.string(),
  kind: z.enum(messageKinds).default('text'),
  buttonId: z.string().optional(),
  contact: z.object({ id: z.string(), name: z.string().nullable() }).default(() => ({ id: uuidv7(), name: null })),
  conversation: z.object({ id: z.string() }).default(() => ({ id: uuidv7() })),
  message: z.object({ id: z.string() }).default(() => ({ id: uuidv7() })),
});

/** Starts a run by hand, of the live version or of the draft. Throws `not_published`, `department_paused`, `invalid_definition`, `bad_input`. */
export async function runDepartment(
  deps: DepartmentDeps & Pick<AppDeps, 'admission' | 'keyring'>,
  session: Session,
  departmentId: string,
  body: RunCreate,
  locale: Locale,
): Promise<RunView> {
  const { organizationId } = session;
  const id = uuidv7();
  if (body.version === 'draft') await deps.drafts.settle([departmentId]);
  const runOn = ({ definition }: Runnable) => {
    const trigger = triggerFor(definition, body.input);
    return { triggerNode: trigger.id, input: inputFor(trigger, body.input, locale), priority: body.priority };
  };
  const run =
    body.version === 'draft'
      ? await startDraft(deps, session, departmentId, { id, locale, runOn, body })
      : { ...(await startLive(deps, { id, scope: session, caller: session, departmentId, runOn })), pins: null };
  deps.admission.wake(organizationId);
  const status = 'queued';
  deps.bus.publish(organizationId, { type: 'run', run: { id, departmentId, conversationId: null, status } });
  return presentRun({
    ...run,
    id,
    departmentId,
    conversationId: null,
    status,
    triggerNode: run.triggerNode,
    uncertainEffects: 0,
    awaitsMember: false,
    priority: priorityOf(body.priority ?? 'normal'),
    output: null,
    error: null,
    supersededBy: null,
    startedAt: null,
    finishedAt: null,
    ...FIRST_OF_ITS_LINE,
    ...(body.version === 'draft' && {
      rehearsal: body.effects === 'rehearse',
      pinned: Object.keys(run.pins ?? {}).sort(),
    }),
  });
}

interface DraftStart extends Pick<RunStart, 'id' | 'runOn'> {
  readonly locale: Locale;
  readonly body: RunCreate;
}
interface StartedDraft extends StartedRun {
  readonly pins: Readonly<Record<string, Settled>> | null;
}

function startDraft(
  deps: DepartmentDeps & Pick<AppDeps, 'keyring'>,
  session: Session,
  departmentId: string,
  { id, locale, runOn, body }: DraftStart,
): Promise<StartedDraft> {
  const { organizationId } = session;
  return deps.db.withOrganization(session, async (trx) => {
    const version = await tryDraft(deps, trx, await findDepartment(trx, departmentId), locale, body.until);
    const { versionId, number } = version;
    const run = { id, organizationId, departmentId, versionId, conversationId: null, ...runOn(version) };
    const statement = statementOf(trx);
    const vault = await deps.keyring.vault(statement, organizationId);
    const started = await startRun(statement, vault, run);
    if (!started) throw new Error(`Run ${id} without a conversation was refused`);
    const pins = body.pins ? settledPins(version.definition, body.pins, locale) : null;
    if (body.effects === 'rehearse')
      await queryOf(trx)('update platform.runs set rehearsal = true, pins = cast($2 as jsonb) where id = $1', [
        id,
        pins && JSON.stringify(storableJson(sealEach(vault, pins))),
      ]);
    await audit(trx, session, {
      action: 'run.start',
      // One line an hour for a program, as for the live version.
      ...(session.apiKey
        ? { target: { type: 'department', id: departmentId, name: version.name }, quietMinutes: 60 }
        : { target: { type: 'run', id, name: version.name } }),
      details: { departmentId, version: number },
    });
    const { triggerNode, input } = run;
    return { number, triggerNode, input, createdAt: started.createdAt, pins };
  });
}

/** The trigger that a hand can pull: a manual one first, for a message the one that takes messages, else any. */
function triggerFor(definition: Definition, input: Json): NodeDefinition {
  const triggers = definition.nodes.filter((node) => node.type.startsWith('trigger.') && !node.parentId);
  const ofType = (type: string) => triggers.find((node) => node.type === type);
  const isMessage = handWrittenMessage.safeParse(input).success;
  const order = isMessage ? ['trigger.whatsapp', 'trigger.manual'] : ['trigger.manual', 'trigger.whatsapp'];
  const chosen = ofType(order[0] ?? '') ?? ofType(order[1] ?? '') ?? triggers[0];
  if (!chosen) throw new ApiError('no_manual_trigger');
  return chosen;
}

function inputFor(trigger: NodeDefinition, input: Json, locale: Locale): Json {
  if (trigger.type !== 'trigger.whatsapp') return input;
  const message = handWrittenMessage.safeParse(input, { reportInput: true });
  if (message.success) return message.data;
  const details = detailsOf(new InputRefused(message.error.issues), locale);
  throw new ApiError('bad_input', {
    details: details.map((detail) => ({ ...detail, path: ['input', detail.path].filter(Boolean).join('.') })),
  });
}
