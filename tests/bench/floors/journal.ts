import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { GroupCommit } from '#db/groupCommit.js';
import type { BenchDatabase } from '../measure/stores.js';

/**
 * The floor beneath any engine that records: a plain loop over `steps` functions, each step's record and each run's end in one INSERT with
 * all that wait. No queue, no HTTP, no graph.
 */
export async function openJournalFloor(database: BenchDatabase, steps: number) {
  await database.rows(
    'create table if not exists floor_steps (id uuid primary key, run uuid not null, step int not null, output jsonb not null)',
  );
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  const commit = new GroupCommit<readonly [run: string, step: number, output: string]>(async (rows) => {
    await pool.query({
      name: 'floor',
      text: 'insert into floor_steps select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::jsonb[])',
      values: [
        rows.map(() => uuidv7()),
        rows.map(([run]) => run),
        rows.map(([, step]) => step),
        rows.map(([, , output]) => output),
      ],
    });
  });
  return {
    /** Runs finished a second with 50 in flight. */
    async measure(seconds: number): Promise<number> {
      await database.rows('truncate floor_steps');
      const began = performance.now();
      let done = 0;
      const lane = async (): Promise<void> => {
        while (performance.now() - began < seconds * 1_000) {
          const run = uuidv7();
          let value: Record<string, unknown> = { contact: 'Ana', total: 3 };
          for (let step = 0; step < steps; step += 1) {
            value = { ...value, text: `hello ${String(value['contact'])}` };
            // A step is durable before the next begins.
            await commit.add([run, step, JSON.stringify(value)]);
          }
          await commit.add([run, -1, '"succeeded"']);
          done += 1;
        }
      };
      await Promise.all(Array.from({ length: 50 }, lane));
      return (done * 1_000) / (performance.now() - began);
    },
    close: () => pool.end(),
  };
}
