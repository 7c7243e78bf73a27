import type { Pool } from 'pg';
import type { EventBus, StepError } from '#engine/graph/events.js';
import { failureText } from '#engine/graph/failureTexts.js';
import type { Ledger, Perform } from '#engine/run/ledger.js';
import { NodeError } from '#nodes/sdk/errors.js';
import type { Json } from '#nodes/sdk/json.js';
import { words } from '#nodes/sdk/text.js';
import { createChannel, TOO_MANY_REPLIES } from '../capabilities/channel.js';
import { queryOf, transaction, type Query } from '../query.js';
import type { Sender } from '../sender.js';
import { APOLOGY } from './apologyKey.js';
import { handOff, note } from './handOff.js';
import { loadConversation } from './record.js';

const sentence = words(
  'Desculpa, tive um problema aqui e não consegui te responder agora. Já chamei uma pessoa da equipe pra continuar com você.',
  "Sorry, something went wrong on my side and I couldn't answer you just now. I've called someone from the team to carry on with you.",
);
const reason = words('O departamento não conseguiu responder', 'The department could not answer');

export interface ApologyDeps {
  readonly engine: Pool;
  readonly bus: EventBus;
  readonly sender: Sender;
  readonly ledger: Pick<Ledger, 'effect' | 'lease'>;
}

export interface FailedRun {
  readonly id: string;
  readonly organizationId: string;
  readonly conversationId: string;
  readonly error: Pick<StepError, 'code' | 'message'>;
  /** So long ago that the sentence would only puzzle. */
  readonly late?: boolean;
}

/**
 * A run failed on a customer: unless it had answered already, they get one sentence, and a person gets the conversation either way.
 * The sentence is a courtesy that the channel may refuse; the person comes in any case.
 */
export async function apologize({ engine, bus, sender, ledger }: ApologyDeps, run: FailedRun): Promise<void> {
  const { organizationId, conversationId } = run;
  const query = queryOf(engine);
  const record = await loadConversation(query, organizationId, conversationId);
  const [{ answered, locale } = { answered: false, locale: record.locale }] = await query<{
    answered: boolean;
    locale: 'pt-BR' | 'en';
  }>(
    `select exists (select 1 from platform.messages m where m.conversation_id = $1 and m.run_id = $2 and m.direction = 'out' and m.author = 'team'
       and m.status <> 'failed' and m.payload ->> 'opaque' is distinct from $4) as answered, o.locale from platform.organizations o where o.id = $3`,
    [conversationId, run.id, organizationId, `${run.id}/${APOLOGY}`],
  );
  // Whoever has had too many answers gets no more, not even this one.
  if (!answered && !run.late && run.error.code !== TOO_MANY_REPLIES) {
    const channel = createChannel({
      engine,
      bus,
      sender,
      runId: run.id,
      record,
      lease: ledger.lease,
      effect: async <T extends Json>(_: string, perform: Perform<T>) =>
        (await ledger.effect({ organizationId, runId: run.id, key: APOLOGY }, perform)) as T,
    });
    try {
      await channel.send(APOLOGY, { text: sentence[record.locale] });
    } catch (error) {
      // The channel said no, or nobody knows: a person comes in any case. Anything else is ours, and whoever takes over tries again.
      if (!(error instanceof NodeError)) throw error;
    }
  }
  const events = await transaction(engine, async (trx) => {
    const handed = {
      organizationId,
      conversationId,
      runId: run.id,
      reason: reason[locale],
      summary: failureText(run.error.code, locale) ?? run.error.message,
    };
    // The conversation before its run, as whoever takes a message in holds them.
    await trx('select 1 from platform.conversations where id = $1 for update', [conversationId]);
    await trx('update platform.runs set unattended = false where id = $1', [run.id]);
    const told = await handOff(trx, handed);
    // A person has it: told of the failure too, they may give it back without it being brought to them again (see `apologizeForgotten`).
    return told.length > 0 || (await isNoted(trx, run)) ? told : note(trx, { ...handed, kind: 'text' });
  });
  for (const event of events) bus.publish(organizationId, event);
}

const isNoted = async (query: Query, { id, conversationId }: FailedRun): Promise<boolean> =>
  (
    await query(
      `select 1 from platform.messages where conversation_id = $1 and run_id = $2 and author = 'system' limit 1`,
      [conversationId, id],
    )
  ).length > 0;
