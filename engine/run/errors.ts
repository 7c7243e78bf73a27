import type { StepError } from '#engine/graph/events.js';
import { ExpressionError } from '#engine/graph/expressions/expressionError.js';
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

const author = (code: string, message: string): StepError => ({ code, message, actor: 'author', retryable: false });

/** Every error that the engine itself gives to a step or a run. Nodes name their own. */
export const engineErrors = {
  badConfig: (path: string, message: string) => author('bad_config', `${path}: ${message}`),
  badExpression: (message: string) => author('bad_expression', message),
  tooManySteps: (limit: number) => author('too_many_steps', `The run took more than ${limit} steps and was stopped.`),
  tooManyItems: (count: number, limit: number) =>
    author('too_many_items', `The list has ${count} items; at most ${limit} are allowed here.`),
  runTimeout: (seconds: number) =>
    author('run_timeout', `The run worked for more than ${seconds} seconds and was stopped.`),
  noTrigger: (node: string) => author('no_trigger', `This version has no trigger named ${node}.`),
  stepTimeout: (seconds: number): StepError => ({
    code: 'step_timeout',
    message: `The step took longer than ${seconds} seconds.`,
    actor: 'provider',
    retryable: true,
  }),
  canceled: (): StepError => ({ code: 'canceled', message: 'The run was canceled.', actor: 'caller', retryable: true }),
  unknownPort: (port: string): StepError =>
    platform('unknown_port', `The step left by "${port}", which it does not have.`),
  notJson: (): StepError => platform('not_json', 'The step gave a value that cannot be stored.'),
  cannotCompile: (): StepError => platform('cannot_compile', 'This version of the department cannot be run any more.'),
  failed: (): StepError => platform('node_failed', 'Something went wrong on our side.'),
  waitsForNothing: (): StepError =>
    platform('waits_for_nothing', 'The run stopped half way without anything that it could wait for.'),
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

/** What a person is told of a failure: what a `NodeError` says, and of anything else only that it was ours. Never a stack. */
export function toStepError(error: unknown): StepError {
  if (error instanceof RunStopped) return error.error;
  if (error instanceof NodeError) {
    const { code, message, actor, retryable } = error;
    return { code, message: redact(message), actor, retryable };
  }
  if (error instanceof ExpressionError) return engineErrors.badExpression(redact(error.message));
  return engineErrors.failed();
}

export const toNodeError = ({ message, ...options }: StepError): NodeError => new NodeError(message, options);
