import type { Knex } from 'knex';
import { protect } from './tenancy.js';

export async function up(knex: Knex): Promise<void> {
  await knex.raw('create extension if not exists vector');
  await knex.raw('create extension if not exists unaccent');
  await knex.raw('create text search configuration platform.pt (copy = pg_catalog.portuguese)');
  await knex.raw(
    'alter text search configuration platform.pt alter mapping for hword, hword_part, word with unaccent, portuguese_stem',
  );
  await knex.raw(`create table platform.knowledge_sources (
    id uuid primary key,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    title text not null,
    kind text not null check (kind in ('text', 'url', 'file')),
    locale text not null,
    content text not null,
    status text not null default 'ready' check (status in ('reading', 'ready', 'failed')),
    error text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`);
  await knex.raw('create index knowledge_sources_organization on platform.knowledge_sources (organization_id, id)');
  await knex.raw(`create table platform.knowledge_chunks (
    id uuid primary key,
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    source_id uuid not null references platform.knowledge_sources (id) on delete cascade,
    position integer not null,
    heading text not null default '',
    content text not null,
    embedding vector(1024) not null,
    /* Vectors of two models cannot be compared: a search looks only at its own model's. */
    embedding_model text not null,
    search tsvector generated always as (setweight(to_tsvector('platform.pt', heading), 'A') || to_tsvector('platform.pt', content)) stored
  )`);
  await knex.raw(
    'create index knowledge_chunks_embedding on platform.knowledge_chunks using hnsw (embedding vector_cosine_ops) with (m = 16, ef_construction = 64)',
  );
  await knex.raw('create index knowledge_chunks_search on platform.knowledge_chunks using gin (search)');
  await knex.raw(
    'create index knowledge_chunks_source on platform.knowledge_chunks (organization_id, source_id, position)',
  );
  // Answers to writes that carried an Idempotency-Key.
  await knex.raw(`create table platform.idempotency_keys (
    organization_id uuid not null references platform.organizations (id) on delete cascade,
    key text not null,
    request_hash bytea not null,
    status_code integer,
    response jsonb,
    created_at timestamptz not null default now(),
    primary key (organization_id, key)
  )`);

  await protect(knex, { table: 'knowledge_sources', engine: 'select' });
  await protect(knex, { table: 'knowledge_chunks', engine: 'select' });
  await protect(knex, { table: 'idempotency_keys' });
}

export async function down(knex: Knex): Promise<void> {
  for (const table of ['idempotency_keys', 'knowledge_chunks', 'knowledge_sources'])
    await knex.raw(`drop table platform.${table}`);
  await knex.raw('drop text search configuration platform.pt');
}
