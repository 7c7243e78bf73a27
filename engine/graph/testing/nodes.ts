import { z } from 'zod';
import { messageLimits } from '#nodes/sdk/message.js';
import { defineNode, type NodeType } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { toPublicNode, type PublicNode } from '#nodes/sdk/publicNode.js';
import { words } from '#nodes/sdk/text.js';
import { messageTriggerInput } from '#nodes/sdk/triggerInput.js';

const title = words('Passo', 'Step');
const base = { version: 1, title, summary: title, icon: 'dot', needs: [], effects: [], inputs: [inPort] } as const;
const out = (schema: z.ZodType) => [{ name: 'out', title, schema }];

const passage = z.object({ title: z.string(), text: z.string(), score: z.number() });

/** A small palette with one node of each kind, for the tests of this room. */
const nodes = [
  defineNode({
    ...base,
    type: 'trigger.message',
    kind: 'trigger',
    group: 'trigger',
    config: z.strictObject({}),
    inputs: [],
    outputs: out(messageTriggerInput),
  }),
  defineNode({
    ...base,
    type: 'trigger.clock',
    kind: 'trigger',
    group: 'trigger',
    config: z.strictObject({}),
    inputs: [],
    outputs: out(z.object({ at: z.string() })),
  }),
  defineNode({
    ...base,
    type: 'data.search',
    kind: 'read',
    group: 'data',
    config: z.strictObject({ query: z.string(), limit: z.int().min(1).max(20).default(5) }),
    outputs: out(z.object({ passages: z.array(passage), best: passage.nullable() })),
  }),
  defineNode({
    ...base,
    type: 'logic.if',
    kind: 'pure',
    group: 'logic',
    config: z.strictObject({ condition: z.boolean() }),
    outputs: [
      { name: 'yes', title, schema: z.object({ sure: z.string() }) },
      { name: 'no', title, schema: z.object({ unsure: z.string() }) },
    ],
  }),
  defineNode({
    ...base,
    type: 'logic.switch',
    kind: 'pure',
    group: 'logic',
    config: z.strictObject({
      cases: z.array(z.strictObject({ name: z.string().meta({ ui: { literal: true } }), title: z.string() })),
    }),
    outputs: [{ name: 'default', title, schema: z.unknown() }],
    outputsFrom: { field: 'cases', nameKey: 'name', titleKey: 'title', schema: z.object({ n: z.number() }) },
  }),
  defineNode({
    ...base,
    type: 'agent.write',
    kind: 'model',
    group: 'agent',
    config: z.strictObject({
      instructions: z.string().min(1),
      tone: z.enum(['warm', 'short']).default('warm'),
      length: z.number().optional(),
      tags: z.array(z.string()).optional(),
    }),
    outputs: out(z.object({ text: z.string() })),
  }),
  defineNode({
    ...base,
    type: 'logic.delay',
    kind: 'wait',
    group: 'logic',
    config: z.strictObject({
      amount: z.number(),
      unit: z.enum(['minutes', 'hours', 'days']),
      until: z.string().optional(),
    }),
    outputs: out(z.null()),
  }),
  defineNode({
    ...base,
    type: 'human.ask',
    kind: 'wait',
    group: 'human',
    config: z.strictObject({
      question: z.string(),
      of: z.enum(['contact', 'member']).default('contact'),
      timeoutMinutes: z.number().optional(),
    }),
    outputs: [
      { name: 'answered', title, schema: z.object({ text: z.string() }) },
      { name: 'timeout', title, schema: z.null() },
    ],
  }),
  defineNode({
    ...base,
    type: 'channel.send',
    kind: 'effect',
    group: 'channel',
    needs: ['channel'],
    config: z.strictObject({
      text: z.string().max(20_000).optional(),
      buttons: z
        .array(z.strictObject({ id: z.string(), title: z.string() }))
        .max(messageLimits.buttons)
        .optional(),
      list: z.unknown().optional(),
    }),
    outputs: out(z.object({ messageId: z.string() })),
  }),
  defineNode({
    ...base,
    type: 'logic.loop',
    kind: 'loop',
    group: 'logic',
    config: z.strictObject({
      until: z.boolean().meta({ ui: { lazy: true } }),
      limit: z.int().min(1).max(100).default(10),
    }),
    outputs: [
      { name: 'done', title, schema: z.unknown() },
      { name: 'limit', title, schema: z.unknown() },
    ],
  }),
  defineNode({
    ...base,
    type: 'logic.forEach',
    kind: 'forEach',
    group: 'logic',
    config: z.strictObject({ items: z.array(z.unknown()).meta({ ui: { lazy: true } }) }),
    outputs: [{ name: 'done', title, schema: z.object({ items: z.array(z.unknown()) }) }],
  }),
  defineNode({
    ...base,
    type: 'logic.subDepartment',
    kind: 'department',
    group: 'logic',
    config: z.strictObject({}),
    outputs: [{ name: 'done', title, schema: z.unknown() }],
  }),
];

export const nodeTypes: readonly PublicNode[] = nodes.map((node) => toPublicNode(node as unknown as NodeType));
