import { endedBy } from './openai.js';
import type OpenAI from 'openai';
import { dimensions, embedText, sandboxEmbeddingModel } from './sandbox/embed.js';

/** OpenAI takes at most 2,048 inputs and 300,000 tokens a request (API reference, Create embeddings); chunks are a few hundred tokens. */
const batch = 256;

export interface Embedder {
  readonly model: string;
  embed(
    texts: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly vectors: number[][]; readonly inputTokens: number }>;
}

export const sandboxEmbedder: Embedder = {
  model: sandboxEmbeddingModel,
  embed: (texts) => Promise.resolve({ vectors: texts.map(embedText), inputTokens: 0 }),
};

/** Vectors of 1024 dimensions from OpenAI, in the order of the texts. */
export function createOpenAIEmbedder(client: OpenAI, model: string): Embedder {
  return {
    model,
    async embed(texts, signal) {
      const vectors: number[][] = [];
      let inputTokens = 0;
      for (let start = 0; start < texts.length; start += batch) {
        const input = texts.slice(start, start + batch).map((text) => text.trim().slice(0, 24_000) || '-');
        const answer = await client.embeddings.create(
          { model, input, dimensions, encoding_format: 'float' },
          endedBy(signal),
        );
        for (const { embedding } of answer.data.toSorted((a, b) => a.index - b.index)) vectors.push(embedding);
        inputTokens += answer.usage.prompt_tokens;
      }
      if (vectors.length !== texts.length || vectors.some((vector) => vector.length !== dimensions))
        throw new TypeError('The embedding service answered with other vectors than were asked for.');
      return { vectors, inputTokens };
    },
  };
}
