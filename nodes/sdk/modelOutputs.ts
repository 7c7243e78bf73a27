import { z } from 'zod';
import type { ChatResult } from './context.js';
import { NodeError } from './errors.js';
import { misfitDetail } from './issueDetail.js';
import type { JsonObject } from './json.js';

/** Structured outputs that the agents ask for, by `ChatRequest.task`. Every field is always present: strict structured output wants it so. */

/** task `answer`: an answer that rests on `material.passages`. */
export const answerOutput = z.object({
  text: z.string().describe('The answer to the customer.'),
  grounded: z.boolean().describe('True when the passages hold the answer.'),
  sources: z.array(z.string()).describe('Ids of the passages that the answer rests on.'),
  needsPerson: z.boolean().describe('True when a person of the business has to act on this.'),
});

/** task `classify`: one of `material.labels`, or `other` with a reply. */
export const classifyOutput = z.object({
  label: z.string().describe('Name of the label that fits, or "other".'),
  confidence: z.number().min(0).max(1).describe('How sure, 0 to 1.'),
  query: z.string().describe('The message as a question that can be understood without the conversation.'),
  text: z.string().describe('With "other": a short reply to the customer. Otherwise empty.'),
});

export const moods = ['happy', 'calm', 'worried', 'upset', 'angry'] as const;
/** task `sentiment`. */
export const sentimentOutput = z.object({
  score: z.number().min(-1).max(1).describe('-1 is as bad as it gets, 1 as good.'),
  mood: z.enum(moods),
});

/** task `escalation`. `reason` and `summary` are read by people of the business: they are in the language of the request. */
export const escalationOutput = z.object({
  escalate: z.boolean().describe('True when a person must take over now.'),
  reason: z.string().describe('Why, in at most eight words. Empty when not escalating.'),
  summary: z.string().describe('What the person needs to know, in one or two sentences.'),
});

/** What `ChatRequest.output` takes for one of the schemas above. */
export const asOutput = (name: string, schema: z.ZodType): { name: string; schema: JsonObject } => ({
  name,
  schema: z.toJSONSchema(schema, { io: 'output' }) as JsonObject,
});

/** Parses what the model gave. Throws `model_bad_output`, worth another try, when it is not what was asked for. */
export function readOutput<Schema extends z.ZodType>(schema: Schema, result: ChatResult): z.output<Schema> {
  const parsed = schema.safeParse(result.output);
  if (parsed.success) return parsed.data;
  throw new NodeError(
    misfitDetail(parsed.error, result.output, { field: 'model.bad_field', whole: 'model.bad_shape' }),
    {
      code: 'model_bad_output',
      actor: 'provider',
      retryable: true,
    },
  );
}
