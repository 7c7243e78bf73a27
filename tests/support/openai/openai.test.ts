import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasContracts } from '#tests/support/contracts.js';
import { openaiSchema } from './schema.js';
import { startOpenAI, type OpenAIEmulator } from './server.js';

let openai: OpenAIEmulator;
let client: OpenAI;
beforeEach(async () => {
  openai = await startOpenAI();
  client = new OpenAI({ apiKey: 'sk-test', baseURL: openai.baseUrl, maxRetries: 0, logLevel: 'off' });
});
afterEach(() => openai.close());

const ask = { model: 'gpt-6-luna', messages: [{ role: 'user' as const, content: 'Oi' }] };

describe('driven by the official client', () => {
  test('answers whole', async () => {
    openai.reply(() => true, { text: 'Olá, mundo' });
    const answer = await client.chat.completions.create(ask);
    expect(answer.choices[0]?.message.content).toBe('Olá, mundo');
    expect(answer.usage?.total_tokens).toBe(
      (answer.usage?.prompt_tokens ?? 0) + (answer.usage?.completion_tokens ?? 0),
    );
  });

  test('streams, with usage in a last chunk without choices', async () => {
    openai.reply(() => true, { text: 'Olá 🍞 mundo' });
    let text = '';
    let usage: unknown;
    for await (const chunk of await client.chat.completions.create({
      ...ask,
      stream: true,
      stream_options: { include_usage: true },
    })) {
      text += chunk.choices[0]?.delta.content ?? '';
      if (chunk.usage) usage = chunk.choices.length === 0 && chunk.usage;
    }
    expect(text).toBe('Olá 🍞 mundo');
    expect(usage).toMatchObject({ prompt_tokens: expect.any(Number) });
  });

  test('gives an object of the schema asked for when nobody told it what to say', async () => {
    const schema = {
      type: 'object',
      properties: {
        text: { type: 'string' },
        mood: { enum: ['calm', 'angry'] },
        score: { type: 'number', minimum: 2 },
      },
      required: ['text', 'mood', 'score'],
      additionalProperties: false,
    };
    const answer = await client.chat.completions.create({
      ...ask,
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema, strict: true } },
    });
    expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toEqual({
      text: expect.any(String),
      mood: 'calm',
      score: 2,
    });
  });

  test('embeds with the dimensions asked for, the same text alike', async () => {
    const answer = await client.embeddings.create({
      model: 'text-embedding-3-small',
      input: ['a', 'b', 'a'],
      dimensions: 1024,
      encoding_format: 'float',
    });
    const [first, second, third] = answer.data.map(({ embedding }) => embedding);
    expect(first).toHaveLength(1024);
    expect(first).toEqual(third);
    expect(first).not.toEqual(second);
  });

  test('keeps every request, also those it refuses', async () => {
    openai.apiKey = 'sk-other';
    await expect(client.chat.completions.create(ask)).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
    openai.apiKey = null;
    await client.chat.completions.create(ask);
    expect(openai.log.map(({ path, body }) => [path, body['model']])).toEqual([
      ['/v1/chat/completions', 'gpt-6-luna'],
      ['/v1/chat/completions', 'gpt-6-luna'],
    ]);
  });
});

describe.skipIf(!hasContracts)("calibrated against OpenAI's specification", () => {
  const schema = hasContracts ? openaiSchema() : null;
  const problems = (body: unknown): string[] => schema?.problems('chatRequest', body) ?? [];

  test("takes the specification's own examples", () => {
    const { requests, responses, chunks } = schema?.examples ?? { requests: [], responses: [], chunks: [] };
    expect([requests.length, responses.length, chunks.length].every((count) => count > 0)).toBe(true);
    for (const request of requests) expect(problems(request)).toEqual([]);
    // The examples of answers are older than the specification: these omissions are theirs.
    const known =
      /must have required property '(?:logprobs|refusal|top_logprobs)'|must match a schema in anyOf|logprobs must be null|system_fingerprint must be string/;
    for (const response of responses)
      expect((schema?.problems('chatResponse', response) ?? []).filter((problem) => !known.test(problem))).toEqual([]);
    for (const chunk of chunks) expect(schema?.problems('chatChunk', chunk)).toEqual([]);
  });

  const strict = (schema_: unknown) => ({
    ...ask,
    response_format: { type: 'json_schema', json_schema: { name: 'x', strict: true, schema: schema_ } },
  });
  const call = {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
  };
  test.each<[string, unknown]>([
    ['no model', { messages: ask.messages }],
    ['no messages', { model: 'x', messages: [] }],
    ['an unknown role', { ...ask, messages: [{ role: 'customer', content: 'x' }] }],
    ['a number as content', { ...ask, messages: [{ role: 'user', content: 7 }] }],
    ['a temperature of 3', { ...ask, temperature: 3 }],
    ['an unknown effort', { ...ask, reasoning_effort: 'enormous' }],
    ['an unknown argument', { ...ask, max_token: 5 }],
    ['a tool without a function', { ...ask, tools: [{ type: 'function' }] }],
    ['a tool name with a space', { ...ask, tools: [{ type: 'function', function: { name: 'look up' } }] }],
    ['a tool message that answers nothing', { ...ask, messages: [{ role: 'tool', tool_call_id: 'x', content: 'y' }] }],
    ['a tool call that nobody answers', { ...ask, messages: [call, { role: 'user', content: 'x' }] }],
    ['a strict schema that is open', strict({ type: 'object', properties: {}, required: [] })],
    [
      'a strict schema with an optional property',
      strict({ type: 'object', properties: { a: { type: 'string' } }, required: [], additionalProperties: false }),
    ],
  ])('refuses %s', async (_, body) => {
    expect(problems(body)).not.toEqual([]);
    const response = await fetch(`${openai.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer k' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(400);
    expect(openai.log[0]?.violations).not.toEqual([]);
  });
});
