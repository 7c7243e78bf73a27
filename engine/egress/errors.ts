import { detail, type Detail, type InnerDetail } from '#nodes/sdk/details.js';
import { EffectDidNotHappen, NodeError, type NodeErrorOptions } from '#nodes/sdk/errors.js';

/** Every failure of an outgoing request. None tells what the other side said, nor which address a name had: that is for whoever runs the platform. */
type EgressCode = 'egress_refused' | 'egress_timeout' | 'egress_too_large' | 'egress_failed';

/** How far the request had come: `before` nothing had left; `safe` it asked only, so it may be repeated; `sent` it may have changed something. */
export type Stage = 'before' | 'safe' | 'sent';

const make = (stage: Stage, said: Detail, options: NodeErrorOptions & { readonly code: EgressCode }): NodeError =>
  stage === 'before' ? new EffectDidNotHappen(said, options) : new NodeError(said, options);

/** The target is none that the platform goes to; only its author can name another one. */
export const refused = (stage: Stage, why: InnerDetail): NodeError =>
  make(stage, detail('egress.refused', { why }), { code: 'egress_refused', actor: 'author', retryable: false });

export const timedOut = (stage: Stage, seconds: number): NodeError =>
  make(stage, certainty(stage, detail('egress.timeout', { seconds })), {
    code: 'egress_timeout',
    actor: 'provider',
    retryable: stage !== 'sent',
  });

export const tooLarge = (stage: Stage, what: InnerDetail): NodeError =>
  make(stage, detail('egress.too_large', { what }), { code: 'egress_too_large', actor: 'provider', retryable: false });

export const failed = (stage: Stage, what: InnerDetail, retryable = true): NodeError =>
  make(stage, certainty(stage, what), {
    code: 'egress_failed',
    actor: 'provider',
    retryable: retryable && stage !== 'sent',
  });

/** What happened, and that nobody knows whether the other side did what it was asked. */
const certainty = (stage: Stage, what: InnerDetail): Detail =>
  stage === 'sent' ? detail('egress.unclear', { what }) : what;
