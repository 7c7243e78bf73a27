/**
 * A worker that dies takes all that is at work in it along, and all of it is taken up elsewhere. What a run's worker dies of again and again would so end one
 * worker after the other. Nobody sees which run it was: so deaths are counted, for each run those in a row without a step of it ending in between.
 */

/** So many deaths, and a run is suspected: it waits before it is taken up again, and no worker has two such runs at work. See docs/decisions/0082. */
export const SUSPECTED = 3;
/** After more than so many it fails. Of a suspected run only those count that came while it was at work apart from the others. */
export const MOST_DEATHS = 12;
/** Seconds that a suspected run waits, doubled with each death. */
const FIRST_PAUSE = 1;
const LONGEST_PAUSE = 30;

/** SQL: how many steps of the run `r` have ended. One that failed and is tried again has not. */
const ENDED = `(select count(*)::int from platform.run_steps s where s.run_id = r.id and (s.port is not null or s.status = 'skipped'))`;

/** SQL: of the run `r`, whose worker is dead, what is known of its deaths now. */
export const death = {
  ended: ENDED,
  deaths: `(case when r.ended_at_death is distinct from ${ENDED} then 1 when r.deaths < ${SUSPECTED} or r.apart then r.deaths + 1 else r.deaths end)::smallint`,
} as const;

/** SQL: until when a run with so many deaths waits; `null` when it need not. */
export const pauseAfter = (deaths: string): string =>
  `case when ${deaths} >= ${SUSPECTED} then now() + make_interval(secs => least(${LONGEST_PAUSE}, ${FIRST_PAUSE} * power(2, ${deaths} - ${SUSPECTED}))) end`;
