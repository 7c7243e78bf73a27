import { z } from 'zod';
import {
  historyField,
  instructionsField,
  instructionsFor,
  messageField,
  modelField,
  thinkingWith,
} from '#nodes/sdk/agentFields.js';
import { businessOf, chatMessages, textToRead, triggerMessage } from '#nodes/sdk/customer.js';
import { field } from '#nodes/sdk/field.js';
import { asOutput, escalationOutput, readOutput } from '#nodes/sdk/modelOutputs.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';

const task =
  'Decide whether a person of the business must take over this conversation now. Escalate when the customer asks for a person, ' +
  'is angry or insulting, complains or wants money back, speaks of lawyers, consumer protection, the press or the police, or reports ' +
  'an allergic reaction, sickness or any danger. A question about allergens, prices or hours is not a reason. When in doubt, do not.';

const judged = z.object({ escalate: z.boolean(), reason: z.string(), summary: z.string() });
const tapped = words('Tocou pra falar com uma pessoa', 'Tapped to talk to a person');
const unexplained = words('Precisa de uma pessoa', 'Needs a person');

/** Decides whether a person must take over. A tap on "talk to a person" is decided without asking a model. */
export const escalationAgent = defineNode({
  type: 'agent.escalation',
  version: 1,
  kind: 'model',
  group: 'agent',
  title: words('Vê se é caso de gente', 'See if it needs a person'),
  summary: words(
    'Chama uma pessoa quando o cliente pede, se irrita ou reclama.',
    'Calls a person when the customer asks, gets angry or complains.',
  ),
  icon: 'siren',
  needs: ['models', 'conversation'],
  effects: [],
  config: z.strictObject({
    message: messageField,
    instructions: instructionsField(
      words('Em que outros casos chamar uma pessoa.', 'In which other cases to call a person.'),
    ),
    history: historyField(10),
    model: modelField,
    personButtons: z
      .array(z.string().min(1).max(256))
      .max(10)
      .default(['person'])
      .meta(
        field(
          words('Botões que chamam', 'Buttons that call'),
          words('Códigos dos botões que pedem uma pessoa.', 'Codes of the buttons that ask for a person.'),
          { control: 'list', literal: true },
        ),
      ),
  }),
  inputs: [inPort],
  outputs: [
    { name: 'escalate', title: words('Chama uma pessoa', 'Call a person'), schema: judged },
    { name: 'continue', title: words('Segue com o time', 'The team goes on'), schema: judged },
  ],
  run: async ({ config, ctx }) => {
    const { locale } = ctx.organization;
    const message = triggerMessage(ctx.trigger);
    if (message?.buttonId !== undefined && config.personButtons.includes(message.buttonId)) {
      return { port: 'escalate', value: { escalate: true, reason: tapped[locale], summary: message.text } };
    }

    const text = textToRead(ctx, config.message);
    const result = await ctx.models.chat({
      role: 'classify',
      ...thinkingWith(config.model),
      task: 'escalation',
      instructions: instructionsFor(task, config.instructions),
      material: { business: businessOf(ctx) },
      messages: await chatMessages(ctx, text, config.history),
      output: asOutput('escalation', escalationOutput),
      // The reason and the summary are read by the business, not by the customer.
      locale,
      temperature: 0,
      maxOutputTokens: 200,
    });
    const { escalate, reason, summary } = readOutput(escalationOutput, result);
    if (!escalate) return { port: 'continue', value: { escalate, reason: '', summary } };
    return {
      port: 'escalate',
      value: { escalate, reason: reason.trim() || unexplained[locale], summary: summary.trim() || text.slice(0, 500) },
    };
  },
});
