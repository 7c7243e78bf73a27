/** Every status of the engine, and the questions one asks of it. Nothing compares status strings elsewhere. */
export const runStatuses = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'canceled'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** A run in one of these never changes again. */
export const isFinal = (status: RunStatus): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'canceled';
/** A run in one of these is owned by the queue or a worker. */
export const isActive = (status: RunStatus): boolean => status === 'queued' || status === 'running';
export const canCancel = (status: RunStatus): boolean => !isFinal(status);
export const canRetry = (status: RunStatus): boolean => status === 'failed' || status === 'canceled';

/** `running` exists only in live events; a step is recorded once it has an outcome or waits. */
export const stepStatuses = ['running', 'waiting', 'succeeded', 'failed', 'skipped'] as const;
export type StepStatus = (typeof stepStatuses)[number];

/**
 * `intended`: about to be done, or being done. `uncertain`: nobody knows whether it was; it is not repeated. `not_done`: it surely was not, and a
 * later try may do it.
 */
export const effectStates = ['intended', 'done', 'uncertain', 'not_done'] as const;
export type EffectState = (typeof effectStates)[number];

/** What a person can say of an uncertain effect. */
export const effectOutcomes = ['happened', 'did_not_happen'] as const;

export const priorities = ['high', 'normal', 'low'] as const;
export type Priority = (typeof priorities)[number];
