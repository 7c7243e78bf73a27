import { randomBytes } from 'node:crypto';
import { textOf, type Reply } from './replies.js';

type Dict = Record<string, unknown>;
export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

const id = (prefix: string): string => `${prefix}${randomBytes(12).toString('hex')}`;
const now = (): number => Math.floor(Date.now() / 1000);

export const errorBody = ({ code, type, message }: Partial<{ code: string; type: string; message: string }>): Dict => ({
  error: {
    message: message ?? 'The emulator was told to fail.',
    type: type ?? 'invalid_request_error',
    param: null,
    code: code ?? null,
  },
});

const callsOf = (reply: Reply): { id: string; name: string; arguments: string }[] =>
  'toolCalls' in reply
    ? reply.toolCalls.map(({ name, arguments: args }) => ({
        id: id('call_'),
        name,
        arguments: typeof args === 'string' ? args : JSON.stringify(args),
      }))
    : [];

/** A whole Chat Completion. */
export function completionOf(model: string, reply: Reply, usage: Usage, finish?: string): Dict {
  const calls = callsOf(reply);
  const refusal = 'refusal' in reply ? reply.refusal : null;
  const message = {
    role: 'assistant',
    content: calls.length || refusal !== null ? null : textOf(reply),
    refusal,
    annotations: [],
    ...(calls.length && {
      tool_calls: calls.map((call) => ({
        id: call.id,
        type: 'function',
        function: { name: call.name, arguments: call.arguments },
      })),
    }),
  };
  return {
    id: id('chatcmpl-'),
    object: 'chat.completion',
    created: now(),
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finish ?? (calls.length ? 'tool_calls' : 'stop') }],
    usage,
  };
}

/** Uneven pieces that cut words, escapes and surrogate pairs, as tokens do. */
function pieces(text: string): string[] {
  const sizes = [1, 4, 2, 7, 3];
  const result: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 3;
    result.push(text.slice(at, at + size));
    at += size;
  }
  return result;
}

/** The same as a stream of chunks; with `usage`, a last one without choices carries it. */
export function chunksOf(model: string, reply: Reply, usage: Usage | null, finish?: string): Dict[] {
  const base = { id: id('chatcmpl-'), object: 'chat.completion.chunk', created: now(), model };
  const chunk = (delta: Dict, finish_reason: string | null = null): Dict => ({
    ...base,
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  });
  const calls = callsOf(reply);
  const deltas: Dict[] = [{ role: 'assistant', content: calls.length ? null : '' }];
  calls.forEach((call, index) => {
    deltas.push({
      tool_calls: [{ index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }],
    });
    for (const piece of pieces(call.arguments))
      deltas.push({ tool_calls: [{ index, function: { arguments: piece } }] });
  });
  if ('refusal' in reply) for (const piece of pieces(reply.refusal)) deltas.push({ refusal: piece });
  for (const content of pieces(textOf(reply))) deltas.push({ content });
  return [
    ...deltas.map((delta) => chunk(delta)),
    chunk({}, finish ?? (calls.length ? 'tool_calls' : 'stop')),
    ...(usage ? [{ ...base, choices: [], usage }] : []),
  ];
}
