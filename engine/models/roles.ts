import type { ModelRole } from '#nodes/sdk/context.js';

/**
 * Which model plays which role when no setting says otherwise. Ids and advice: OpenAI's model pages, November 2026 (developers.openai.com/api/docs/models):
 * GPT-6 Luna for fast, cheap, high-volume work; GPT-6.1 Terra where weighing matters.
 */
export const defaultModels: Readonly<Record<ModelRole, string>> = {
  write: 'gpt-6-luna',
  reason: 'gpt-6.1-terra',
  classify: 'gpt-6-luna',
};

export const defaultEmbeddingModel = 'text-embedding-3-small';

/** Models that take `reasoning_effort`. Others refuse the parameter. */
export const reasons = (model: string): boolean => /^gpt-(?:5|6)|^o\d/.test(model) && !/chat-latest/.test(model);

/**
 * How much a model thinks before it writes. A customer waits, so none, save for `reason` without tools: Chat Completions takes
 * function tools from these models only with effort `none` (OpenAI's GPT-6 model pages, November 2026).
 */
export const effortOf = (role: ModelRole, hasTools: boolean): 'none' | 'low' =>
  role === 'reason' && !hasTools ? 'low' : 'none';
