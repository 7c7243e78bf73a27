import { uuidv7 } from 'uuidv7';
import type { Database } from '#db/connect.js';
import type { ModelGateway } from '#engine/models/gateway.js';
import type { KeysOf } from '#engine/models/keys.js';
import { NodeError } from '#nodes/sdk/errors.js';
import { chunk, type Chunk } from './chunk.js';
import { vectorLiteral } from './vector.js';

interface Source {
  readonly title: string;
  readonly locale: string;
  readonly content: string;
}
type Found = Source & { readonly keys: KeysOf };

/** A chunk with what it is about. The outermost heading is most often the title again, and would make all chunks of a source alike. */
const textToEmbed = (title: string, { heading, content }: Chunk): string =>
  [heading.split(' > ').slice(1).join(' > ') || heading || title, content].join('\n');

const tooOften = 3;
const rowsAtOnce = 100;

/**
 * Reads a source into chunks and replaces its old ones in one transaction; the model is asked outside of it. Sets the source's status to `ready`, or to
 * `failed` with a sentence for its owner, and then throws. A source that is gone, or another organization's, is left alone. If the source is
 * rewritten meanwhile, it is read again.
 * @throws NodeError when the embedding model cannot be had; retryable ones leave the status `reading`, so that the job may try again.
 */
export async function indexSource(
  db: Database,
  gateway: ModelGateway,
  { organizationId, sourceId }: { readonly organizationId: string; readonly sourceId: string },
): Promise<void> {
  for (let turn = 0; turn < tooOften; turn++) {
    const source = await db.withOrganization(organizationId, async (trx) => {
      const found = await trx.raw<{ rows: Found[] }>(
        `update platform.knowledge_sources s set status = 'reading', error = null where id = ? returning title, locale, content,
           (select o.model_keys from platform.organizations o where o.id = s.organization_id) as keys`,
        [sourceId],
      );
      return found.rows[0];
    });
    if (!source) return;
    const chunks = chunk(source.content);
    try {
      const { vectors, model } = await gateway.embed(
        chunks.map((one) => textToEmbed(source.title, one)),
        { organizationId, keys: source.keys },
        { locale: source.locale === 'en' ? 'en' : 'pt-BR' },
      );
      if (await replaceChunks(db, organizationId, sourceId, source, chunks, vectors, model)) return;
    } catch (error) {
      if (!(error instanceof NodeError && error.retryable))
        await markFailed(db, organizationId, sourceId, error, source.locale);
      throw error;
    }
  }
}

/** False when the source is no longer what was read. */
async function replaceChunks(
  db: Database,
  organizationId: string,
  sourceId: string,
  read: Source,
  chunks: readonly Chunk[],
  vectors: readonly number[][],
  model: string,
): Promise<boolean> {
  return db.withOrganization(organizationId, async (trx) => {
    const now = await trx.raw<{ rows: Source[] }>(
      'select title, content from platform.knowledge_sources where id = ? for update',
      [sourceId],
    );
    const [source] = now.rows;
    if (!source) return true;
    if (source.content !== read.content || source.title !== read.title) return false;
    await trx.raw('delete from platform.knowledge_chunks where source_id = ?', [sourceId]);
    const rows = chunks.map(({ heading, content }, position) => ({
      id: uuidv7(),
      organization_id: organizationId,
      source_id: sourceId,
      position,
      heading,
      content,
      embedding: trx.raw('?::vector', [vectorLiteral(vectors[position] ?? [])]),
      embedding_model: model,
    }));
    for (let start = 0; start < rows.length; start += rowsAtOnce)
      await trx('platform.knowledge_chunks').insert(rows.slice(start, start + rowsAtOnce));
    await trx.raw(`update platform.knowledge_sources set status = 'ready', error = null where id = ?`, [sourceId]);
    return true;
  });
}

async function markFailed(
  db: Database,
  organizationId: string,
  sourceId: string,
  error: unknown,
  locale: string,
): Promise<void> {
  const unknown =
    locale === 'en' ? 'This source could not be read. Try again.' : 'Não deu pra ler esta fonte. Tente de novo.';
  const message = error instanceof NodeError ? error.message : unknown;
  await db.withOrganization(organizationId, (trx) =>
    trx.raw(`update platform.knowledge_sources set status = 'failed', error = ? where id = ?`, [message, sourceId]),
  );
}
