import type { ChatRequest, Tool, ToolCall } from '#nodes/sdk/context.js';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import type { Passage } from '#nodes/sdk/context.js';
import { fold } from '../language/fold.js';
import { featuresOf } from '../language/features.js';
import { fill } from './fill.js';
import { moodOf } from './mood.js';
import { smallTalk } from './smallTalk.js';

const searches =
  /\b(?:search|find|look ?up|lookup|knowledge|retrieve|buscar?|procur\w*|pesquis\w*|consult\w*|conhecimento)\b/;
const handsOff = /\b(?:hand ?off|handoff|escalate|human|person|transfer\w*|pessoa|atendente|humano|chamar)\b/;

const described = (tool: Tool): string => fold(`${tool.name.replace(/[_.-]/g, ' ')} ${tool.description}`);

/** The tool to call for the customer's last message, or null when an answer should be written instead. */
export function chooseTool(request: ChatRequest, message: string): ToolCall | null {
  const tools = request.tools ?? [];
  if (!tools.length || request.messages.at(-1)?.role === 'tool') return null;
  const call = (tool: Tool, facts: JsonObject): ToolCall => ({
    id: `sandbox_${request.messages.length}`,
    name: tool.name,
    arguments: fill(tool.parameters, facts),
  });
  const facts = { query: message, text: message, reason: message, summary: message, question: message };
  if (moodOf(message).wantsPerson) {
    const tool = tools.find((one) => handsOff.test(described(one)));
    if (tool) return call(tool, facts);
  }
  if (smallTalk(message, request.locale)) return null;
  const asked = featuresOf(message);
  const scored = tools
    .filter((tool) => !handsOff.test(described(tool)))
    .map((tool) => {
      const about = featuresOf(described(tool));
      return {
        tool,
        score:
          [...asked.concepts].filter((one) => about.concepts.has(one)).length +
          [...asked.unknown.keys()].filter((one) => about.stems.has(one)).length,
      };
    });
  const top = scored.reduce<(typeof scored)[number] | null>(
    (best, one) => (best && best.score >= one.score ? best : one),
    null,
  );
  const tool = top && top.score > 0 ? top.tool : tools.find((one) => searches.test(described(one)));
  return tool ? call(tool, facts) : null;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What tools returned, as passages to answer from: objects with a `text` become passages, any other text a passage of its own. */
export function toolPassages(request: ChatRequest): Passage[] {
  const passages: Passage[] = [];
  const collect = (value: Json, title: string): void => {
    if (typeof value === 'string')
      passages.push({
        id: `tool:${passages.length}`,
        sourceId: title,
        title,
        text: value,
        score: 1,
        updatedAt: '1970-01-01T00:00:00.000Z',
      });
    else if (Array.isArray(value)) for (const one of value) collect(one, title);
    else if (isObject(value)) {
      const { text } = value;
      if (typeof text !== 'string') {
        for (const [key, one] of Object.entries(value))
          if (typeof one === 'object' || typeof one === 'string') collect(one, key);
        return;
      }
      const name = typeof value['title'] === 'string' ? value['title'] : title;
      passages.push({
        id: typeof value['id'] === 'string' ? value['id'] : `tool:${passages.length}`,
        sourceId: typeof value['sourceId'] === 'string' ? value['sourceId'] : name,
        title: name,
        text,
        score: 1,
        updatedAt: '1970-01-01T00:00:00.000Z',
      });
    }
  };
  for (const message of request.messages) {
    if (message.role !== 'tool') continue;
    let value: Json;
    try {
      value = JSON.parse(message.content) as Json;
    } catch {
      value = message.content;
    }
    collect(value, '');
  }
  return passages;
}
