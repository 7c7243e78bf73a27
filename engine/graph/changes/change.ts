import { z } from 'zod';

const step = z.string().min(1).max(120).meta({ description: 'Id of a step' });
const way = z
  .string()
  .max(64)
  .nullable()
  .meta({ description: 'Name of a way out of that step; null for its usual one' });
const setting = z.strictObject({
  field: z.string().min(1).max(200).meta({ description: 'Name of a setting; a dot leads inside: "buttons.0.title"' }),
  value: z.string().max(20_000).meta({ description: 'JSON of the value: "\\"Olá\\"", "10", "true", "[1]"' }),
});

/** One thing to do to a department. Steps are named by id; one that is added names itself, so that later changes can name it. */
export const change = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('add'),
    id: step.meta({ description: 'An id of your own for it: letters, digits, _' }),
    type: z.string().max(64).meta({ description: 'Type of step, from the list of types' }),
    title: z.string().max(120).nullable(),
    after: step.nullable().meta({ description: 'The step it follows; what followed that one follows it' }),
    way,
    before: step.nullable().meta({ description: 'The step it leads to' }),
    inside: step.nullable().meta({ description: 'The container it stands in, when it is joined to nothing' }),
    settings: z.array(setting).max(50),
  }),
  z.strictObject({ do: z.literal('remove'), step }),
  z.strictObject({
    do: z.literal('move'),
    step,
    after: step.nullable().meta({ description: 'The step it follows from now on' }),
    way,
    before: step.nullable().meta({ description: 'The step it leads to from now on' }),
  }),
  z.strictObject({ do: z.literal('swap'), step, with: step.meta({ description: 'The step it changes places with' }) }),
  z.strictObject({
    do: z.literal('duplicate'),
    step,
    id: step.meta({ description: 'An id of your own for the copy' }),
    title: z.string().max(120).nullable(),
    after: step.nullable().meta({ description: 'The step the copy follows; the original when both are null' }),
    way,
    before: step.nullable().meta({ description: 'The step the copy leads to' }),
  }),
  z.strictObject({
    do: z.literal('errors'),
    step,
    how: z.enum(['stop', 'continue', 'route']).meta({ description: 'route gives the step the way out "error"' }),
  }),
  z.strictObject({ do: z.literal('connect'), from: step, way, to: step }),
  z.strictObject({ do: z.literal('disconnect'), from: step, way, to: step }),
  z.strictObject({ do: z.literal('rename'), step, title: z.string().min(1).max(120) }),
  z.strictObject({ do: z.literal('set'), step, settings: z.array(setting).min(1).max(50) }),
]);
export type Change = z.infer<typeof change>;

/** What is asked of a model: what it would change, in order, or that it cannot. */
export const proposedChanges = z.strictObject({
  summary: z.string().max(1_000).meta({ description: 'What changes, in one or two short sentences to the owner' }),
  cannot: z
    .string()
    .max(1_000)
    .nullable()
    .meta({ description: 'Why the request cannot be met with these steps; null when it can' }),
  changes: z.array(change).max(60),
});
export type ProposedChanges = z.infer<typeof proposedChanges>;
