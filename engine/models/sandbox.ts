import type { ChatRequest, Usage } from '#nodes/sdk/context.js';
import type { Locale } from '#nodes/sdk/text.js';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import type { ChatCall, ChatProvider, ProviderReply } from './provider.js';
import { detectLanguage } from './language/detectLanguage.js';
import { featuresOf } from './language/features.js';
import { answer } from './sandbox/answer.js';
import { chooseTool, toolPassages } from './sandbox/act.js';
import { classify } from './sandbox/classify.js';
import { editGraph } from './sandbox/editGraph.js';
import { escalationOf, takesOffer } from './sandbox/escalation.js';
import { fill } from './sandbox/fill.js';
import { moodOf } from './sandbox/mood.js';
import { phrases } from './sandbox/phrases.js';
import { hasSubject, withContext } from './sandbox/followUp.js';
import { goodsOf, howToOrder, isOrder } from './sandbox/orders.js';
import { clausesOf, questionsOf } from './sandbox/questions.js';
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

/** Words of a sentence that is long enough to hold several questions. */
const runsOn = 12;
const wholeMenu = { 'pt-BR': 'cardápio e preços', en: 'menu and prices' } as const;

/** What to search for: each question of the message on its own line, with what it leans on; and how to order, for whoever orders. */
function searchFor(last: string, earlier: readonly string[], locale: Locale): string {
  const before = [...earlier];
  const lines: string[] = [];
  for (const question of questionsOf(last)) {
    const clauses = question.split(/\s+/).length > runsOn ? clausesOf(question) : { asking: [], telling: [] };
    lines.push(
      ...(clauses.asking.length
        ? clauses.asking.map((one) =>
            hasSubject(featuresOf(one)) ? one : [...clauses.telling, withContext(one, before)].join(' '),
          )
        : [withContext(question, before)]),
    );
    before.push(question);
  }
  // What the business sells takes the whole search: the menu is long.
  const { concepts } = featuresOf(last);
  if (concepts.has('menu') && concepts.size === 1) return wholeMenu[locale];
  if (isOrder(last)) lines.push(howToOrder[locale], goodsOf(last));
  return (lines.length ? lines : [last]).join('\n');
}

/** Everything the sandbox can say about a request, by the names that `fill` looks for. */
export function factsOf(request: ChatRequest): JsonObject {
  const said = request.messages.filter((message) => message.role === 'user').map((message) => message.content);
  const last = said.at(-1) ?? '';
  const earlier = said.slice(0, -1);
  const replied = request.messages.findLast(({ role }) => role === 'assistant')?.content ?? '';
  const mood = moodOf(last);
  const wantsPerson = mood.wantsPerson || takesOffer(last, replied);
  const locale = detectLanguage(last, request.locale);
  const facts: JsonObject = {
    score: mood.score,
    mood: moodName(mood.score, mood.angry),
    angry: mood.angry,
    language: locale,
    query: searchFor(last, earlier, locale),
    confidence: 0.8,
    needsPerson: wantsPerson,
    ...escalationOf(last, earlier, request.locale, request.instructions, replied),
  };
  if (request.task === 'classify') {
    const chosen = classify(last, request.material?.labels ?? []);
    const reply = chosen.label === 'other' ? (smallTalk(last, locale) ?? phrases.tellMe[locale]) : '';
    return { ...facts, ...chosen, text: reply };
  }
  if (request.task === 'write') return { ...facts, text: write(request, last) };
  if (request.task === 'answer' || request.task === 'act') {
    if (wantsPerson || mood.angry) {
      return {
        ...facts,
        text: phrases[mood.angry ? 'sorry' : 'personComing'][locale],
        grounded: true,
        sources: [],
        needsPerson: true,
      };
    }
    const passages = [...(request.material?.passages ?? []), ...(request.task === 'act' ? toolPassages(request) : [])];
    const found = answer(last, passages, request.locale, earlier);
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
      if (request.task === 'edit') {
        const text = JSON.stringify(editGraph(request));
        report(usageOf(request, text));
        return { text, refusal: null, toolCalls: [], finish: 'stop' };
      }
      const facts = factsOf(request);
      const text = typeof facts['text'] === 'string' ? facts['text'] : '';
      const output: Json = request.output ? fill(request.output.schema, facts) : null;
      for (const word of text.match(/\S+\s*/g) ?? []) {
        if (options.wordMs > 0) await pause(options.wordMs, signal);
        signal.throwIfAborted();
        onText?.(word);
      }
      const written = request.output ? JSON.stringify(output) : text;
      report(usageOf(request, written));
      return { text: written, refusal: null, toolCalls: [], finish: 'stop' };
    },
  };
}
