import { z } from 'zod';
import { nodeIdPattern } from '#engine/graph/definition.js';
import { effectOutcomes, effectStates, priorities, runStatuses, stepStatuses } from '#engine/graph/statuses.js';
import { anyJson, definitionView, id, listQuery, page, time, timeAsked } from '../common.js';

const word = z.union([z.string(), z.number()]);
const sentence = <Value extends z.ZodType>(value: Value) =>
  z.object({ code: z.string(), values: z.record(z.string(), value) }).readonly();
/** A sentence may stand in a place of another: a field, why it does not fit, what kind it should have been. */
const detailView = sentence(z.union([word, sentence(z.union([word, sentence(word)]))]));

export const stepError = z
  .object({
    code: z.string(),
    message: z.string(),
    /** Who must act. */
    actor: z.enum(['author', 'provider', 'platform', 'caller']),
    retryable: z.boolean(),
    detail: detailView.optional().meta({
      description:
        'What the message says, as the code of a sentence and what stands in its places. Older records have none',
    }),
  })
  .readonly();

export const stepView = z
  .object({
    nodeId: z.string(),
    /** The node id, with `#<round>/` for each container around it. */
    path: z.string(),
    status: z.enum(stepStatuses),
    attempt: z.int(),
    port: z.string().nullable(),
    input: anyJson,
    output: anyJson,
    error: stepError.nullable(),
    startedAt: time.nullable(),
    durationMs: z.number().nullable(),
    tokens: z.object({ input: z.int(), output: z.int() }).readonly(),
    /** Millionths of a US dollar. */
    cost: z.object({ micros: z.int(), currency: z.literal('USD') }).readonly(),
    model: z.string().nullable(),
    recalled: z
      .boolean()
      .meta({ description: 'Taken over from the run that this one forks: it was not executed here' }),
    compensates: z
      .string()
      .nullable()
      .meta({ description: 'Path of the finished step that this one undoes, because the run failed' }),
  })
  .readonly()
  .meta({ id: 'Step' });

/** What a run does to the outside world. */
export const effectsChoice = z.enum(['rehearse', 'perform']).meta({
  description:
    '`rehearse`: nothing is done outside; what would be gives what it gave in the run before. `perform`: messages are sent and requests made, once more',
});
const versionChoice = z.union([z.literal('draft'), z.int().min(1).max(2_147_483_647)]).meta({
  description: 'The version to run: a number, or `draft`; absent, the one that the run is pinned to',
});

/** Results that stand for steps in a rehearsal, by node id. */
export const pins = z
  .record(
    z.string().regex(nodeIdPattern),
    z.strictObject({
      value: anyJson,
      port: z.string().min(1).max(64).optional().meta({ description: 'The way it leaves by; absent, its first' }),
    }),
  )
  .refine((each) => Object.keys(each).length <= 200, { message: 'at most 200 steps are pinned at once' })
  .meta({
    description:
      'By node: a step that is pinned is not executed, its result is this. Rehearsals only: nothing that is performed knows pins',
    examples: [{ classify: { value: { label: 'refund' }, port: 'out' } }],
  });
export type Pins = z.infer<typeof pins>;

/** Why a run rests that nobody has to answer. */
export const heldUpReasons = ['paused', 'hour', 'turn', 'conversation'] as const;
export const heldUpView = z
  .object({
    reason: z.enum(heldUpReasons).meta({
      description:
        'paused: its department is. hour: it begins, or goes on, at `until`. turn: others go first, or nobody is free. conversation: it was answered, and another run of its conversation is at work',
    }),
    until: time.nullable(),
    runId: id.nullable().meta({ description: 'Of `conversation`: the run that is at work' }),
    ahead: z.int().meta({
      description: 'Of `turn`: runs of the organization that are at work or next to be, a thousand at most',
    }),
  })
  .readonly()
  .meta({ id: 'HeldUp' });
export type HeldUp = z.infer<typeof heldUpView>;

