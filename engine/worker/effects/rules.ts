import type { Pool } from 'pg';
import type { MessageView } from '#engine/graph/events.js';
import type { EffectKey } from '#engine/run/ledger.js';
import type { Verdict } from '#nodes/sdk/context.js';
import type { Json } from '#nodes/sdk/json.js';
import { APOLOGY } from '../conversation/apologyKey.js';
import { MESSAGE_EFFECT } from '../capabilities/channel.js';
import { HTTP_EFFECT } from '../capabilities/http.js';
import { queryOf, type Query } from '../query.js';

/** One effect whose outcome is not on record, with what the provider was given to know it by. */
export type OpenEffect = EffectKey & { readonly idempotencyKey: string };

/**
 * How the outcome of one kind of effect becomes known when nobody recorded it. A channel or a payment provider that is added brings its
 * own; what no rule names is a person's to say.
 */
export interface EffectRule {
  /** The part of the ledger's key after the step's path. */
  readonly kind: string;
  /** How long the provider's own reports may take before a person is asked, in milliseconds; 0 where none come. */
  readonly reportsWithinMs: number;
  /** Asks the provider, or what it has told us. */
  reconcile(engine: Pool, effect: OpenEffect): Promise<Verdict>;
  /** Writes down what a person says, where it shows beside the effect, and gives what the step would have got if it happened. */
  believe(query: Query, effect: OpenEffect, happened: boolean): Promise<Json>;
}

const unknown: Verdict = { happened: 'unknown' };

/**
 * A message. Its row is committed, fenced by the lease, before the channel is called, so no row means that nothing was sent; one that the channel
 * has reported on (it echoes our key) or that we saw accepted was. In between, the channel's report settles it, usually within seconds.
 */
const message: EffectRule = {
  kind: MESSAGE_EFFECT,
  reportsWithinMs: 60_000,
  async reconcile(engine, effect) {
    const row = await messageOf(queryOf(engine), effect);
    // What the channel took and then could not deliver was sent all the same.
    if (!row || (row.status === 'failed' && row.externalId === null)) return { happened: false };
    if (row.status === 'uncertain') return unknown;
    if (row.status !== 'queued') return { happened: true, result: { messageId: row.id } };
    await engine.query(`update platform.messages set status = 'uncertain' where id = $1 and status = 'queued'`, [
      row.id,
    ]);
    return unknown;
  },
  async believe(query, effect, happened) {
    const row = await messageOf(query, effect);
    if (!row) return null;
    await query(`update platform.messages set status = $2 where id = $1 and status = 'uncertain'`, [
      row.id,
      happened ? 'sent' : 'failed',
    ]);
    return { messageId: row.id };
  },
};

async function messageOf(
  query: Query,
  { organizationId, runId, idempotencyKey }: OpenEffect,
): Promise<{ id: string; status: MessageView['status']; externalId: string | null } | null> {
  const rows = await query<{ id: string; status: MessageView['status']; externalId: string | null }>(
    `select m.id, m.status, m.external_id as "externalId" from platform.runs r
     join platform.messages m on m.conversation_id = r.conversation_id and m.run_id = r.id
     where r.id = $1 and r.organization_id = $2 and m.payload ->> 'opaque' = $3`,
    [runId, organizationId, idempotencyKey],
  );
  return rows[0] ?? null;
}

/** A request to another system of which nothing more is known. Where its author says how to ask, or that it may be repeated, the step does that itself. */
const http: EffectRule = {
  kind: HTTP_EFFECT,
  reportsWithinMs: 0,
  reconcile: async () => unknown,
  believe: async () => ({ status: 200, headers: {}, json: null, text: '' }),
};

const anythingElse: EffectRule = {
  kind: 'other',
  reportsWithinMs: 0,
  reconcile: async () => unknown,
  believe: async () => null,
};

const rules: readonly EffectRule[] = [message, http];

/** Kinds whose provider reports by itself, with how long that may take. */
export const reporting = rules.filter(({ reportsWithinMs }) => reportsWithinMs > 0);

/** `<path>:<kind>:<name>`, taken apart; the apology after a failed run stands in no step. */
export function partsOf(key: string): { readonly path: string | null; readonly kind: string; readonly name: string } {
  if (key === APOLOGY) return { path: null, kind: message.kind, name: key };
  const [, path = null, kind = anythingElse.kind, name = key] = /^([^:]*):(?:([^:]*):)?(.*)$/s.exec(key) ?? [];
  return { path, kind: rules.some((rule) => rule.kind === kind) ? kind : anythingElse.kind, name };
}

export function ruleOf(key: string): EffectRule {
  const { kind } = partsOf(key);
  return rules.find((rule) => rule.kind === kind) ?? anythingElse;
}
