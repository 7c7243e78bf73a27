import { setTimeout } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Database } from '#db/connect.js';
import type { ModelGateway } from '#engine/models/gateway.js';
import type { Caller, KeysOf } from '#engine/models/keys.js';
import type { Passage } from '#nodes/sdk/context.js';
import type { Locale } from '#nodes/sdk/text.js';
import { detectLanguage } from '#engine/models/language/detectLanguage.js';
import { NodeError } from '#nodes/sdk/errors.js';
import { likeness } from './score.js';
import { vectorLiteral } from './vector.js';

export interface SearchOptions {
  /** 1..20, 5 unless said. */
  readonly limit?: number;
  /** 0..1: passages below it are left out. About 0.3 is "on the subject", 0.6 "answers it". */
  readonly minScore?: number;
  /** Only passages of these sources; a deleted one, or another organization's, has none. Absent: all. */
  readonly sources?: readonly string[];
  readonly signal?: AbortSignal;
  /** Whose key pays for the vectors; looked up when whoever asks does not know. */
  readonly keys?: KeysOf;
}

interface Row {
  readonly id: string;
  readonly source_id: string;
  readonly title: string;
  readonly locale: string;
  readonly heading: string;
  readonly content: string;
  readonly updated_at: Date;
  /** Cosine similarity; null when the chunk was found by its words alone. */
  readonly similarity: number | null;
  /** Share of the question's words that the chunk holds, 0..1. */
  readonly coverage: number;
  readonly fused: number;
}

/** Candidates of each half, and the constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009). */
const candidates = 30;
const rankConstant = 60;

/*
 * The inner halves are materialised: `relaxed_order` may return neighbours slightly out of order, so the ranks are taken after sorting again.
 */
const sqlOf = (within: string): string => `
with asked as (
  select websearch_to_tsquery('platform.pt', :words) as query, tsvector_to_array(to_tsvector('platform.pt', :text)) as lexemes
), nearest as materialized (
  select id, embedding <=> cast(:vector as vector) as distance from platform.knowledge_chunks
  where embedding_model = :model ${within} order by embedding <=> cast(:vector as vector) limit :candidates
), worded as materialized (
  select c.id, ts_rank_cd(c.search, asked.query, 1) as rank from platform.knowledge_chunks c, asked
  where c.search @@ asked.query ${within} order by rank desc, c.id limit :candidates
), ranked as (
  select id, sum(1.0 / (:constant + place)) as fused, max(similarity) as similarity from (
    select id, row_number() over (order by distance, id) as place, 1 - distance as similarity from nearest
    union all
    select id, row_number() over (order by rank desc, id), null from worded
  ) halves group by id
)
select c.id, c.source_id, s.title, s.locale, c.heading, c.content, s.updated_at, r.similarity, r.fused::float8 as fused,
  cardinality(array(select unnest(tsvector_to_array(c.search)) intersect select unnest(asked.lexemes)))::float8 / greatest(cardinality(asked.lexemes), 1) as coverage
from ranked r join platform.knowledge_chunks c on c.id = r.id join platform.knowledge_sources s on s.id = c.source_id, asked
order by r.fused desc, c.id limit 20`;
const sql = { all: sqlOf(''), some: sqlOf('and source_id = any(:sources::uuid[])') };

/** A chunk as a model reads it: its headings, then its text. */
const textOf = ({ heading, content }: Row): string => {
  const headings = heading
    .split(' > ')
    .filter(Boolean)
    .map((one, index) => `${'#'.repeat(Math.min(6, index + 1))} ${one}`);
  return headings.length ? `${headings.join('\n')}\n\n${content}` : content;
};

/** The question's words joined by "or": a customer's sentence never has all its words in one chunk. */
const anyOf = (query: string): string =>
  [...new Set(query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])].slice(0, 40).join(' or ');

/** Questions of one query: one a line, so that each finds its own passages. */
const mostQuestions = 5;

/**
 * What was told less than this ago and is still being read is waited for, asked about this often: whoever tells something asks about it next, and
 * must not hear that nobody knows. Reading takes a second; longer than this, something is wrong, and what is known must do.
 */
const JUST_TOLD = `interval '20 seconds'`;
const READING_POLL_MS = 100;

/** How much a passage in another language than the question's is put behind those that answer as well. */
const otherLanguage = 0.15;

/** The language that a question is written in; null when its words do not tell. */
function languageOf(text: string): Locale | null {
  const language = detectLanguage(text, 'en');
  return language === detectLanguage(text, 'pt-BR') ? language : null;
}

/**
 * Nearest passages of one organization, best first. Candidates come from their meaning (HNSW) and their words (full text), fused by rank; the best twenty are ordered by score, those in the question's
 * language first among equals. A query of several lines is as many questions: each gives its share of the passages. Row-level security keeps every other organization out. While the embedding model is away, words alone must do.
 */
