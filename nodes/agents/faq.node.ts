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
import type { Passage } from '#nodes/sdk/context.js';
import { businessOf, chatMessages, customerLocale, textToRead } from '#nodes/sdk/customer.js';
import { field } from '#nodes/sdk/field.js';
import { answerOutput, asOutput, readOutput } from '#nodes/sdk/modelOutputs.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';
import { passageValue, sourceValue } from '#nodes/sdk/values.js';

const task =
  "Answer the customer's last message from the passages only, in at most four short sentences, plain text as one writes in a chat. " +
  'List in `sources` the ids of the passages the answer rests on. When the passages do not hold the answer, set `grounded` to false, ' +
  'leave `sources` empty and say plainly that you do not have that information. Set `needsPerson` when somebody must act on it.';

/** Said when the model knew nothing and wrote nothing. */
const dontKnow = words('Isso eu não tenho aqui.', "I don't have that here.");

const answer = z.object({
  text: z.string(),
  grounded: z.boolean(),
  sources: z.array(sourceValue),
  needsPerson: z.boolean(),
});

/** Answers from the organization's knowledge and names its sources; says so when the knowledge does not hold the answer. */
export const faqAgent = defineNode({
  type: 'agent.faq',
  version: 1,
  kind: 'model',
  group: 'agent',
  title: words('Responde com fonte', 'Answer with sources'),
  summary: words(
    'Responde só com o que a casa sabe e mostra de onde tirou.',
    'Answers only from what the business knows, and shows where it found it.',
  ),
  icon: 'book-open-check',
  needs: ['models', 'knowledge', 'conversation', 'contacts'],
  effects: [],
  config: z.strictObject({
    message: messageField,
    passages: z
      .array(passageValue)
      .max(20)
      .optional()
      .meta(
        field(
          words('Trechos', 'Passages'),
          words('De uma busca anterior. Vazio busca sozinho.', 'From an earlier search. Empty searches by itself.'),
          { control: 'expression', placeholder: words('{{ steps.search.passages }}', '{{ steps.search.passages }}') },
        ),
      ),
    knowledge: knowledgeField,
    instructions: instructionsField(
      words(
        'O jeito de responder: tom, o que oferecer, o que evitar.',
        'How to answer: tone, what to offer, what to avoid.',
      ),
    ),
    history: historyField(10),
    model: modelField,
  }),
  inputs: [inPort],
  outputs: [
    { name: 'answered', title: words('Respondeu', 'Answered'), schema: answer },
    { name: 'unknown', title: words('Não tem aqui', 'Not in here'), schema: answer },
  ],
  run: async ({ config, ctx }) => {
    const text = textToRead(ctx, config.message);
    const passages =
      config.passages ?? (await ctx.knowledge.search(text, { limit: 5, ...inSources(config.knowledge) }));
    const locale = await customerLocale(ctx, text);
    const unknown = (said: string, needsPerson: boolean) => ({
      port: 'unknown',
      value: { text: said.trim() || dontKnow[locale], grounded: false, sources: [], needsPerson },
    });
    // Nothing to answer from: a model could only invent.
    if (passages.length === 0) return unknown('', false);

    const result = await ctx.models.chat({
      role: 'write',
      ...thinkingWith(config.model),
      task: 'answer',
      instructions: instructionsFor(task, config.instructions),
      material: { business: businessOf(ctx), passages },
      messages: await chatMessages(ctx, text, config.history),
      output: asOutput('answer', answerOutput),
      locale,
      maxOutputTokens: 700,
      onText: ctx.preview,
    });
    const given = readOutput(answerOutput, result);
    const sources = citedAmong(passages, given.sources);
    // An answer that names no passage it was given is not grounded, whatever the model says of it: its text is not to be trusted.
    if (!given.grounded) return unknown(given.text, given.needsPerson);
    if (sources.length === 0 || given.text.trim() === '') return unknown('', given.needsPerson);
    return {
      port: 'answered',
      value: { text: given.text.trim(), grounded: true, sources, needsPerson: given.needsPerson },
    };
  },
});

/** The sources that exist, in the order cited, each once. */
function citedAmong(passages: readonly Passage[], ids: readonly string[]): { title: string; passageId: string }[] {
  return [...new Set(ids)].flatMap((id) => {
    const passage = passages.find((one) => one.id === id);
    return passage ? [{ title: passage.title, passageId: passage.id }] : [];
  });
}