export const runView = z
  .object({
    id,
    departmentId: id,
    conversationId: id.nullable(),
    status: z.enum(runStatuses),
    /** The version it is pinned to; null when it tries a draft. */
    version: z.int().nullable(),
    priority: z.enum(priorities),
    /** Id of the node that began it. */
    triggerNode: z.string(),
    input: anyJson,
    output: anyJson,
    error: anyJson,
    /** Effects of which nobody knows whether they happened. */
    uncertainEffects: z.int(),
    awaitsMember: z.boolean().meta({
      description: 'It waits for somebody of the organization, and not for a customer, an hour or another system',
    }),
    /** The run that answers in place of this one, because the customer wrote more before this one had done anything; it is canceled then. */
    supersededBy: id.nullable(),
    createdAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
    forkedFrom: z
      .object({
        runId: id,
        path: z.string(),
        /** Which side of that step was changed by hand. */
        edit: z.enum(['input', 'output']).nullable(),
      })
      .readonly()
      .nullable()
      .meta({ description: 'The run and the step that this one branches off' }),
    prunedAt: time.nullable().meta({
      description: 'When input, output and the payloads of its steps were taken out, by the organization’s retention',
    }),
    replayOf: id.nullable().meta({ description: 'The run that this one repeats from its start' }),
    effects: effectsChoice,
    heldUp: heldUpView.nullable().meta({
      description: 'What keeps it from beginning or going on; null when nothing does, or it waits for an answer',
    }),
    pinned: z
      .array(z.string())
      .readonly()
      .meta({ description: 'Of a rehearsal: the nodes that were not executed, a pinned result stands for each' }),
  })
  .meta({
    id: 'Run',
    description:
      'Input and output above 256 KB, above 12 MB of a run that is asked for by itself, are `{truncated: {bytes, preview}}`: its steps have them',
  });
export type RunView = z.infer<typeof runView>;

export const waitView = z
  .object({
    path: z.string(),
    kind: z.enum(['contact', 'member', 'time', 'event']),
    question: anyJson,
    wakeAt: time.nullable(),
  })
  .meta({ id: 'Wait' });
export type WaitView = z.infer<typeof waitView>;

export const effectView = z
  .object({
    id,
    runId: id,
    departmentId: id,
    /** The step that did it; null for the apology after a failed run. */
    path: z.string().nullable(),
    kind: z.enum(['message', 'http', 'other']),
    name: z.string(),
    state: z.enum(effectStates).meta({
      description:
        'intended: about to be done. done. uncertain: nobody knows, and it is not repeated. not_done: it surely was not; the next try may do it',
    }),
    /** The provider did not tell in time: somebody has to look there and say. */
    needsPerson: z.boolean(),
    attempts: z.int(),
    /** Who knew the outcome: the worker that did it, the provider's own report, or a person. */
    settledBy: z.enum(['worker', 'provider', 'person']).nullable(),
    /** The member who said it. */
    resolvedBy: id.nullable(),
    intendedAt: time,
    updatedAt: time,
    /** What the provider was given to know it by: WhatsApp's `biz_opaque_callback_data`, the `Idempotency-Key` of a request. */
    idempotencyKey: z.string(),
    /** What the channel says of a message. `externalId` is its own id. */
    message: z
      .object({
        id,
        conversationId: id,
        text: z.string(),
        status: z.string(),
        externalId: z.string().nullable(),
        error: z.string().nullable(),
      })
      .nullable(),
  })
  .readonly()
  .meta({ id: 'Effect' });
export type EffectView = z.infer<typeof effectView>;

export const effectsPage = page(effectView);
export const effectParams = z.strictObject({ id, effectId: id });
export const resolveBody = z
  .strictObject({
    outcome: z
      .enum(effectOutcomes)
      .meta({ description: 'happened: the run goes on as after it. did_not_happen: the run does it again' }),
  })
  .meta({ id: 'ResolveEffectBody', examples: [{ outcome: 'did_not_happen' }] });
export type ResolveBody = z.infer<typeof resolveBody>;
export const effectResolved = z.object({ effect: effectView, run: runView }).meta({ id: 'EffectResolved' });

export const runWithSteps = runView
  .extend({
    steps: z.array(stepView).readonly(),
    waits: z.array(waitView).readonly(),
    /** What it did outside, in order. */
    ledger: z.array(effectView).readonly(),
  })
  .meta({ id: 'RunWithSteps' });
export type RunWithSteps = z.infer<typeof runWithSteps>;

export const runsPage = page(runView);
export type RunsPage = z.infer<typeof runsPage>;
export const runAccepted = z.object({ run: runView }).meta({ id: 'RunAccepted' });

