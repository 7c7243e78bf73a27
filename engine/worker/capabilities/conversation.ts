import type { Pool } from 'pg';
import type { EventBus } from '#engine/graph/events.js';
import type { Conversation, HistoryMessage } from '#nodes/sdk/context.js';
import type { Locale } from '#nodes/sdk/text.js';
import { handOff } from '../conversation/handOff.js';
import type { ConversationRecord } from '../conversation/record.js';
import { transaction, vaultOf } from '../query.js';

export interface ConversationDeps {
  readonly engine: Pool;
  readonly bus: EventBus;
  readonly runId: string;
  readonly record: ConversationRecord;
  /** The run that the customer's messages are answered by: this one, or the one that it repeats. */
  readonly answers: string;
  /** The team keeps the conversation. */
  readonly rehearsal: boolean;
}

/** Of a rehearsal whose message somebody wrote by hand: it begins with it, and handing it over changes nothing. */
export const imaginedConversation = (runId: string, locale: Locale): Conversation => ({
  id: runId,
  locale,
  history: () => Promise.resolve([]),
  handoff: () => Promise.resolve(),
});

/** The conversation that the run is part of. */
export function createConversation({ engine, bus, runId, record, answers, rehearsal }: ConversationDeps): Conversation {
  const { id, organizationId, locale } = record;
  return {
    id,
    locale,
    async history(limit) {
      // What the run answers is not history, nor what no run has taken yet. What was said to the customer since they wrote is.
      const { rows } = await engine.query<{ author: HistoryMessage['author']; text: string; at: Date }>({
        name: 'conversation:history',
        text: `select author, text, sent_at as at from platform.messages
          where conversation_id = $1 and author <> 'system' and status <> 'failed' and run_id is distinct from $2
            and (direction = 'out' or (answered_by is not null and answered_by <> $2))
          order by id desc limit $3`,
        values: [id, answers, Math.min(Math.max(Math.trunc(limit), 1), 50)],
      });
      const vault = await vaultOf(engine, organizationId);
      return rows
        .reverse()
        .map(({ author, text, at }) => ({ author, text: vault.openText(text), at: at.toISOString() }));
    },
    async handoff(reason, summary) {
      if (rehearsal) return;
      const events = await transaction(engine, (query) =>
        handOff(query, { organizationId, conversationId: id, runId, reason, summary }),
      );
      for (const event of events) bus.publish(organizationId, event);
    },
  };
}
