import type { ChatRequest, Usage } from '#nodes/sdk/context.js';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import type { ChatCall, ChatProvider, ProviderReply } from './provider.js';
import { detectLanguage } from './language/detectLanguage.js';
import { answer } from './sandbox/answer.js';
import { chooseTool, toolPassages } from './sandbox/act.js';
import { classify } from './sandbox/classify.js';
import { escalationOf } from './sandbox/escalation.js';
import { fill } from './sandbox/fill.js';
import { moodOf } from './sandbox/mood.js';
import { phrases } from './sandbox/phrases.js';
import { smallTalk } from './sandbox/smallTalk.js';
import { write } from './sandbox/write.js';
import { pause } from './pause.js';

const moodName = (score: number, angry: boolean): string =>
  angry || score <= -0.75
    ? 'angry'
    : score <= -0.35
      ? 'upset'
      : score <= -0.2
        ? 'worried'
        : score >= 0.3
          ? 'happy'
          : 'calm';

/** A question that can be understood without the conversation: one that leans on the message before it takes it along. */
const standalone = (last: string, before: string): string =>
  before && last.split(/\s+/).length <= 5 ? `${before} ${last}` : last;

/** Everything the sandbox can say about a request, by the names that `fill` looks for. */
export function factsOf(request: ChatRequest): JsonObject {
  const said = request.messages.filter((message) => message.role === 'user').map((message) => message.content);
  const last = said.at(-1) ?? '';
  const before = said.at(-2) ?? '';
  const mood = moodOf(last);
  const locale = detectLanguage(last, request.locale);
  const facts: JsonObject = {
    score: mood.score,
    mood: moodName(mood.score, mood.angry),
    angry: mood.angry,
    language: locale,
    query: standalone(last, before),
    confidence: 0.8,
    needsPerson: mood.wantsPerson,
    ...escalationOf(last, said.slice(0, -1), request.locale, request.instructions),
  };
  if (request.task === 'classify') {
    const chosen = classify(last, request.material?.labels ?? []);
    const reply = chosen.label === 'other' ? (smallTalk(last, locale) ?? phrases.doNotKnow[locale]) : '';
    return { ...facts, ...chosen, text: reply };
  }
  if (request.task === 'write') return { ...facts, text: write(request, last) };
  if (request.task === 'answer' || request.task === 'act') {
    if (mood.wantsPerson || mood.angry) {
      return {
        ...facts,
        text: phrases[mood.angry ? 'sorry' : 'personComing'][locale],
        grounded: true,
        sources: [],
        needsPerson: true,
      };
    }
    const passages = [...(request.material?.passages ?? []), ...(request.task === 'act' ? toolPassages(request) : [])];
    const found = answer(last, passages, request.locale, before);
    return {
      ...facts,
      text: found.text,
      grounded: found.grounded,
      confidence: found.confidence,
      sources: found.passages.map(({ id }) => id),
      needsPerson: !found.grounded,
    };
  }
  const label = request.task === 'sentiment' ? mood.sentiment : String(facts['escalate']);
  return { ...facts, label, text: request.task === 'sentiment' ? mood.sentiment : (facts['reason'] ?? '') };
}

/** About four characters a token, in either language: enough to show what a real model would have used. */
const tokens = (text: string): number => Math.ceil(text.length / 4);

function usageOf(request: ChatRequest, output: string): Usage {
  const material =
    (request.material?.passages ?? []).map(({ text }) => text).join(' ') + (request.material?.business ?? '');
  const inputTokens = tokens(
    request.instructions + material + request.messages.map(({ content }) => content).join(' '),
  );
  return { provider: 'sandbox', model: 'sandbox', inputTokens, outputTokens: tokens(output), costMicros: 0 };
}

/**
 * The provider used while no key is set: deterministic, free, and made from the request's own material, so that a newcomer sees every
 * department work and tests repeat. Writes through `onText` a word at a time, `wordMs` apart.
 */
export function createSandbox(options: { readonly wordMs: number }): ChatProvider {
  return {
    name: 'sandbox',
    async chat({ request, signal, onText, report }: ChatCall): Promise<ProviderReply> {
      const last = request.messages.findLast((message) => message.role === 'user')?.content ?? '';
      const call = request.task === 'act' ? chooseTool(request, last) : null;
      if (call) {
        report(usageOf(request, JSON.stringify(call.arguments)));
        return { text: '', refusal: null, toolCalls: [call], finish: 'tool_calls' };
      }
      const facts = factsOf(request);
      const text = typeof facts['text'] === 'string' ? facts['text'] : '';
      const output: Json = request.output ? fill(request.output.schema, facts) : null;
      for (const word of text.match(/\S+\s*/g) ?? []) {
        if (options.wordMs > 0) await pause(options.wordMs, signal);
        signal.throwIfAborted();
        onText(word);
      }
      const written = request.output ? JSON.stringify(output) : text;
      report(usageOf(request, written));
      return { text: written, refusal: null, toolCalls: [], finish: 'stop' };
    },
  };
}
