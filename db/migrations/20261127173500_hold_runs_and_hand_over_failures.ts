import type { Knex } from 'knex';

/**
 * What a paused department holds back, who has not been asked yet to look after a customer whose run failed, and what a failing run is known to have undone
 * before it ends.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table platform.runs
    /* Not to be admitted: its department was paused before it began. */
    add column held boolean not null default false,
    /* It failed on a customer, and no person has been asked to carry on yet. */
    add column unattended boolean not null default false,
    /* Paths of undoing steps of which it became known, after they had come to rest as uncertain, that they happened. */
    add column undone text[]`);
  await knex.raw(
    `create index runs_to_admit on platform.runs (organization_id, priority, id) where status = 'queued' and admitted_at is null and not held`,
  );
  await knex.raw('drop index platform.runs_open_by_priority');
  await knex.raw(`create index runs_held on platform.runs (department_id, id) where held and status = 'queued'`);
  await knex.raw(`create index runs_unattended on platform.runs (conversation_id) where unattended`);
  // As they were found before they said so themselves.
  await knex.raw(`update platform.runs r set unattended = true from platform.conversations c
    where c.id = r.conversation_id and c.handler = 'team' and r.status = 'failed' and r.finished_at > now() - interval '1 hour'
      and not exists (select 1 from platform.messages m where m.conversation_id = c.id and m.run_id = r.id and m.author = 'system')`);
  await knex.raw('drop index platform.runs_failed');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    `create index runs_failed on platform.runs (finished_at) where status = 'failed' and conversation_id is not null`,
  );
  await knex.raw(
    `create index runs_open_by_priority on platform.runs (organization_id, priority, id) where status = 'queued' and admitted_at is null`,
  );
  for (const index of ['runs_to_admit', 'runs_held', 'runs_unattended']) await knex.raw(`drop index platform.${index}`);
  await knex.raw('alter table platform.runs drop column held, drop column unattended, drop column undone');
}
