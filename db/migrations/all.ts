import type { Knex } from 'knex';
import * as createIdentity from './20261122000000_create_identity.js';
import * as createDepartments from './20261122000100_create_departments.js';
import * as createConversations from './20261122000200_create_conversations.js';
import * as createRuns from './20261122000300_create_runs.js';
import * as createKnowledge from './20261122000400_create_knowledge.js';
import * as createSessions from './20261124000000_create_sessions.js';
import * as indexRefreshTokens from './20261124000010_index_refresh_tokens.js';
import * as createOneTimeTokens from './20261124000100_create_one_time_tokens.js';
import * as createSecondFactors from './20261124000110_create_second_factors.js';
import * as createAuditLog from './20261124000300_create_audit_log.js';
import * as grantErasure from './20261124000310_grant_erasure.js';
import * as sealIdempotentAnswers from './20261124000320_seal_idempotent_answers.js';
import * as limitToDepartments from './20261125000500_limit_to_departments.js';
import * as indexRuns from './20261126112500_index_runs.js';
import * as travelInTime from './20261126112500_travel_in_time.js';
import * as widenConnections from './20261126112610_widen_connections.js';
import * as supersedeRuns from './20261126112720_supersede_runs.js';
import * as completeEffects from './20261126114500_complete_effects.js';
import * as createDrafts from './20261126114500_create_drafts.js';
import * as orderOpenRuns from './20261126115000_order_open_runs.js';
import * as versionKeys from './20261126115500_version_keys.js';
import * as createBudgets from './20261126121500_create_budgets.js';
import * as markWritesDone from './20261126121500_mark_writes_done.js';
import * as sealPersonalFields from './20261126121500_seal_personal_fields.js';
import * as waitForEvents from './20261126121500_wait_for_events.js';
import * as catchUpSchedules from './20261126122500_catch_up_schedules.js';
import * as indexWaitingRuns from './20261126184500_index_waiting_runs.js';
import * as giveLimitsARole from './20261126213000_give_limits_a_role.js';
import * as knowWhichKeyMadeAKey from './20261127011500_know_which_key_made_a_key.js';
import * as indexWhatAwaitsPeople from './20261127170000_index_what_awaits_people.js';
import * as holdRunsAndHandOverFailures from './20261127173500_hold_runs_and_hand_over_failures.js';
import * as keepEdits from './20261127210000_keep_edits.js';
import * as dropDoubledIndex from './20261128053000_drop_doubled_index.js';
import * as letTenantsStoreArrivals from './20261128055500_let_tenants_store_arrivals.js';
import * as orderEdits from './20261127200500_order_edits.js';
import * as sealStepsTogether from './20261127180000_seal_steps_together.js';
import * as countDeathsOfRuns from './20261127203000_count_deaths_of_runs.js';
import * as vacuumHotTablesLessOften from './20261127204500_vacuum_hot_tables_less_often.js';
import * as planLessForPolicies from './20261126190500_plan_less_for_policies.js';
import * as pinAndChatWithDrafts from './20261126180000_pin_and_chat_with_drafts.js';
import * as retainRuns from './20261126124600_retain_runs.js';
import * as sealRuns from './20261126150000_seal_runs.js';
import * as orderInboundEvents from './20261126160000_order_inbound_events.js';
import * as forgetInboundEvents from './20261126170000_forget_inbound_events.js';

/** Every migration in order, under the name it is recorded by for ever. */
export const migrations: readonly (readonly [name: string, migration: Knex.Migration])[] = [
  ['20261122000000_create_identity', createIdentity],
  ['20261122000100_create_departments', createDepartments],
  ['20261122000200_create_conversations', createConversations],
  ['20261122000300_create_runs', createRuns],
  ['20261122000400_create_knowledge', createKnowledge],
  ['20261124000000_create_sessions', createSessions],
  ['20261124000010_index_refresh_tokens', indexRefreshTokens],
  ['20261124000100_create_one_time_tokens', createOneTimeTokens],
  ['20261124000110_create_second_factors', createSecondFactors],
  ['20261124000300_create_audit_log', createAuditLog],
  ['20261124000310_grant_erasure', grantErasure],
  ['20261124000320_seal_idempotent_answers', sealIdempotentAnswers],
  ['20261125000500_limit_to_departments', limitToDepartments],
  ['20261126112500_index_runs', indexRuns],
  ['20261126112500_travel_in_time', travelInTime],
  ['20261126112610_widen_connections', widenConnections],
  ['20261126112720_supersede_runs', supersedeRuns],
  ['20261126114500_complete_effects', completeEffects],
  ['20261126114500_create_drafts', createDrafts],
  ['20261126115000_order_open_runs', orderOpenRuns],
  ['20261126115500_version_keys', versionKeys],
  ['20261126121500_create_budgets', createBudgets],
  ['20261126121500_mark_writes_done', markWritesDone],
  ['20261126121500_seal_personal_fields', sealPersonalFields],
  ['20261126121500_wait_for_events', waitForEvents],
  ['20261126122500_catch_up_schedules', catchUpSchedules],
  ['20261126124600_retain_runs', retainRuns],
  ['20261126150000_seal_runs', sealRuns],
  ['20261126160000_order_inbound_events', orderInboundEvents],
  ['20261126170000_forget_inbound_events', forgetInboundEvents],
  ['20261126180000_pin_and_chat_with_drafts', pinAndChatWithDrafts],
  ['20261126184500_index_waiting_runs', indexWaitingRuns],
  ['20261126190500_plan_less_for_policies', planLessForPolicies],
  ['20261126213000_give_limits_a_role', giveLimitsARole],
  ['20261127011500_know_which_key_made_a_key', knowWhichKeyMadeAKey],
  ['20261127170000_index_what_awaits_people', indexWhatAwaitsPeople],
  ['20261127173500_hold_runs_and_hand_over_failures', holdRunsAndHandOverFailures],
  ['20261127180000_seal_steps_together', sealStepsTogether],
  ['20261127200500_order_edits', orderEdits],
  ['20261127203000_count_deaths_of_runs', countDeathsOfRuns],
  ['20261127204500_vacuum_hot_tables_less_often', vacuumHotTablesLessOften],
  ['20261127210000_keep_edits', keepEdits],
  ['20261128053000_drop_doubled_index', dropDoubledIndex],
  ['20261128055500_let_tenants_store_arrivals', letTenantsStoreArrivals],
];
