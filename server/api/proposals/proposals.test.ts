import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModels } from '#engine/models/gateway.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { startOpenAI, type OpenAIEmulator } from '#tests/support/openai/server.js';
import type { Session } from '../auth/schemas.js';

/** One server: an organization without any model, and one that has one. */
let server: TestApp;
let openai: OpenAIEmulator;
interface House {
  readonly as: Session;
  readonly department: string;
}
let sandbox: House;
let modelled: House;
beforeAll(async () => {
  openai = await startOpenAI();
  const [none, real] = [
    createModels({ sandboxWordMs: 0 }),
    createModels({ openai: { apiKey: 'key', baseUrl: openai.baseUrl } }),
  ];
  server = await buildTestApp({
    models: (caller) =>
      (caller.organizationId === modelled.as.organization.id ? real : none).forRun({
        ...caller,
        charge: () => undefined,
      }),
  });
  const open = async (): Promise<House> => {
    const as = await server.register();
    const hired = { name: 'Balcão', template: 'customer-service' };
    return { as, department: (await server.call('POST', '/departments', { as, body: hired })).body.id };
  };
  sandbox = await open();
  modelled = await open();
}, 120_000);
afterAll(() => Promise.all([server?.close(), openai?.close()]));

const ask = (request: string, { as, department } = sandbox, locale = 'pt-BR') =>
  server.call('POST', `/departments/${department}/proposals`, {
    as,
    body: { request },
    headers: { 'accept-language': locale },
  });
const draftOf = async ({ as, department } = sandbox) =>
  (await server.call('GET', `/departments/${department}`, { as })).body.draft;
interface Edge {
  from: { node: string; port: string };
  to: { node: string };
}
const sides = (edges: Edge[]) => edges.map(({ from, to }) => `${from.node}.${from.port}>${to.node}`).sort();

describe('the sandbox', () => {
  it('adds a step after another, joined on both sides, and changes nothing by itself', async () => {
    const before = await draftOf();
    const { status, body } = await ask('Por favor, ponha uma espera de 10 minutos depois de "Sente o clima".');
    expect(status).toBe(200);
    expect(body).toMatchObject({ sandbox: true, problems: [], summary: expect.stringContaining('Sente o clima') });
    const [made] = body.diff.nodes.added;
    expect(made).toMatchObject({ type: 'logic.delay', config: { amount: 10, unit: 'minutes' } });
    expect(sides(body.diff.edges.added)).toEqual([`${made.id}.out>remember`, `mood.out>${made.id}`].sort());
    expect(sides(body.diff.edges.removed)).toEqual(['mood.out>remember']);
    expect(await draftOf()).toEqual(before);
  });

  it.each<
    [
      request: string,
      expected: {
        removed?: string[];
        renamed?: string;
        joined?: string;
        added?: string;
        amount?: [number, string];
        /** Way out that leads to what is added. */
        joins?: string;
        /** What a step says from then on. */
        says?: string;
      },
    ]
  >([
    ['Remove "Guarda na memória"', { removed: ['remember'] }],
    ['tire o passo guarda na memoria', { removed: ['remember'] }],
    ['Delete the step Guarda na memória, please', { removed: ['remember'] }],
    ['Renomeie Sente o clima para Humor do cliente', { renamed: 'Humor do cliente' }],
    ['rename "Sente o clima" to "Mood"', { renamed: 'Mood' }],
    ['Ligue Guarda na memória em Manda a resposta', { joined: 'remember.out>send' }],
    ['connect "Guarda na memória" to "Manda a resposta"', { joined: 'remember.out>send' }],
    ['adicione uma espera depois de "Sente o clima"', { added: 'logic.delay' }],
    ['insert a wait between Lembra quem é and Sente o clima', { added: 'logic.delay' }],
    ['Insert a delay before "Guarda na memória"', { added: 'logic.delay' }],
    ['quero que ele espere meia hora antes de Guarda na memória', { added: 'logic.delay', amount: [30, 'minutes'] }],
    ['Add a delay of one day after "Sente o clima"', { added: 'logic.delay', amount: [1, 'days'] }],
    ['add a 2-hour wait after the "Sente o clima"', { added: 'logic.delay', amount: [2, 'hours'] }],
    ['faça uma pergunta dizendo "Tudo bem?" antes de tudo', { added: 'human.ask', joins: 'message.message' }],
    ['Ligue Guarda na memória direto em Manda a resposta', { joined: 'remember.out>send' }],
    ['rename the trigger to "Chegou"', { renamed: 'Chegou' }],
    ['renomeia a análise de sentimento para Humor', { renamed: 'Humor' }],
    ['chame Sente o clima de Termômetro', { renamed: 'Termômetro' }],
    ['troca o texto de "Diz que não tem aqui" por "Não sei ainda"', { says: 'Não sei ainda' }],
    ['change the text of "Diz que não tem aqui" to "I do not know yet"', { says: 'I do not know yet' }],
    ['Add a question saying "Tudo bem?" between "Sente o clima" and "Guarda na memória"', { added: 'human.ask' }],
    [
      'acrescenta busca na base depois do Sente o clima e renomeie Guarda na memória para Memória',
      { added: 'data.knowledgeSearch', renamed: 'Memória' },
    ],
  ])('understands: %s', async (request, expected) => {
    const { status, body } = await ask(
      request,
      sandbox,
      /[a-z] (the|to|before|between)/i.test(request) ? 'en' : 'pt-BR',
    );
    expect([status, body.error?.details]).toEqual([200, undefined]);
    const { nodes, edges } = body.diff;
    if (expected.removed) expect(nodes.removed.map(({ id }: { id: string }) => id)).toEqual(expected.removed);
    if (expected.renamed)
      expect(nodes.changed[0].fields).toContainEqual(
        expect.objectContaining({ path: 'title', after: expected.renamed }),
      );
    if (expected.says)
      expect(nodes.changed[0].fields).toContainEqual(
        expect.objectContaining({ path: 'config.text', after: expected.says }),
      );
    if (expected.joined) expect(sides(edges.added)).toEqual([expected.joined]);
    if (expected.added) expect(nodes.added.map(({ type }: { type: string }) => type)).toEqual([expected.added]);
    if (expected.amount) expect([nodes.added[0].config.amount, nodes.added[0].config.unit]).toEqual(expected.amount);
    if (expected.joins) expect(sides(edges.added)).toContain(`${expected.joins}>${nodes.added[0].id}`);
  });

  it.each([
    ['Deixe tudo mais simpático e invente um jeito de vender mais', /modelo/],
    ['Make it friendlier and sell more', /model/],
    ['Remove "Passo que não existe"', /existe.*Sente o clima/],
    ['Ligue "Guarda na memória" em "Lembra quem é"', /Lembra quem é/],
    // Where the end is cannot be guessed: nothing is put beside the others in the hope that somebody joins it.
    ['Adicione um passo de mandar mensagem no fim', /mais de um fim: .*"Manda a resposta"/],
    // Whoever asks knows a step by its title, also when it is the one that would be gone.
    ['Tire "Sente o clima"', /^"Guarda na memória" usa o que "Sente o clima" devolve \(steps\.mood\)/],
    ['Troque o texto de "Guarda na memória" por "Oi"', /não tem texto/],
    ['Ponha um teletransporte depois de Sente o clima', /teletransporte/],
  ])('refuses, and says why: %s', async (request, why) => {
    const before = await draftOf();
    const { status, body } = await ask(request, sandbox, /friendlier/.test(request) ? 'en' : 'pt-BR');
    expect([status, body.error.code]).toEqual([422, 'proposal_refused']);
    expect(body.error.details[0].message).toMatch(why);
    expect(await draftOf()).toEqual(before);
  });
});

