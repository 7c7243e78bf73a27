import type { KnowledgeSource } from '#db/models/knowledgeSource.js';
import type { SourceView } from './schemas.js';

export const presentSource = (source: Omit<KnowledgeSource, 'content'>, passages: number): SourceView => ({
  id: source.id,
  title: source.title,
  kind: source.kind,
  locale: source.locale === 'en' ? 'en' : 'pt-BR',
  status: source.status,
  error: source.error,
  passages,
  createdAt: source.createdAt.toISOString(),
  updatedAt: source.updatedAt.toISOString(),
});