export const runsQuery = listQuery.extend({
  departmentId: id.optional(),
  conversationId: id.optional(),
  status: z.enum(runStatuses).optional(),
  version: z.coerce
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .optional()
    .meta({ description: 'Only those of this version; 0 is a draft that was tried' }),
  trigger: z
    .string()
    .regex(/^trigger\.[A-Za-z]{1,40}$/)
    .optional()
    .meta({ description: 'Only those begun by a node of this type', examples: ['trigger.schedule'] }),
  from: timeAsked.optional(),
  to: timeAsked.optional(),
  q: z.string().trim().min(1).max(200).optional().meta({
    description:
      'Part of what was written or of who wrote it, accents and case aside; looks 31 days back unless `from` says otherwise',
  }),
  origin: z.enum(['first', 'replayed', 'forked']).optional().meta({
    description:
      'Only those that repeat no other, those that replay another from its start, or those that fork another at a step',
  }),
  effects: z
    .enum(['uncertain'])
    .optional()
    .meta({ description: 'Only those with an effect of which nobody knows whether it happened' }),
  needs: z.enum(['person']).optional().meta({
    description:
      'Only those in which somebody of the organization must act: they ask a member something, or did something of which a person must say whether it happened. Rehearsals are left out',
  }),
  order: z
    .enum(['newest', 'failedFirst'])
    .optional()
    .meta({ description: 'Newest first, or those that failed before all others' }),
});
export type RunsQuery = z.infer<typeof runsQuery>;

/** A step without what went in and out of it, which may be big. */
export const stepBrief = z
  .object(stepView.unwrap().omit({ input: true, output: true }).shape)
  .readonly()
  .meta({ id: 'StepBrief' });
export type StepBrief = z.infer<typeof stepBrief>;

export const pauseView = waitView
  .extend({
    /** Null while it is open. */
    answer: anyJson,
    openedAt: time,
    answeredAt: time.nullable(),
    /** Which member answered; null for a customer, a time, or nobody yet. */
    answeredBy: id.nullable(),
  })
  .readonly()
  .meta({ id: 'Pause' });
export type PauseView = z.infer<typeof pauseView>;

export const timelineView = z
  .object({
    run: runView,
    steps: z.array(stepBrief).readonly(),
    /** Everything it waited for, open and answered, oldest first. */
    pauses: z.array(pauseView).readonly(),
    /** What it did outside, in the order it was intended. */
    ledger: z.array(effectView).readonly(),
  })
  .meta({ id: 'RunTimeline' });
export type TimelineView = z.infer<typeof timelineView>;

export const stepsQuery = listQuery.extend({
  path: z
    .string()
    .min(1)
    .max(2_000)
    .optional()
    .meta({ description: 'Only the tries of the step at this path', examples: ['each#0/check'] }),
  attempt: z.coerce.number().int().min(1).max(2_147_483_647).optional().meta({ description: 'Only this try' }),
  whole: z.enum(['output']).optional().meta({
    description: 'Gives all of what the step at `path` returned, where only its beginning (256 KB) is shown otherwise',
  }),
});
export type StepsQuery = z.infer<typeof stepsQuery>;
export const stepsPage = page(stepView);

export const runDefinitionView = z
  .object({
    /** Null of a draft that was tried: `definition` is that draft as it was then. */
    version: z.int().nullable(),
    definition: definitionView,
  })
  .meta({ id: 'RunDefinition' });
export type RunDefinitionView = z.infer<typeof runDefinitionView>;

export const resumeBody = z
  .strictObject({
    /** The answer. */
    value: anyJson.refine((value) => value !== null, {
      message: 'null is no answer: what nobody answers leaves by its timeout',
    }),
    /** Which question is answered, when several are open. */
    path: z.string().max(400).optional(),
  })
  .meta({ id: 'ResumeBody', examples: [{ value: 'approved' }] });
export type ResumeBody = z.infer<typeof resumeBody>;

const branch = {
  version: versionChoice.optional(),
  effects: effectsChoice.default('rehearse'),
};

export const forkBody = z
  .strictObject({
    fromStep: z.string().min(1).max(400).meta({
      description:
        'Path of a step of the run: `node`, or `loop#2/node` in its third round. A node id alone will do where only one path has it',
    }),
    state: anyJson.optional().meta({
      description: 'What the step made, or was given (`edit`), instead. Absent, the step is simply executed again',
    }),
    edit: z.enum(['output', 'input']).default('output').meta({
      description: 'Which side of the step `state` replaces. With `output` the step itself is not executed again',
    }),
    port: z.string().min(1).max(64).optional().meta({
      description: 'The way the step leaves by, with an `output`; absent, the one that it took, else its first',
    }),
    ...branch,
    pins: pins.optional(),
  })
  .refine((body) => !body.pins || body.effects === 'rehearse', {
    path: ['pins'],
    message: 'only a rehearsal takes pins',
  })
  .meta({ id: 'ForkBody', examples: [{ fromStep: 'classify', state: { label: 'refund' }, effects: 'rehearse' }] });
export type ForkBody = z.infer<typeof forkBody>;

export const replayBody = z.strictObject(branch).meta({ id: 'ReplayBody', examples: [{ effects: 'rehearse' }] });
export type ReplayBody = z.infer<typeof replayBody>;