describe('the answer of the sandbox', () => {
  it('is in the language of the request, whatever the steps are called', async () => {
    const { body } = await ask('remove the step Guarda na memória', sandbox, 'pt-BR');
    expect(body.summary).toBe('Removes "Guarda na memória".');
  });
});

describe('a model', () => {
  const add = {
    do: 'add',
    id: 'x',
    type: 'logic.delay',
    title: null,
    after: 'mood',
    way: null,
    before: null,
    inside: null,
    settings: [],
  };
  const wait = [{ field: 'amount', value: '5' }];
  const said = (changes: unknown[], cannot: string | null = null) => ({
    json: { summary: 'Espera um pouco.', cannot, changes },
  });
  const isFirst = (body: Record<string, unknown>) =>
    (body['messages'] as { role: string }[]).filter(({ role }) => role === 'assistant').length === 0;

  it('answers with changes, is shown the department as data, and its bad answer is repaired once', async () => {
    openai.reply(
      () => true,
      (body) => said([{ ...add, after: isFirst(body) ? 'nobody' : 'mood', settings: wait }]),
    );
    const { status, body } = await ask('Espere um pouco depois do clima', modelled);
    expect([status, body.error?.details]).toEqual([200, undefined]);
    expect(body).toMatchObject({ sandbox: false, summary: 'Espera um pouco.', problems: [] });
    expect(body.costMicros).toBeGreaterThan(0);
    const [first, second] = openai.log.slice(-2);
    expect(openai.log.flatMap(({ violations }) => violations)).toEqual([]);
    expect(JSON.stringify(first?.body)).toContain('<material>');
    expect(JSON.stringify(second?.body)).toContain('nobody');
  });

  it('is refused with the reasons when the repair is no better: no types of its own, no circles, no ways that are not there', async () => {
    const before = await draftOf(modelled);
    for (const changes of [
      [{ ...add, type: 'magic.wand' }],
      [{ do: 'connect', from: 'remember', way: null, to: 'who' }],
      [{ ...add, way: 'sideways', settings: wait }],
      [{ ...add, settings: [{ field: 'amount', value: '-4' }] }],
      [],
    ]) {
      openai.reply(() => true, said(changes));
      const { status, body } = await ask('Faça mágica', modelled);
      expect([status, body.error.code]).toEqual([422, 'proposal_refused']);
      expect(body.error.details.length).toBeGreaterThan(0);
    }
    openai.reply(() => true, said([], 'Isto não é sobre o time.'));
    expect((await ask('Que horas são?', modelled)).body.error.details).toEqual([
      { path: 'request', message: 'Isto não é sobre o time.' },
    ]);
    expect(await draftOf(modelled)).toEqual(before);
  });

  it('that leaves a setting empty twice is accepted with what is left to fill in; one that is away is said to be', async () => {
    openai.reply(() => true, said([{ ...add, type: 'human.ask' }]));
    const { status, body } = await ask('Pergunte algo', modelled);
    expect([status, body.error?.details]).toEqual([200, undefined]);
    expect(body.problems).toEqual([expect.objectContaining({ code: 'config.required' })]);
    openai.faults.push(...Array.from({ length: 8 }, () => ({ kind: 'status' as const, status: 401 })));
    expect((await ask('Pergunte algo', modelled)).status).toBe(503);
    openai.faults.length = 0;
  });
});
