import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { ChatRequest, Passage } from '#nodes/sdk/context.js';
import type { JsonObject } from '#nodes/sdk/json.js';
import { createModels } from './gateway.js';
import { embedText } from './sandbox/embed.js';
import { fill } from './sandbox/fill.js';

const passage = (id: string, text: string): Passage => ({
  id,
  sourceId: id,
  title: id,
  text,
  score: 1,
  updatedAt: '2026-01-01T00:00:00.000Z',
});
const hours = passage('hours', '# Horário\n- Domingo: das 7h às 13h');
const models = (signal = new AbortController().signal) =>
  createModels({ sandboxWordMs: 1 }).forRun({ organizationId: 'o', keys: 'platform', signal, charge: () => {} });
const request = (task: ChatRequest['task'], message: string, more: Partial<ChatRequest> = {}): ChatRequest => ({
  role: 'write',
  task,
  instructions: '',
  messages: [{ role: 'user', content: message }],
  locale: 'pt-BR',
  ...more,
});
const outputOf = (name: string, schema: z.ZodType) => ({
  name,
  schema: z.toJSONSchema(schema, { io: 'output' }) as JsonObject,
});

const answerShape = z.object({
  text: z.string(),
  grounded: z.boolean(),
  sources: z.array(z.string()),
  needsPerson: z.boolean(),
});

describe('an answer', () => {
  test('streams word by word, names its sources and satisfies the schema', async () => {
    const words: string[] = [];
    const result = await models().chat(
      request('answer', 'abre domingo?', {
        material: { passages: [passage('other', 'Aceitamos Pix.'), hours] },
        output: outputOf('answer', answerShape),
        onText: (word) => words.push(word),
      }),
    );
    expect(answerShape.parse(result.output)).toEqual({
      text: 'Domingo: das 7h às 13h.',
      grounded: true,
      sources: ['hours'],
      needsPerson: false,
    });
    expect(words).toEqual(['Domingo: ', 'das ', '7h ', 'às ', '13h.']);
  });

  test('owns up to what is not in the passages', async () => {
    const { output } = await models().chat(
      request('answer', 'vendem sushi?', { material: { passages: [hours] }, output: outputOf('answer', answerShape) }),
    );
    expect(output).toMatchObject({ grounded: false, sources: [], needsPerson: true });
  });

  test('stops between two words when the run ends', async () => {
    const controller = new AbortController();
    const reason = new Error('canceled');
    const call = models(controller.signal).chat(
      request('answer', 'abre domingo?', { material: { passages: [hours] }, onText: () => controller.abort(reason) }),
    );
    await expect(call).rejects.toBe(reason);
  });
});

describe('classify', () => {
  const labels = [
    {
      name: 'question',
      description:
        'Pergunta sobre a casa: horário, endereço, cardápio, alergia, preço, taxa de entrega, pagamento, troca.',
    },
    {
      name: 'order',
      description: 'Quer encomendar, fazer um pedido ou mudar um que já fez: quantidade, data, retirada, sinal.',
    },
    {
      name: 'complaint',
      description: 'Reclama de um pedido: não era o que comprou, atrasou, estava ruim, cobraram a mais.',
    },
  ];
  const shape = z.object({
    label: z.enum(['question', 'order', 'complaint', 'other']),
    confidence: z.number().min(0).max(1),
    query: z.string(),
    text: z.string(),
  });
  test.each([
    ['Que horas vocês abrem?', 'question'],
    ['quanto custa o bolo de rolo?', 'question'],
    ['vocês entregam em Boa Viagem?', 'question'],
    ['o pão tem glúten?', 'question'],
    ['aceita pix?', 'question'],
    ['do you have parking?', 'question'],
    ['vcs consertam celular?', 'question'],
    ['quero encomendar um bolo pra sábado', 'order'],
    ['I want to order two cakes', 'order'],
    ['queria fazer um pedido', 'order'],
    ['meu pedido veio errado, que péssimo', 'complaint'],
    ['o bolo chegou estragado', 'complaint'],
    ['oi', 'other'],
    ['bom dia!', 'other'],
    ['obrigada!', 'other'],
    ['ok', 'other'],
  ])('takes "%s" for %s', async (message, label) => {
    const result = await models().chat(
      request('classify', message, { material: { labels }, output: outputOf('intent', shape) }),
    );
    const output = shape.parse(result.output);
    expect(output.label).toBe(label);
    expect(output.text === '').toBe(label !== 'other');
  });

  test('restates a question that leans on the one before', async () => {
    const result = await models().chat(
      request('classify', '', {
        messages: [
          { role: 'user', content: 'que horas abrem no sábado?' },
          { role: 'assistant', content: 'Das 6h às 18h.' },
          { role: 'user', content: 'e no domingo?' },
        ],
        material: { labels },
        output: outputOf('intent', shape),
      }),
    );
    expect(shape.parse(result.output).query).toContain('que horas');
  });
});

