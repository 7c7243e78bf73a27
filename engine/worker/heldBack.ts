import { MUST_NOT_BEGIN } from '#engine/run/standsStill.js';

/**
 * SQL: the run `r` must not begin and waits until its department goes on. One that would answer a customer does not wait: their messages do, and are
 * answered together.
 */
export const HELD_BACK = `case when r.conversation_id is null or r.parent_run_id is not null then ${MUST_NOT_BEGIN} else false end`;
