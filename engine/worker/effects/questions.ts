import { QUESTION } from '#nodes/sdk/message.js';
import { MESSAGE_EFFECT } from '../capabilities/channel.js';

/** How the ledger's key of a question to a customer ends, after the path of the step that asks. */
export const QUESTION_EFFECT = `:${MESSAGE_EFFECT}:${QUESTION}`;

/**
 * SQL: this effect is a question to a customer of which nobody knows whether it reached them, and that is the channel's to say: no person has been asked yet.
 */
export const isDoubtedQuestion = (effect: string): string =>
  `(${effect}.state = 'uncertain' and ${effect}.surfaced_at is null and ${effect}.key like '%${QUESTION_EFFECT}')`;