test('sentiment is a score and a mood of those asked for', async () => {
  const shape = z.object({
    score: z.number().min(-1).max(1),
    mood: z.enum(['happy', 'calm', 'worried', 'upset', 'angry']),
  });
  const feel = async (message: string) =>
    shape.parse((await models().chat(request('sentiment', message, { output: outputOf('sentiment', shape) }))).output);
  expect(await feel('isso é um absurdo!!!')).toMatchObject({ mood: 'angry' });
  expect(await feel('que horas abre?')).toEqual({ score: 0, mood: 'calm' });
  expect((await feel('amei o bolo!')).mood).toBe('happy');
});

describe('acting', () => {
  const search = {
    name: 'search_knowledge',
    description: "Search the business's knowledge.",
    parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
  };
  const handOff = {
    name: 'hand_off',
    description: 'Give the conversation to a person.',
    parameters: { type: 'object', properties: { reason: { type: 'string' } }, required: ['reason'] },
  };
  test('searches first, then answers from what it found', async () => {
    const ask = request('act', 'abre domingo?', { tools: [search, handOff] });
    const { toolCalls } = await models().chat(ask);
    expect(toolCalls).toMatchObject([{ name: 'search_knowledge', arguments: { query: 'abre domingo?' } }]);
    const result = await models().chat({
      ...ask,
      messages: [
        ...ask.messages,
        { role: 'assistant', content: '', toolCalls },
        { role: 'tool', toolCallId: toolCalls[0]?.id ?? '', content: JSON.stringify({ passages: [hours] }) },
      ],
    });
    expect(result.toolCalls).toEqual([]);
    expect(result.text).toBe('Domingo: das 7h às 13h.');
  });
  test('hands over to a person when asked for one', async () => {
    expect(
      (await models().chat(request('act', 'quero falar com um atendente', { tools: [search, handOff] }))).toolCalls,
    ).toMatchObject([{ name: 'hand_off' }]);
  });
  test('greets without any tool', async () => {
    expect(await models().chat(request('act', 'oi', { tools: [search] }))).toMatchObject({
      toolCalls: [],
      text: 'Oi! Como posso te ajudar?',
    });
  });
});

test('a summary quotes the customer', async () => {
  const result = await models().chat(request('write', 'Vocês entregam?', { instructions: 'Resuma a conversa.' }));
  expect(result.text).toBe('O cliente escreveu: “Vocês entregam?”.');
});

test.each<readonly [string, z.ZodType]>([
  ['bounds', z.object({ n: z.int().min(3).max(5), s: z.string().min(4).max(6), list: z.array(z.string()).min(2) })],
  [
    'unions',
    z.object({
      a: z.union([z.string(), z.null()]),
      b: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('x'), v: z.number() }),
        z.object({ kind: z.literal('y') }),
      ]),
    }),
  ],
  [
    'literals and records',
    z.object({ a: z.literal('only'), b: z.record(z.string(), z.string()), c: z.tuple([z.string()]).optional() }),
  ],
  ['formats', z.object({ at: z.iso.datetime(), mail: z.email(), id: z.uuid() })],
  [
    'nesting',
    z.object({
      answer: z.object({ text: z.string(), parts: z.array(z.object({ label: z.enum(['a', 'b']) })).min(1) }),
    }),
  ],
])('fills any schema: %s', (_, schema) => {
  expect(() =>
    schema.parse(fill(z.toJSONSchema(schema, { io: 'output' }) as JsonObject, { text: 'Um texto bem comprido' })),
  ).not.toThrow();
});

describe('embeddings', () => {
  const likeness = (a: string, b: string): number => {
    const [one, two] = [embedText(a), embedText(b)];
    return one.reduce((total, value, index) => total + value * (two[index] ?? 0), 0);
  };
  test('are unit vectors of 1024 numbers, always the same', () => {
    for (const text of ['Que horas abre?', '', '🍞', 'x'.repeat(5_000)]) {
      const vector = embedText(text);
      expect(vector).toHaveLength(1024);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 9);
      expect(embedText(text)).toEqual(vector);
    }
  });
  test.each([
    ['que horas vocês abrem?', 'What are your opening hours?', 'Aceitamos Pix e cartão.'],
    ['do you deliver?', 'Fazemos entrega no bairro.', 'Temos oito mesas.'],
    ['pão sem gluten', 'gluten-free bread', 'horário de funcionamento'],
    ['quanto custa?', 'how much is it?', 'where are you?'],
    ['ENTREGAM', 'entrega', 'pagamento'],
  ])('"%s" is nearer to "%s" than to "%s"', (question, near, far) => {
    expect(likeness(question, near)).toBeGreaterThan(likeness(question, far) + 0.1);
  });
});

test('answers at a human pace', async () => {
  const words = vi.fn<(word: string) => void>();
  const started = performance.now();
  await createModels({ sandboxWordMs: 8 })
    .forRun({ organizationId: 'o', keys: 'platform', signal: new AbortController().signal, charge: () => {} })
    .chat(request('answer', 'abre domingo?', { material: { passages: [hours] }, onText: words }));
  expect(words).toHaveBeenCalledTimes(5);
  expect(performance.now() - started).toBeGreaterThanOrEqual(35);
});
