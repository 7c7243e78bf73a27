/**
 * Why a connection ends. RFC 6455 leaves 4000–4999 to applications; y-websocket comes back by itself except after 4400–4499, which say
 * that coming back changes nothing.
 */
export const closeCodes = {
  /** The token is over or the session was ended: come back with a fresh one. */
  sessionOver: 4401,
  /** The department is not open to this person any more. */
  forbidden: 4403,
  /** The department is gone. */
  gone: 4404,
  /** What was sent is no edit that a draft can take. */
  refused: 4400,
  /** Another connection edits under the same id of Yjs: it is asked whether it is still there. */
  taken: 4510,
  tooLarge: 4413,
  tooMany: 4429,
  /** The edit builds on something that is not here: come back and compare. */
  outOfStep: 4509,
  /** The connection does not read what it is sent. */
  tooSlow: 4508,
  /** An edit could not be stored; it was applied nowhere. */
  unavailable: 4503,
} as const;
export type CloseReason = keyof typeof closeCodes;

/** What a client sent cannot be taken: its connection ends. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly reason: CloseReason,
    message: string,
  ) {
    super(message);
  }
}
