import { readFileSync } from 'node:fs';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createModels } from '#engine/models/gateway.js';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { startOpenAI, type OpenAIEmulator } from '#tests/support/openai/server.js';
import { indexSource } from './indexSource.js';
import { searchKnowledge } from './search.js';
import { staleSources } from './staleSources.js';
import { vectorLiteral } from './vector.js';

const gateway = createModels({ sandboxWordMs: 0 });
const fixture = (name: string): string => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');

let test_: TestDatabase;
let openai: OpenAIEmulator | undefined;
beforeAll(async () => {
  test_ = await testDatabase();
});
afterAll(() => Promise.all([test_.close(), openai?.close()]));

async function organization(name: string): Promise<string> {
  const id = uuidv7();
  await test_.db.withIdentity((trx) =>
    trx.raw('insert into platform.organizations (id, name, slug) values (?, ?, ?)', [id, name, id]),
  );
  return id;
}

async function unread(organizationId: string, title: string, content: string, locale = 'pt-BR'): Promise<string> {
  const id = uuidv7();
  await test_.db.withOrganization(organizationId, (trx) =>
    trx.raw(
      `insert into platform.knowledge_sources (id, organization_id, title, kind, locale, content, status) values (?, ?, ?, 'text', ?, ?, 'reading')`,
      [id, organizationId, title, locale, content],
    ),
  );
  return id;
}

async function source(organizationId: string, title: string, content: string, locale = 'pt-BR'): Promise<string> {
  const id = await unread(organizationId, title, content, locale);
  await indexSource(test_.db, gateway, { organizationId, sourceId: id });
  return id;
}

const statusOf = async (
  organizationId: string,
  sourceId: string,
): Promise<{ status: string; error: string | null }> => {
  const { rows } = await test_.db.withOrganization(organizationId, (trx) =>
    trx.raw<{ rows: { status: string; error: string | null }[] }>(
      'select status, error from platform.knowledge_sources where id = ?',
      [sourceId],
    ),
  );
  return rows[0] ?? { status: 'gone', error: null };
};

