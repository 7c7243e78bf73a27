import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import { KnowledgeChunk } from '#db/models/knowledgeChunk.js';
import { KnowledgeSource } from '#db/models/knowledgeSource.js';
import { Organization } from '#db/models/organization.js';
import { audit } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import { found } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import type { ListQuery, Page } from '../common.js';
import { readIdCursor, toPage } from '../paging.js';
import { presentSource } from './present.js';
import type { PassagesView, SearchBody, SourceCreate, SourceView, SourceWithContent } from './schemas.js';

type Deps = Pick<AppDeps, 'db' | 'queues' | 'searchKnowledge'>;

/** Everything but the text itself, which may be half a megabyte. */
const listed = ['id', 'title', 'kind', 'locale', 'status', 'error', 'createdAt', 'updatedAt'] as const;

/** Keeps the text; a worker reads it soon after, and until then it is `reading`. */
export async function createSource(deps: Deps, session: Session, body: SourceCreate): Promise<SourceView> {
  const { organizationId } = session;
  const source = await deps.db.withOrganization(session, async (trx) => {
    const { locale } = found(await Organization.query(trx).findById(organizationId));
    const created = await KnowledgeSource.query(trx).insertAndFetch({
      id: uuidv7(),
      organizationId,
      title: body.title,
      kind: 'text',
      locale: body.locale ?? locale,
      content: body.text ?? body.content,
      status: 'reading',
    });
    await audit(trx, session, {
      action: 'knowledge.add',
      target: { type: 'knowledge', id: created.id, name: created.title },
      details: { kind: created.kind },
    });
    return created;
  });
  await deps.queues.add('index', { sourceId: source.id, organizationId });
  return presentSource(source, 0);
}

export async function listSources({ db }: Deps, session: Session, query: ListQuery): Promise<Page<SourceView>> {
  const before = readIdCursor(query);
  return db.withOrganization(session, async (trx) => {
    const rows = await KnowledgeSource.query(trx)
      .select(...listed)
      .where((builder) => {
        if (before) void builder.where('id', '<', before);
      })
      .orderBy('id', 'desc')
      .limit(query.limit + 1);
    const passages = await countPassages(
      trx,
      rows.map(({ id }) => id),
    );
    return toPage(
      rows,
      query.limit,
      (row) => presentSource(row, passages.get(row.id) ?? 0),
      (row) => [row.id],
    );
  });
}

export const getSource = ({ db }: Deps, session: Session, id: string): Promise<SourceWithContent> =>
  db.withOrganization(session, async (trx) => {
    const source = found(await KnowledgeSource.query(trx).findById(id));
    const passages = await countPassages(trx, [id]);
    return { ...presentSource(source, passages.get(id) ?? 0), text: source.content };
  });

/** Forgets the source and every passage of it. */
export const deleteSource = ({ db }: Deps, session: Session, id: string): Promise<void> =>
  db.withOrganization(session, async (trx) => {
    const { title, kind } = found(await KnowledgeSource.query(trx).select('title', 'kind').findById(id).forUpdate());
    await KnowledgeSource.query(trx).deleteById(id);
    await audit(trx, session, {
      action: 'knowledge.remove',
      target: { type: 'knowledge', id, name: title },
      details: { kind },
    });
  });

export async function search(deps: Deps, { organizationId }: Session, body: SearchBody): Promise<PassagesView> {
  return { items: await deps.searchKnowledge(organizationId, body.query, { limit: body.limit }) };
}

async function countPassages(trx: Knex.Transaction, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await KnowledgeChunk.query(trx)
    .whereIn('sourceId', [...ids])
    .groupBy('sourceId')
    .select('sourceId')
    .count('* as passages')
    .castTo<{ sourceId: string; passages: string }[]>();
  return new Map(rows.map((row) => [row.sourceId, Number(row.passages)]));
}
