import fc from 'fast-check';
import { expect } from 'vitest';
import { outputsOf } from '#engine/graph/ports.js';
import type { ChatRequest } from '#nodes/sdk/context.js';
import { NodeError } from '#nodes/sdk/errors.js';
import type { JsonObject } from '#nodes/sdk/json.js';
import type { NodeType } from '#nodes/sdk/node.js';
import type { PublicNode } from '#nodes/sdk/publicNode.js';
import { valuesOf } from './arbitraries.js';
import { aMessage, aNodeContext, aPassage, type ModelReply, type NodeWorld, RunWaits } from './nodeContext.js';

/** Stands wherever a customer, a contact or a document can put words. If it is ever evaluated, `EVALUATED` appears. */
export const CANARY = '{{ 7919 * 104729 }}';
export const EVALUATED = '829348951';
const text = fc.constantFrom(
  'oi',
  'ok',
  'Vocês abrem domingo?',
  'Is it open?',
  CANARY,
  `x ${CANARY} \${7919*104729}`,
  '🥖'.repeat(40),
  '',
);

export interface Played {
  readonly left: Set<string>;
  readonly touched: Set<string>;
  readonly chats: ChatRequest[];
  /** Whatever it returned, sent, remembered or asked, as one text. */
  everything: string;
}

/** Runs a node many times with configs, inputs and model answers that its schemas allow. */
export async function play(node: NodeType, { config: schema }: PublicNode): Promise<Played> {
  const seen: Played = { left: new Set(), touched: new Set(), chats: [], everything: '' };
  const world = fc.record({
    config: valuesOf(schema, text),
    said: text,
    kind: fc.constantFrom('text', 'button', 'image'),
    answer: fc.constantFrom('sim', CANARY, null),
    known: fc.boolean(),
    seed: fc.integer(),
  });
  const property = fc.asyncProperty(world, async ({ config, said, kind, answer, known, seed }) => {
    const parsed = node.config.safeParse(config);
    if (!parsed.success) return;
    const message = aMessage(node.group === 'trigger' ? said : `${said} customer-canary ${CANARY}`, {
      kind: kind as 'text',
      contact: { id: 'c', name: 'name-canary' },
      ...(kind === 'button' && { buttonId: 'person' }),
    });
    const context = aNodeContext()
      .trigger(said === 'ok' ? { ...message, text: 'ok 2 {{' } : message)
      .history(['contact', 'history-canary'])
      .passages(...(known ? [aPassage('p', `passage-canary ${CANARY}`)] : []))
      .contact({ name: 'name-canary' })
      .at('2031-01-01T00:00:00.000Z')
      .answers({ status: known ? 200 : 404, headers: {}, json: null, text: CANARY })
      .answered(answer)
      .model((request) => replyTo(request, seed));
    try {
      const { port, value } = await context.run(node, config as JsonObject, { text: said, summary: '', reason: '' });
      const out = outputsOf(node, parsed.data).find((one) => one.name === port)?.schema;
      if (!out || !('parse' in out)) throw new Error(`left by "${port}", which is not a port`);
      expect((out as NodeType['config']).parse(value)).toEqual(value);
      seen.left.add(port);
      seen.everything += JSON.stringify([
        value,
        [...context.world.sent],
        context.world.contact,
        context.world.questions,
      ]);
    } catch (error) {
      if (!(error instanceof NodeError) && !(error instanceof RunWaits)) throw error;
      seen.everything += error.message;
    }
    note(context.world, seen);
  });
  await fc.assert(property, { numRuns: 150, seed: 42 });
  return seen;
}

function note(world: NodeWorld, seen: Played): void {
  for (const name of world.touched) seen.touched.add(name);
  seen.chats.push(...world.chats);
  seen.everything += JSON.stringify(world.chats.map(({ messages }) => messages));
}

/** Anything that a model may say within what it was asked for: output of the schema, a tool or two, or words. */
function replyTo(request: ChatRequest, seed: number): ModelReply {
  if (request.output) {
    const [output] = fc.sample(valuesOf(request.output.schema, fc.constantFrom('p', 'ok', CANARY)), {
      numRuns: 1,
      seed,
    });
    return { output: output ?? null };
  }
  const tools = request.tools ?? [];
  if (seed % 5 === 0) return { tools: [{ name: 'not_granted', arguments: {} }] };
  const tool = tools[Math.abs(seed) % (tools.length + 1)];
  if (!tool) return { text: `Pronto ${CANARY}` };
  const [args] = fc.sample(valuesOf(tool.parameters, fc.constant('x')), { numRuns: 1, seed });
  return { tools: [{ name: tool.name, arguments: args ?? null }] };
}