describe('a bakery', () => {
  let bakery: string;
  beforeAll(async () => {
    bakery = await organization('Pão da Lúcia');
    for (const name of ['hours', 'prices', 'orders', 'allergens'])
      await source(bakery, name, fixture(`${name}.pt-BR.md`));
    await source(bakery, 'shop', fixture('shop.en.md'), 'en');
  });

  test.each([
    ['Que horas vocês abrem?', 'das 6h às 19h'],
    ['vcs abre domingo', 'das 7h às 13h'],
    ['aceita pix?', 'Pix'],
    ['entregam nas graças?', 'Graças'],
    ['quanto é a taxa de entrega', 'R$ 7,00'],
    ['o bolo de cenoura tem gluten?', 'Glúten'],
    ['quanto custa o bolo de rolo?', 'R$ 78,00'],
    ['how much is the croissant?', 'Croissant'],
    ['do you have parking?', 'estacionamento'],
    ['when do you open on saturday', '6 am to 6 pm'],
    ['is there anything for vegans', 'veganos'],
    ['can I cancel my order?', 'canceladas'],
    ['meu pao veio errado', 'veio errado'],
    ['preciso dar sinal na encomenda?', 'sinal de 50%'],
  ])('finds the passage for "%s" among the first two', async (question, words) => {
    const passages = await searchKnowledge(test_.db, gateway, bakery, question, { limit: 3 });
    expect(
      passages
        .slice(0, 2)
        .map(({ text }) => text)
        .join('\n'),
    ).toContain(words);
    expect(passages[0]?.score).toBeGreaterThan(0.3);
  });

  test.each(['Vocês vendem sushi?', 'vcs consertam celular?', 'what is the capital of France'])(
    'has nothing on the subject of "%s"',
    async (question) => {
      expect(await searchKnowledge(test_.db, gateway, bakery, question, { minScore: 0.3 })).toEqual([]);
    },
  );

  test('gives titles, headings, source ids and times with each passage', async () => {
    const [passage] = await searchKnowledge(test_.db, gateway, bakery, 'aceitam cartão de crédito?', { limit: 1 });
    expect(passage).toMatchObject({
      title: 'orders',
      text: expect.stringMatching(/^# Encomendas e entrega\n## Pagamento\n\nAceitamos Pix/),
    });
    expect(new Date(passage?.updatedAt ?? '').getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  test('keeps to the limit and answers an empty question with nothing', async () => {
    expect(
      await searchKnowledge(test_.db, gateway, bakery, 'pão bolo entrega pagamento horário', { limit: 2 }),
    ).toHaveLength(2);
    expect(await searchKnowledge(test_.db, gateway, bakery, '   ')).toEqual([]);
  });

  test.each([
    `'; drop table platform.knowledge_chunks; --`,
    '"unclosed',
    '??? ::: & | ! <->',
    '🍞',
    'a'.repeat(10_000),
  ])('takes odd questions (%#)', async (question) => {
    await expect(searchKnowledge(test_.db, gateway, bakery, question)).resolves.toBeInstanceOf(Array);
  });
});

describe('some of the sources', () => {
  test('are searched, and no others; a deleted one and none are nothing', async () => {
    const id = await organization('C');
    const [cakes, breads] = [
      await source(id, 'cakes', 'O bolo de fubá custa R$ 20.'),
      await source(id, 'breads', 'O pão de fubá custa R$ 9.'),
    ];
    const titles = async (sources?: string[], question = 'quanto custa o de fubá?'): Promise<string[]> =>
      (await searchKnowledge(test_.db, gateway, id, question, { ...(sources && { sources }) }))
        .map(({ title }) => title)
        .toSorted();
    expect(await titles()).toEqual(['breads', 'cakes']);
    expect(await titles([breads])).toEqual(['breads']);
    expect(await titles([breads, cakes])).toEqual(['breads', 'cakes']);
    expect(await titles([])).toEqual([]);
    // Another organization's is as good as none.
    const other = await source(await organization('D'), 'theirs', 'O fubá da D.');
    expect(await titles([other])).toEqual([]);
    await test_.db.withOrganization(id, (trx) =>
      trx.raw('delete from platform.knowledge_sources where id = ?', [breads]),
    );
    expect(await titles([breads])).toEqual([]);
    expect(await titles([breads, cakes])).toEqual(['cakes']);
  });
});

describe('two organizations', () => {
  test("never see each other's chunks, whatever they ask", async () => {
    const [a, b] = await Promise.all([organization('A'), organization('B')]);
    await source(a, 'ours', 'O segredo da A é o fermento azul.');
    const hidden = await source(b, 'theirs', 'O segredo da B é o fermento vermelho.');
    const found = await searchKnowledge(test_.db, gateway, a, 'segredo fermento vermelho da B', { limit: 20 });
    expect(found.map(({ title }) => title)).toEqual(['ours']);
    // At the database itself: the same rows, asked for by id.
    const rows = await test_.db.withOrganization(a, (trx) =>
      trx.raw<{ rows: unknown[] }>('select id from platform.knowledge_chunks where source_id = ?', [hidden]),
    );
    expect(rows.rows).toEqual([]);
  });

  test("cannot index each other's sources", async () => {
    const [a, b] = await Promise.all([organization('A'), organization('B')]);
    const theirs = await source(b, 'theirs', 'Texto da B.');
    await test_.db.withOrganization(b, (trx) =>
      trx.raw(`update platform.knowledge_sources set content = 'Outro texto.' where id = ?`, [theirs]),
    );
    await indexSource(test_.db, gateway, { organizationId: a, sourceId: theirs });
    expect((await searchKnowledge(test_.db, gateway, b, 'texto')).map(({ text }) => text)).toEqual(['Texto da B.']);
    expect(await statusOf(b, theirs)).toMatchObject({ status: 'ready' });
  });
});

describe('indexing', () => {
  test('is waited for by a question that comes right after something was told, not by one that comes later', async () => {
    const id = await organization('Just told');
    const sourceId = await unread(id, 'hours', 'No domingo abrimos às 6h30.');
    const asked = searchKnowledge(test_.db, gateway, id, 'que horas abrem no domingo?');
    await indexSource(test_.db, gateway, { organizationId: id, sourceId });
    expect((await asked).map(({ title }) => title)).toEqual(['hours']);

    const lost = await unread(id, 'prices', 'O bolo custa R$ 30.');
    await test_.db.withOrganization(id, (trx) =>
      trx.raw(`update platform.knowledge_sources set created_at = now() - interval '1 hour' where id = ?`, [lost]),
    );
    const found = await searchKnowledge(test_.db, gateway, id, 'que horas abrem no domingo?');
    expect(found.map(({ title }) => title)).toEqual(['hours']);
  });

  test('replaces the old chunks and can be repeated', async () => {
    const id = await organization('Replace');
    const sourceId = await source(id, 'menu', 'Temos bolo de milho.');
    await test_.db.withOrganization(id, (trx) =>
      trx.raw(`update platform.knowledge_sources set content = 'Temos bolo de macaxeira.' where id = ?`, [sourceId]),
    );
    await indexSource(test_.db, gateway, { organizationId: id, sourceId });
    await indexSource(test_.db, gateway, { organizationId: id, sourceId });
    expect((await searchKnowledge(test_.db, gateway, id, 'bolo', { limit: 20 })).map(({ text }) => text)).toEqual([
      'Temos bolo de macaxeira.',
    ]);
  });

  test('leaves no chunks of an empty source and calls it ready', async () => {
    const id = await organization('Empty');
    const sourceId = await source(id, 'empty', '  \n ');
    expect(await statusOf(id, sourceId)).toEqual({ status: 'ready', error: null });
  });

  test('keeps what was there, and says why, when the embedding model refuses the key', async () => {
    const id = await organization('Fails');
    const sourceId = await source(id, 'menu', 'Temos bolo de milho.');
    const refused = {
      ...gateway,
      embed: createModels({ openai: { apiKey: 'x', baseUrl: await refusingServer() }, retry: { attempts: 1 } }).embed,
    };
    await expect(indexSource(test_.db, refused, { organizationId: id, sourceId })).rejects.toMatchObject({
      code: 'model_unavailable',
      retryable: false,
    });
    expect(await statusOf(id, sourceId)).toMatchObject({ status: 'failed', error: expect.stringContaining('chave') });
    expect(await searchKnowledge(test_.db, gateway, id, 'bolo')).toHaveLength(1);
  });

  test('lists the sources whose chunks are of another model, and no others', async () => {
    const id = await organization('Stale');
    const [old, fresh] = [await source(id, 'old', 'Bolo de fubá.'), await source(id, 'fresh', 'Pão doce.')];
    await test_.db.withOrganization(id, (trx) =>
      trx.raw(`update platform.knowledge_chunks set embedding_model = 'before' where source_id = ?`, [old]),
    );
    const mine = (await staleSources(test_.db, gateway))
      .filter(({ organizationId }) => organizationId === id)
      .map(({ sourceId }) => sourceId);
    expect(mine).toEqual([old]);
    // Found by its words meanwhile, and listed no more once it is read again.
    expect((await searchKnowledge(test_.db, gateway, id, 'fubá'))[0]?.title).toBe('old');
    await indexSource(test_.db, gateway, { organizationId: id, sourceId: old });
    expect((await staleSources(test_.db, gateway)).filter(({ organizationId }) => organizationId === id)).toEqual([]);
    expect(fresh).toBeTruthy();
  });
});

test('finds at least 95% of the true ten nearest of a small organization among 1,000 chunks of others', async () => {
  const [crowd, small] = await Promise.all([organization('Crowd'), organization('Small')]);
  const random = randomOf(7);
  // All on one subject, so that the nearest are near: cosines around one half.
  const subject = Array.from({ length: 1024 }, () => random() - 0.5);
  const vector = (): number[] => subject.map((value) => value + random() - 0.5);
  const fill = async (organizationId: string, count: number): Promise<{ content: string; vector: number[] }[]> => {
    const sourceId = await source(organizationId, 'vectors', '');
    const made = Array.from({ length: count }, (_, index) => ({
      content: `${organizationId} ${index}`,
      vector: vector(),
    }));
    for (let start = 0; start < count; start += 100) {
      await test_.db.withOrganization(organizationId, (trx) =>
        trx('platform.knowledge_chunks').insert(
          made.slice(start, start + 100).map((one, index) => ({
            id: uuidv7(),
            organization_id: organizationId,
            source_id: sourceId,
            position: start + index,
            content: one.content,
            embedding: trx.raw('?::vector', [vectorLiteral(one.vector)]),
            embedding_model: gateway.embeddingModels.platform,
          })),
        ),
      );
    }
    return made;
  };
  const mine = await withoutIndex(async () => {
    await fill(crowd, 1_000);
    return fill(small, 40);
  });
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((total, value, index) => total + value * (b[index] ?? 0), 0);
  const cosine = (a: readonly number[], b: readonly number[]): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  let found = 0;
  for (let turn = 0; turn < 10; turn++) {
    const asked = vector();
    const truth = mine
      .toSorted((a, b) => cosine(asked, b.vector) - cosine(asked, a.vector))
      .slice(0, 10)
      .map(({ content }) => content);
    const fixed = {
      ...gateway,
      embed: () =>
        Promise.resolve({
          vectors: [asked],
          model: gateway.embeddingModels.platform,
          usage: { provider: 'x', model: 'x', inputTokens: 0, outputTokens: 0, costMicros: 0 },
        }),
    };
    const passages = await searchKnowledge(test_.db, fixed, small, 'zzz', { limit: 10 });
    found += passages.filter(({ text }) => truth.includes(text)).length;
    expect(passages.every(({ text }) => text.startsWith(small))).toBe(true);
  }
  expect(found / 100).toBeGreaterThanOrEqual(0.95);
}, 120_000);

/** Many rows go in several times faster when the HNSW index is built over them at the end. */
async function withoutIndex<T>(insert: () => Promise<T>): Promise<T> {
  const owner = new pg.Client({ connectionString: test_.url });
  await owner.connect();
  try {
    const { rows } = await owner.query<{ indexdef: string }>(
      `select indexdef from pg_indexes where indexname = 'knowledge_chunks_embedding'`,
    );
    await owner.query('drop index platform.knowledge_chunks_embedding');
    const result = await insert();
    await owner.query(rows[0]?.indexdef ?? '');
    return result;
  } finally {
    await owner.end();
  }
}

/** Mulberry32: the same numbers every time. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Answers every request as OpenAI answers a wrong key. */
async function refusingServer(): Promise<string> {
  openai = await startOpenAI();
  openai.apiKey = 'another';
  return openai.baseUrl;
}
