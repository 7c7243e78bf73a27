import type { Pool } from 'pg';
import { uuidv7 } from 'uuidv7';
import { GroupCommit } from '#db/groupCommit.js';
import type { Budget } from '#engine/models/budget.js';
import { plainArray } from '#engine/run/packing.js';
import { queryOf } from './query.js';

/** Reais for a US dollar, where nobody sets another rate: providers bill dollars, a shop thinks in reais. */
export const REAIS_PER_DOLLAR = 5.5;
/** A call under way for this long was lost with its process. */
const LOST_AFTER = `interval '10 minutes'`;
/** Costs of organizations without a limit are added up once in so long, in milliseconds: each answer would update the same row otherwise. */
const GATHER_MS = 100;

interface Spent {
  readonly organizationId: string;
  readonly micros: number;
}

/**
 * An organization's money for models, by the day of its time zone. A call first reserves the most it may cost: what is spent and reserved is one
 * row, whose lock makes calls of all workers take turns, so that together they go past the limit by one call at most. Where there is no
 * limit, costs are only added up, many in one statement, and nobody waits for it.
 */
export function createBudget(engine: Pool, reaisPerDollar = REAIS_PER_DOLLAR): Budget {
  const query = queryOf(engine);
  const spends = new GroupCommit<Spent>(
    async (rows) => {
      await query(
        `insert into platform.model_spend as s (organization_id, day, micros)
       select o.id, to_char(now() at time zone o.timezone, 'YYYY-MM-DD'), sum(u.micros) from unnest($1::uuid[], $2::bigint[]) u(org, micros) join platform.organizations o on o.id = u.org
       group by 1, 2 order by 1 on conflict (organization_id, day) do update set micros = s.micros + excluded.micros`,
        [plainArray(rows.map((row) => row.organizationId)), plainArray(rows.map((row) => Math.round(row.micros)))],
      );
    },
    { patienceOf: () => GATHER_MS },
  );
  return {
    async reserve(organizationId, estimate) {
      const id = uuidv7();
      const [reserved] = await query<{ ok: boolean }>(
        `with o as (select id, timezone, daily_budget_cents * $4::float8 as most from platform.organizations where id = $2),
          taken as (insert into platform.model_spend as s (organization_id, day, reserved)
            select o.id, to_char(now() at time zone o.timezone, 'YYYY-MM-DD'), $3::bigint from o where o.most > 0
            on conflict (organization_id, day) do update set reserved = s.reserved + excluded.reserved
            where s.micros + s.reserved < (select most from o) returning organization_id, day),
          kept as (insert into platform.model_reservations (id, organization_id, day, micros) select $1::uuid, organization_id, day, $3 from taken)
         select exists (select 1 from taken) or (select most is null from o) as ok`,
        [id, organizationId, Math.ceil(estimate), 10_000 / reaisPerDollar],
      );
      if (!reserved?.ok) return null;
      return async (cost) => {
        await query(
          `with gone as (delete from platform.model_reservations where id = $1 returning day, micros)
           update platform.model_spend s set reserved = s.reserved - coalesce((select micros from gone), 0), micros = s.micros + $3
           where s.organization_id = $2 and s.day = coalesce((select day from gone),
             (select to_char(now() at time zone o.timezone, 'YYYY-MM-DD') from platform.organizations o where o.id = $2))`,
          [id, organizationId, Math.round(cost)],
        );
      };
    },
    spent: (organizationId, micros) => (micros > 0 ? spends.add({ organizationId, micros }) : Promise.resolve()),
  };
}

/** Takes back what calls had reserved whose process died. */
export async function forgetReservations(engine: Pool): Promise<void> {
  await queryOf(engine)(
    `with gone as (delete from platform.model_reservations where created_at < now() - ${LOST_AFTER} returning organization_id, day, micros),
       sums as (select organization_id, day, sum(micros) as micros from gone group by 1, 2)
     update platform.model_spend s set reserved = greatest(0, s.reserved - sums.micros) from sums
     where s.organization_id = sums.organization_id and s.day = sums.day`,
  );
}
