import { z } from 'zod';
import {
  historyField,
  instructionsField,
  instructionsFor,
  messageField,
  modelField,
  inSources,
  knowledgeField,
  thinkingWith,
} from '#nodes/sdk/agentFields.js';
import type { ChatMessage } from '#nodes/sdk/context.js';
import { businessOf, chatMessages, customerLocale, textToRead } from '#nodes/sdk/customer.js';
import { detail } from '#nodes/sdk/details.js';
import { NodeError } from '#nodes/sdk/errors.js';
import { field } from '#nodes/sdk/field.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';
import { toolNames, toolsNamed, useTool } from '#nodes/sdk/tools.js';

const task =
  "Help the customer with their last message, using the tools you have when they help. Use facts only from tool results and from the owner's " +
  'instructions. Write the final answer as plain text, short, as one writes in a chat.';

/** Most tool calls taken from one answer of a model; the rest are dropped. */
const CALLS_PER_ROUND = 8;
/** Longest tool result a model reads, in characters. */
const RESULT_LIMIT = 12_000;

const outcome = z.object({
  text: z.string(),
  rounds: z.int().min(1),
  tools: z.array(z.object({ name: z.string(), ok: z.boolean() })),
});

/** An agent with instructions and a few safe tools, that works in a limited number of rounds. */
export const assistantAgent = defineNode({
  type: 'agent.assistant',
  version: 1,
  kind: 'model',
  group: 'agent',
  title: words('Faz o que você explicar', 'Do as you explain'),
  summary: words(
    'Segue suas instruções, com as ferramentas que você liberar.',
    'Follows your instructions, with the tools you allow.',
  ),
  icon: 'wrench',
  needs: ['models', 'knowledge', 'conversation', 'contacts'],
  effects: [
    { name: 'contact', summary: words('Pode guardar fatos sobre o contato.', 'May keep facts about the contact.') },
    {
      name: 'handoff',
      summary: words('Pode passar a conversa pra uma pessoa.', 'May give the conversation to a person.'),
    },
  ],
  config: z.strictObject({
    message: messageField,
    instructions: instructionsField(
      words('Explique o trabalho como a alguém que começa hoje.', 'Explain the work as to someone who starts today.'),
    ),
    tools: z
      .array(z.enum(toolNames))
      .max(toolNames.length)
      .default(['search_knowledge', 'get_time'])
      .meta(
        field(words('Ferramentas', 'Tools'), words('O que ele pode usar.', 'What it may use.'), {
          control: 'list',
          literal: true,
          options: {
            search_knowledge: words('Buscar no que a casa sabe', 'Search knowledge'),
            remember_about_contact: words('Lembrar do contato', 'Remember about the contact'),
            get_time: words('Ver que horas são', 'Tell the time'),
            hand_off: words('Passar pra uma pessoa', 'Hand over to a person'),
          },
        }),
      ),
    knowledge: knowledgeField,
    rounds: z
      .int()
      .min(1)
      .max(8)
      .default(4)
      .meta(
        field(
          words('Rodadas', 'Rounds'),
          words('Quantas vezes pode pensar, de 1 a 8.', 'How often it may think, 1 to 8.'),
          {
            control: 'number',
          },
        ),
      ),
    history: historyField(10),
    model: modelField,
  }),
  inputs: [inPort],
  outputs: [
    { name: 'done', title: words('Terminou', 'Done'), schema: outcome },
    { name: 'handedOff', title: words('Passou pra alguém', 'Handed over'), schema: outcome },
    { name: 'unfinished', title: words('Não terminou', 'Unfinished'), schema: outcome },
  ],
  run: async ({ config, ctx }) => {
    const text = textToRead(ctx, config.message);
    const locale = await customerLocale(ctx, text);
    const granted = [...new Set(config.tools)];
    const messages: ChatMessage[] = await chatMessages(ctx, text, config.history);
    const used: { name: string; ok: boolean }[] = [];

    for (let round = 1; round <= config.rounds; round += 1) {
      ctx.signal.throwIfAborted();
      // In the last round there are no tools left to ask for: it must answer.
      const tools = round < config.rounds ? toolsNamed(granted) : [];
      const result = await ctx.models.chat({
        role: 'reason',
        ...thinkingWith(config.model),
        task: 'act',
        instructions: instructionsFor(task, config.instructions),
        material: { business: businessOf(ctx) },
        messages,
        ...(tools.length > 0 && { tools }),
        locale,
        maxOutputTokens: 1_000,
        onText: ctx.preview,
      });
      if (result.toolCalls.length === 0) {
        if (result.text.trim() === '') throw emptyAnswer();
        return { port: 'done', value: { text: result.text.trim(), rounds: round, tools: used } };
      }
      if (round === config.rounds) break;

      const calls = result.toolCalls.slice(0, CALLS_PER_ROUND);
      messages.push({ role: 'assistant', content: result.text, toolCalls: calls });
      for (const call of calls) {
        ctx.signal.throwIfAborted();
        const given = await useTool(ctx, granted, call.name, call.arguments, inSources(config.knowledge));
        used.push({ name: call.name.slice(0, 80), ok: given.ok });
        if (given.handedOff) {
          return { port: 'handedOff', value: { text: result.text.trim(), rounds: round, tools: used } };
        }
        messages.push({
          role: 'tool',
          toolCallId: call.id,
          content: JSON.stringify(given.data).slice(0, RESULT_LIMIT),
        });
      }
    }
    return { port: 'unfinished', value: { text: '', rounds: config.rounds, tools: used } };
  },
});

const emptyAnswer = (): NodeError =>
  new NodeError(detail('model.nothing'), { code: 'model_bad_output', actor: 'provider', retryable: true });
