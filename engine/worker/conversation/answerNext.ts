import type { Pool } from 'pg';
import type { EventBus, LiveEvent } from '#engine/graph/events.js';
import type { Versions } from '../department.js';
import { transaction } from '../query.js';
import { startNextRun } from './nextRun.js';

export interface AnswerDeps {
  readonly engine: Pool;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly versions: Versions;
}

/** Starts the run that answers what the customer wrote meanwhile, if anything waits, or asks a person where no department can. */
export async function answerNext(
  { engine, bus, versions }: AnswerDeps,
  organizationId: string,
  conversationId: string,
): Promise<void> {
  const told: LiveEvent[] = [];
  const tell = (event: LiveEvent): void => void told.push(event);
  await transaction(engine, (query) => startNextRun(query, versions, conversationId, { burst: 'now', tell }));
  for (const event of told) bus.publish(organizationId, event);
}
