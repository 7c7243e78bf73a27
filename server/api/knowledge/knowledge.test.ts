import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '#engine/worker/backend.js';
import { jobs } from '#engine/worker/catalog.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import type { Session } from '../auth/schemas.js';

let server: TestApp;
let as: Session;
const asked: unknown[] = [];
beforeAll(async () => {
  server = await buildTestApp({
    searchKnowledge: async (...question) => {
      asked.push(question);
      return [
        {
          id: 'p',
          sourceId: '0198a000-0000-7000-8000-000000000000',
          title: 'Horários',
          text: 'Às 6h.',
          score: 0.9,
          updatedAt: '2026-11-22T00:00:00.000Z',
        },
      ];
    },
  });
  as = await server.register();
});
afterAll(() => server.close());

const tell = (body: object) => server.call('POST', '/knowledge/sources', { as, body });

describe('what the team is told', () => {
  it('is kept and read by a worker soon after', async () => {
    const { status, body } = await tell({ title: 'Horários', text: '# Horários\nAbrimos às 6h.', locale: 'pt-BR' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ title: 'Horários', kind: 'text', status: 'reading', passages: 0 });
    expect((await server.call('GET', `/knowledge/sources/${body.id}`, { as })).body.text).toContain('6h');
    const backend = await openBackend({ databaseUrl: server.url });
    const counts = await backend.queue(jobs.index.queue).getJobCounts();
    expect(counts['waiting']).toBe(1);
    await backend.close();
  });

  it('is forgotten on request, every passage of it', async () => {
    const { body } = await tell({ title: 'Velho', text: 'x' });
    const organization = as.organization.id;
    await server.db.withOrganization(organization, (trx) =>
      trx.raw(
        `insert into platform.knowledge_chunks (id, organization_id, source_id, position, content, embedding, embedding_model)
         values (gen_random_uuid(), ?, ?, 0, 'x', array_fill(0.1, array[1024])::vector, 'sandbox')`,
        [organization, body.id],
      ),
    );
    const listed = await server.call('GET', '/knowledge/sources', { as });
    expect(listed.body.items.find(({ id }: { id: string }) => id === body.id)).toMatchObject({ passages: 1 });
    expect((await server.call('DELETE', `/knowledge/sources/${body.id}`, { as })).status).toBe(204);
    expect((await server.call('GET', `/knowledge/sources/${body.id}`, { as })).status).toBe(404);
    const left = await server.db.withOrganization(organization, (trx) =>
      trx('platform.knowledge_chunks').where('source_id', body.id),
    );
    expect(left).toEqual([]);
  });

  it('may be long, but not without end', async () => {
    expect((await tell({ title: 'Longo', text: 'ç'.repeat(500_000) })).status).toBe(201);
    expect((await tell({ title: 'Longo demais', text: 'a'.repeat(500_001) })).status).toBe(400);
    expect((await tell({ title: 'Enorme', text: 'a'.repeat(3_000_000) })).status).toBe(413);
  });

  it("is searched in the caller's organization", async () => {
    const { body } = await server.call('POST', '/knowledge/search', {
      as,
      body: { query: 'que horas abre?', limit: 3 },
    });
    expect(body.items).toMatchObject([{ title: 'Horários', score: 0.9 }]);
    expect(asked.at(-1)).toEqual([as.organization.id, 'que horas abre?', { limit: 3 }]);
  });
});