export async function searchKnowledge(
  db: Database,
  gateway: ModelGateway,
  organizationId: string,
  query: string,
  options: SearchOptions = {},
): Promise<Passage[]> {
  const limit = Math.min(20, Math.max(1, Math.trunc(options.limit ?? 5)));
  const lines = query
    .slice(0, 2_000)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const questions = [...new Set(lines)].slice(0, mostQuestions);
  const { sources } = options;
  if (!questions.length || sources?.length === 0) return [];
  const keys = options.keys ?? (await keysOf(db, organizationId));
  const embedded = await vectorsOf(gateway, { organizationId, keys }, questions, options.signal);
  const search = (): Promise<Row[][] | null> =>
    db.withOrganization(organizationId, async (trx) =>
      (await isReading(trx)) ? null : candidatesFor(trx, questions, embedded, sources),
    );
  let found = await search();
  while (!found) {
    await setTimeout(READING_POLL_MS, undefined, options.signal && { signal: options.signal });
    found = await search();
  }
  const ranked = found.map((rows, index) => {
    const language = languageOf(questions[index] ?? '');
    return (
      rows
        .map((row) => {
          const score = likeness(gateway.embeddingModels[keys], row.similarity, row.coverage);
          return { row, score, place: score - (language && row.locale !== language ? otherLanguage : 0) };
        })
        // Stable: of equals, the one that both halves liked stays first.
        .toSorted((a, b) => b.place - a.place)
        .filter(({ score }) => score > 0 && score >= (options.minScore ?? 0))
    );
  });
  return inTurns(ranked, limit).map(({ row, score }) => ({
    id: row.id,
    sourceId: row.source_id,
    title: row.title,
    text: textOf(row),
    score,
    updatedAt: new Date(row.updated_at).toISOString(),
  }));
}

interface Ranked {
  readonly row: Row;
  readonly score: number;
}

/** The first of each list, then the second of each, until there are `limit`, each chunk once; best first. */
function inTurns(lists: readonly (readonly Ranked[])[], limit: number): Ranked[] {
  if (lists.length === 1) return (lists[0] ?? []).slice(0, limit);
  const taken = new Map<string, Ranked>();
  for (let turn = 0; taken.size < limit && lists.some((list) => turn < list.length); turn++) {
    for (const one of lists.flatMap((list) => list[turn] ?? [])) {
      if (taken.size < limit && !taken.has(one.row.id)) taken.set(one.row.id, one);
    }
  }
  return [...taken.values()].toSorted((a, b) => b.score - a.score);
}

type Embedded = Awaited<ReturnType<typeof vectorsOf>>;

/** The best twenty of each question, in the order of the fused ranks. */
async function candidatesFor(
  trx: Knex.Transaction,
  questions: readonly string[],
  embedded: Embedded,
  sources: readonly string[] | undefined,
) {
  const results: Row[][] = [];
  for (const [index, text] of questions.entries()) {
    const vector = embedded?.vectors[index];
    const { rows } = await trx.raw<{ rows: Row[] }>(sources ? sql.some : sql.all, {
      words: anyOf(text),
      text,
      vector: vectorLiteral(vector ?? [1, ...Array.from({ length: 1023 }, () => 0)]),
      // No chunk has this name: without a vector the first half finds nothing.
      model: vector && embedded ? embedded.model : '',
      candidates,
      constant: rankConstant,
      ...(sources && { sources: [...sources] }),
    });
    results.push(rows);
  }
  return results;
}

/** Prepares the transaction's nearest-neighbour search; answers whether something just told is still being read. */
async function isReading(trx: Knex.Transaction): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: { reading: boolean }[] }>(
    `select set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', '100', true),
       exists (select from platform.knowledge_sources where status = 'reading' and created_at > now() - ${JUST_TOLD}) as reading`,
  );
  return rows[0]?.reading ?? false;
}

/** Whose keys the organization uses. */
const keysOf = (db: Database, organizationId: string): Promise<KeysOf> =>
  db.withOrganization(organizationId, async (trx) => {
    const { rows } = await trx.raw<{ rows: { keys: KeysOf }[] }>(
      'select model_keys as keys from platform.organizations where id = ?',
      [organizationId],
    );
    return rows[0]?.keys ?? 'own';
  });

async function vectorsOf(
  gateway: ModelGateway,
  caller: Caller,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ readonly vectors: readonly (readonly number[])[]; readonly model: string } | null> {
  try {
    return await gateway.embed([...texts], caller, signal ? { signal } : {});
  } catch (error) {
    if (error instanceof NodeError) return null;
    throw error;
  }
}
