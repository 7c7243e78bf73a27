import type { Detail } from '#nodes/sdk/details.js';
import type { Json, RunView } from '../api/types.js';

const actors = ['author', 'provider', 'platform', 'caller'] as const;

/** Why a run failed, as far as it is on record. */
export interface RunFailure {
  readonly message: string;
  readonly detail: Detail | undefined;
  readonly code: string;
  readonly actor: (typeof actors)[number];
  /** Taking it up again where it stopped may help. */
  readonly retryable: boolean;
  /** Of the step that failed; `null` when it was the run itself. */
  readonly path: string | null;
  /** Paths of steps that were to be undone and could not. */
  readonly notUndone: readonly string[];
  /** Code of what kept them from being undone at all; `null` when each was tried. */
  readonly undoing: string | null;
}

const isText = (value: Json | undefined): value is string => typeof value === 'string';

const isDetail = (value: Json | undefined): value is Detail =>
  typeof value === 'object' &&
  value !== null &&
  'code' in value &&
  isText(value['code']) &&
  typeof value['values'] === 'object' &&
  value['values'] !== null;

/** What the step at this path was to undo: `order` of `order~refund`. */
const undoneBy = (path: string): string => (path.includes('~') ? path.slice(0, path.lastIndexOf('~')) : path);

/** `null` when the run did not fail, or nothing is known of why. */
export function failureOf({ status, error }: Pick<RunView, 'status' | 'error'>): RunFailure | null {
  if (status !== 'failed' || typeof error !== 'object' || error === null || Array.isArray(error)) return null;
  const { message, detail, code, actor, retryable, path, notUndone, undoing } = error as Readonly<
    Record<string, Json | undefined>
  >;
  if (!isText(message)) return null;
  return {
    message,
    detail: isDetail(detail) ? detail : undefined,
    code: isText(code) ? code : '',
    actor: actors.find((each) => each === actor) ?? 'platform',
    retryable: retryable === true,
    path: isText(path) ? path : null,
    notUndone: Array.isArray(notUndone) ? notUndone.filter(isText).map(undoneBy) : [],
    undoing: isText(undoing) ? undoing : null,
  };
}
