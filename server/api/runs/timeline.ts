import { storedStep } from '#db/sealing/runRecords.js';
import { readPacks } from '#db/sealing/stepPacks.js';
import type { StepView } from '#engine/graph/events.js';
import type { AppDeps } from '../../deps.js';
import { ApiError } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { namedQueryOf, queryOf, statementOf } from '../../sql.js';
import type { Page } from '../common.js';
import { readCursor, toPage } from '../paging.js';
import { effectsOf } from './effects.js';
import { presentBrief, presentPause, presentStep, type PauseRow, type StepRow } from './present.js';
import type { StepsQuery, TimelineView } from './schemas.js';
import { briefColumns, readBriefs, readRun } from './service.js';

type Deps = Pick<AppDeps, 'db' | 'keyring'>;

/** When each step worked and what the run waited for, without payloads: a run of thousands of steps is one small answer. Throws `not_found`. */
export const getTimeline = ({ db, keyring }: Deps, session: Session, id: string): Promise<TimelineView> =>
  db.withOrganization(session, async (trx) => {
    const vault = await keyring.vault(statementOf(trx), session.organizationId);
    const run = await readRun(trx, vault, id);
    const steps = await readBriefs(trx, id);
    const pauses = await namedQueryOf(trx)<PauseRow>(
      'run-pauses',
      `select path, kind, question, wake_at as "wakeAt", answer, created_at as "openedAt", answered_at as "answeredAt",
         answered_by as "answeredBy" from platform.waits where run_id = $1 order by created_at, path`,
      [id],
    );
    const ledger = await effectsOf(trx, vault, id);
    return {
      run,
      steps: steps.map((row) => presentBrief(vault, row)),
      pauses: pauses.map((row) => presentPause(vault, row)),
      ledger,
    };
  });

/** The last path shown, and which of its tries. */
const isStepKey = (value: unknown): value is readonly [path: string, attempt: string] =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && /^\d{1,9}$/.test(String(value[1]));

/** Tries of steps with their payloads, by path and number. Throws `not_found`, and `bad_input` for all of every output at once. */
export async function listSteps(
  { db, keyring }: Deps,
  session: Session,
  id: string,
  query: StepsQuery,
): Promise<Page<StepView>> {
  if (query.whole && query.path === undefined)
    throw new ApiError('bad_input', { details: [{ path: 'path', message: 'say which step' }] });
  const after = readCursor(query, isStepKey);
  return db.withOrganization(session, async (trx) => {
    const vault = await keyring.vault(statementOf(trx), session.organizationId);
    await readRun(trx, vault, id);
    const rows = await queryOf(trx)<StepRow>(
      `select ${briefColumns}, ${storedStep}${query.whole ? ', whole' : ''} from platform.run_steps
       where run_id = $1 and ($2::text is null or path = $2) and ($3::int is null or attempt = $3)
         and ($4::text is null or (path, attempt) > ($4 collate "C", $5::int)) order by path, attempt limit $6`,
      [
        id,
        query.path ?? null,
        query.attempt ?? null,
        after?.[0] ?? null,
        after ? Number(after[1]) : null,
        query.limit + 1,
      ],
    );
    const packs = await readPacks(statementOf(trx), vault, id, rows);
    return toPage(
      rows,
      query.limit,
      (row) => presentStep(vault, packs, row),
      (row) => [row.path, String(row.attempt)],
    );
  });
}
