/**
 * SQL: an error without the paths of what is known to have been undone after all. The error is written when its run ends; what is known by then
 * stands in the run's row, which whoever ends it holds.
 * @param error and @param undone are SQL too
 */
export const withoutUndone = (error: string, undone: string): string =>
  `(select case when ${undone} is null or e -> 'notUndone' is null then e when (e -> 'notUndone') - ${undone} = '[]' then e - 'notUndone'
     else jsonb_set(e, '{notUndone}', (e -> 'notUndone') - ${undone}) end from (select ${error}) x(e))`;

const HAPPENED = `update platform.runs r set undone = array_append(r.undone, $2::text), error = ${withoutUndone('r.error', 'array[$2::text]')}
  where r.id = $1 and not exists (select 1 from platform.effects e where e.run_id = $1 and starts_with(e.key, $2 || ':') and e.state <> 'done')`;

/**
 * A run that failed says what could not be undone. Of what was undone after all, as is known now, it says so no longer, and does not say it if it has yet to
 * end. Inside a transaction, the run's row comes before; one undoing may have several effects.
 */
export async function undoingHappened(
  query: (text: string, values: unknown[]) => PromiseLike<unknown>,
  runId: string,
  key: string,
): Promise<void> {
  const path = key.slice(0, Math.max(0, key.indexOf(':')));
  if (!path.includes('~')) return;
  await query(HAPPENED, [runId, path]);
}

const NEVER_HAPPENED = `with gone as materialized (select r.id, array(select p from jsonb_array_elements_text(coalesce(r.error, r.failing) -> 'notUndone') p
    where starts_with(p, $2 || '~')) as over from platform.runs r where r.id = $1
      and not exists (select 1 from platform.effects e where e.run_id = $1 and starts_with(e.key, $2 || ':') and e.state <> 'not_done'))
  update platform.runs r set undone = r.undone || o.over, error = ${withoutUndone('r.error', 'o.over')} from gone o where r.id = o.id and o.over <> '{}'`;

/** The same of a step of which nobody knew whether it did anything outside: it did not, so there is nothing to undo. */
export async function nothingToUndo(
  query: (text: string, values: unknown[]) => PromiseLike<unknown>,
  runId: string,
  key: string,
): Promise<void> {
  const path = key.slice(0, Math.max(0, key.indexOf(':')));
  if (path !== '' && !path.includes('~')) await query(NEVER_HAPPENED, [runId, path]);
}
