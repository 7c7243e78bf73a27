import type { Knex } from 'knex';
import { KnowledgeSource } from '#db/models/knowledgeSource.js';
import type { Known } from '#engine/graph/rules/rule.js';
import type { AppDeps } from '../../deps.js';
import { knownConnections } from '../connections/service.js';

/** What `validate` need know of the organization of the transaction: what its steps may name. */
export async function knownOf(
  { modelCatalogue }: Pick<AppDeps, 'modelCatalogue'>,
  trx: Knex.Transaction,
): Promise<Known> {
  return {
    connections: await knownConnections(trx),
    sources: (await KnowledgeSource.query(trx).select('id')).map(({ id }) => id),
    models: modelCatalogue().map(({ id }) => id),
  };
}
