import type { StepError } from '#engine/graph/events.js';
import { ExpressionError } from '#engine/graph/expressions/expressionError.js';
import { detail, sayDetail, type Detail, type InnerDetail } from '#nodes/sdk/details.js';
import { NodeError } from '#nodes/sdk/errors.js';

/** Abort a run with this to put it down rather than cancel it: it goes back to the queue and another worker goes on with it. */
export class RunInterrupted extends Error {
  override readonly name: string = 'RunInterrupted';
  /** Milliseconds since 1970 before which nobody need take it up again; `null`: at once. */
  readonly notBefore: number | null = null;
}

/** Whom a step called has no room for it now. Nobody sleeps over it: the run goes back to the queue and is taken up when there may be room. */
export class RunPostponed extends RunInterrupted {
  override readonly name = 'RunPostponed';
  override readonly notBefore: number;

  constructor(notBefore: number) {
    super('There is no room for this yet');
    this.notBefore = notBefore;
  }
}

/** A node asked a question or waits for a time: it has no result yet. Never reaches the author. */
export class Waiting extends Error {
  override readonly name = 'Waiting';
}

/** A step failed and its author did not say what then: the level it stands in fails, and the containers around may catch it. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  readonly error: StepError;
  readonly nodeId: string;
  readonly path: string;

  constructor(error: StepError, nodeId: string, path: string) {
    super(error.message);
    this.error = error;
    this.nodeId = nodeId;
    this.path = path;
  }
}

/** The run ends here whatever the node's `onError` says. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
  readonly error: StepError;

  constructor(error: StepError) {
    super(error.message);
    this.error = error;
  }
}

const author = (code: string, said: Detail): StepError => ({ ...told(said), code, actor: 'author', retryable: false });
const told = (said: Detail): Pick<StepError, 'message' | 'detail'> => ({
  message: sayDetail(said, 'en') ?? said.code,
  detail: said,
});

/** Every error that the engine itself gives to a step or a run. Nodes name their own. */
export const engineErrors = {
  badConfig: (path: string, why: InnerDetail) => author('bad_config', detail('config.field', { path, why })),
  badExpression: (error: ExpressionError): StepError => ({
    code: 'bad_expression',
    message: redact(error.message),
    detail: { code: `expression.${error.code}`, values: { name: error.detail, source: error.expression } },
    actor: 'author',
    retryable: false,
  }),
  tooManySteps: (limit: number) => author('too_many_steps', detail('run.too_many_steps', { limit })),
  tooManyItems: (count: number, limit: number) =>
    author('too_many_items', detail('run.too_many_items', { count, limit })),
  valueTooBig: () => author('value_too_big', detail('step.too_big')),
  runTimeout: (seconds: number) => author('run_timeout', detail('run.timeout', { seconds })),
  noTrigger: (node: string) => author('no_trigger', detail('run.no_trigger', { name: node })),
  stepTimeout: (seconds: number): StepError => ({
    code: 'step_timeout',
    ...told(detail('step.timeout', { seconds })),
    actor: 'provider',
    retryable: true,
  }),
  canceled: (): StepError => ({ code: 'canceled', message: 'The run was canceled.', actor: 'caller', retryable: true }),
  unknownPort: (port: string): StepError => ({
    ...platform('unknown_port', ''),
    ...told(detail('step.unknown_port', { name: port })),
  }),
  undoingRefused: (): StepError => ({
    code: 'undoing_refused',
    message: 'Whoever was asked to undo it refused.',
    actor: 'provider',
    retryable: false,
  }),
  notJson: (): StepError => platform('not_json', 'The step gave a value that cannot be stored.'),
  cannotCompile: (): StepError => platform('cannot_compile', 'This version of the department cannot be run any more.'),
  failed: (): StepError => platform('node_failed', 'Something went wrong on our side.'),
  waitsForNothing: (): StepError =>
    platform('waits_for_nothing', 'The run stopped half way without anything that it could wait for.'),
  workersLost: (times: number): StepError => ({
    ...platform('workers_lost', ''),
    ...told(detail('run.workers_lost', { times })),
    retryable: true,
  }),
  refusedData: (): StepError => platform('refused_data', 'What the run made could not be stored.'),
} as const;

function platform(code: string, message: string): StepError {
  return { code, message, actor: 'platform', retryable: false };
}

/** Longest message kept, in characters. */
const MAX_MESSAGE = 500;
/** Keys and tokens as providers write them; a message that quotes one must not keep it. */
const secrets =
  /\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{8,}|\bEAA[A-Za-z0-9]{16,}|\bBearer\s+\S+|\bAIza[A-Za-z0-9_-]{16,}|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;

/** A message fit to be shown: without anything that looks like a secret, and not endless. */
export const redact = (message: string): string => message.replace(secrets, '[secret]').slice(0, MAX_MESSAGE);

/** The same of what stands in the places of a sentence. */
const redactDetail = <Sentence extends Detail>({ code, values }: Sentence): Sentence =>
  ({
    code,
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        typeof value === 'string' ? redact(value) : typeof value === 'number' ? value : redactDetail(value),
      ]),
    ),
  }) as Sentence;

/** What a person is told of a failure: what a `NodeError` says, and of anything else only that it was ours. Never a stack. */
export function toStepError(error: unknown): StepError {
  if (error instanceof RunStopped) return error.error;
  if (error instanceof NodeError) {
    const { code, message, actor, retryable, detail: said } = error;
    return { code, message: redact(message), actor, retryable, ...(said && { detail: redactDetail(said) }) };
  }
  if (error instanceof ExpressionError) {
    const step = engineErrors.badExpression(error);
    return { ...step, ...(step.detail && { detail: redactDetail(step.detail) }) };
  }
  return engineErrors.failed();
}

export const toNodeError = ({ message, ...options }: StepError): NodeError => new NodeError(message, options);
