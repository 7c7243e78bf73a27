import { z } from 'zod';
import { proposedChanges } from '#engine/graph/changes/change.js';
import type { Definition } from '#engine/graph/definition.js';
import { outputsOf } from '#engine/graph/ports.js';
import type { ChatMessage, ChatResult, GraphMaterial, Models } from '#nodes/sdk/context.js';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import type { PublicNode } from '#nodes/sdk/publicNode.js';
import type { Locale } from '#nodes/sdk/text.js';

const instructions = `You help a member change a department: a graph of steps that each message or event of a small business passes through, from top to bottom.
The material has the department under "graph": its steps, the edges between their ways out, and all types of steps that there are with the JSON Schema of their settings. There are no other types.
Answer with the smallest list of changes that does what the member asks. Changes are done in order.
- "add" after a step puts the new one between that step (at the way out named) and what followed it. With "before" alone it goes in front of that step. To put it between two, name both. Its ways out beyond the first are left for "connect".
- "move" takes a step out of its place, whose neighbours are joined, and puts it where "add" would put a new one. "swap" exchanges the places of two. "duplicate" adds a copy with the same settings.
- "errors" says what a failed step does to the run; only after "route" can its way out "error" be connected.
- Edges never go round: nothing leads back to a step above it. To repeat, use a loop. Both ends of an edge stand in the same container.
- A step that starts the work (trigger) follows nothing. Every other step must be reached from one.
- Settings are given by field with the JSON of the value. Fill in all that the schema requires. A text may hold {{ expressions }}: trigger, steps.<id>.<field> of steps above, contact, conversation, organization.
- Change nothing that was not asked for. Steps that are locked cannot be changed.
- When the request cannot be met with these types, or is not about this department, say why in "cannot" and change nothing.
"summary" tells the owner of the business what changes, without technical words.`;

const output = { name: 'changes', schema: z.toJSONSchema(proposedChanges) as JsonObject };
/** Characters of one text of a setting that a model is shown, and of all settings together. */
const SHOWN_TEXT = 4_000;
const SHOWN_IN_ALL = 300_000;

export const ask = (
  models: Models,
  graph: GraphMaterial,
  messages: readonly ChatMessage[],
  locale: Locale,
): Promise<ChatResult> =>
  models.chat({ role: 'reason', task: 'edit', instructions, material: { graph }, messages, output, locale });

/** The department as a model is shown it. Of settings too long for it there is the beginning; of too many, none. */
export function graphOf({ nodes, edges }: Definition, nodeTypes: readonly PublicNode[], locale: Locale): GraphMaterial {
  const types = new Map(nodeTypes.map((type) => [type.type, type]));
  let left = SHOWN_IN_ALL;
  return {
    steps: nodes.map(({ id, type, title, config, parentId, locked, onError }) => {
      const shown = cut(config as Json) as JsonObject;
      left -= JSON.stringify(shown).length;
      return {
        id,
        type,
        title: title ?? types.get(type)?.title[locale] ?? type,
        config: left > 0 ? shown : {},
        ways: waysOf(types.get(type), config, onError),
        ...(parentId && { inside: parentId }),
        ...(locked && { locked }),
      };
    }),
    edges: edges.map(({ from, to }) => ({ from: from.node, way: from.port, to: to.node })),
    types: nodeTypes.map((type) => ({
      type: type.type,
      title: type.title,
      summary: type.summary,
      ways: outputsOf(type, {}).map(({ name }) => name),
      config: type.config,
    })),
  };
}

/** The ways out that a step has as it is set, with what people call them. */
const waysOf = (
  type: PublicNode | undefined,
  config: unknown,
  onError: Definition['nodes'][number]['onError'],
): GraphMaterial['steps'][number]['ways'] =>
  type ? outputsOf(type, config, onError).map(({ name, title }) => ({ name, title })) : [];

function cut(value: Json): Json {
  if (typeof value === 'string') return value.length > SHOWN_TEXT ? `${value.slice(0, SHOWN_TEXT)}…` : value;
  if (Array.isArray(value)) return value.map(cut);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, cut(part)]));
}
