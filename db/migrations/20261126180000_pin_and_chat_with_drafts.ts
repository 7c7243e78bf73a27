import type { Knex } from 'knex';

/**
 * Results that stand for steps in a rehearsal, by node; and simulators that the draft answers in: `draft_version_id` is the draft as it
 * was frozen for the last message.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    'alter table platform.runs add column pins jsonb, add constraint runs_pins check (pins is null or rehearsal)',
  );
  await knex.raw(`alter table platform.channels add column draft boolean not null default false,
    add column draft_version_id uuid references platform.department_versions (id) on delete set null,
    add constraint channels_draft check (draft_version_id is null or (draft and kind = 'simulator'))`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table platform.channels drop column draft_version_id, drop column draft');
  await knex.raw('alter table platform.runs drop constraint runs_pins, drop column pins');
}
