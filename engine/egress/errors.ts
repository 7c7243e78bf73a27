import { EffectDidNotHappen, NodeError, type NodeErrorOptions } from '#nodes/sdk/errors.js';

/** Every failure of an outgoing request. None tells what the other side said, nor which address a name had: that is for whoever runs the platform. */
type EgressCode = 'egress_refused' | 'egress_timeout' | 'egress_too_large' | 'egress_failed';

/** How far the request had come: `before` nothing had left; `safe` it asked only, so it may be repeated; `sent` it may have changed something. */
export type Stage = 'before' | 'safe' | 'sent';

const make = (stage: Stage, message: string, options: NodeErrorOptions & { readonly code: EgressCode }): NodeError =>
  stage === 'before' ? new EffectDidNotHappen(message, options) : new NodeError(message, options);

/** The target is none that the platform goes to; only its author can name another one. */
export const refused = (stage: Stage, why: string): NodeError =>
  make(stage, `This address is not allowed: ${why}`, { code: 'egress_refused', actor: 'author', retryable: false });

export const timedOut = (stage: Stage, seconds: number): NodeError =>
  make(stage, `The address did not answer completely within ${seconds} seconds.${unknown(stage)}`, {
    code: 'egress_timeout',
    actor: 'provider',
    retryable: stage !== 'sent',
  });

export const tooLarge = (stage: Stage, what: string): NodeError =>
  make(stage, `The answer is too large: ${what}.`, { code: 'egress_too_large', actor: 'provider', retryable: false });

export const failed = (stage: Stage, message: string, retryable = true): NodeError =>
  make(stage, `${message}${unknown(stage)}`, {
    code: 'egress_failed',
    actor: 'provider',
    retryable: retryable && stage !== 'sent',
  });

const unknown = (stage: Stage): string =>
  stage === 'sent' ? ' Nobody knows whether the request was carried out, so it is not repeated.' : '';
