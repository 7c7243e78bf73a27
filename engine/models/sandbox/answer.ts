import type { Passage } from '#nodes/sdk/context.js';
import type { Locale } from '#nodes/sdk/text.js';
import { detectLanguage } from '../language/detectLanguage.js';
import { featuresOf, type Features } from '../language/features.js';
import { asked } from '../language/concepts.js';
import { phrases } from './phrases.js';
import { questionsOf } from './questions.js';
import { enough, refine, relevance } from './relevance.js';
import { greetingOf, smallTalk } from './smallTalk.js';
import { say } from './say.js';
import { confirm, notDeliveredTo } from './notDeliveredTo.js';
import { unitsOf, type Unit } from './units.js';

export interface Answer {
  readonly text: string;
  /** Whether the material holds what was asked. Courtesies are grounded: there is nothing to know. */
  readonly grounded: boolean;
  /** 0..1. */
  readonly confidence: number;
  readonly locale: Locale;
  /** Passages that the answer quotes. */
  readonly passages: readonly Passage[];
}

interface Found {
  readonly units: readonly Unit[];
  readonly score: number;
}

const mostSentences = 2;
const mostLines = 20;

/** The best unit of one language, with those around it that belong to the answer. */
function best(question: Features, units: readonly Unit[], known: ReadonlySet<string>): Found {
  const scored = units
    .map((unit) => ({ unit, score: relevance(question, unit, known) }))
    .toSorted((a, b) => b.score - a.score || a.unit.order - b.unit.order);
  const top = scored[0];
  if (!top || top.score < enough) return { units: [], score: top?.score ?? 0 };
  const asWell = scored.filter(({ score }) => score >= Math.max(enough, top.score * 0.9));
  const wholeList = question.concepts.has('price') && !hasSubject(question) && top.unit.kind !== 'sentence';
  const beside = asWell.filter(({ unit }) =>
    wholeList
      ? unit.passage.sourceId === top.unit.passage.sourceId && unit.kind === top.unit.kind
      : unit.block === top.unit.block,
  );
  const chosen = beside.slice(0, top.unit.kind === 'sentence' ? mostSentences : mostLines).map(({ unit }) => unit);
  const next = scored.find(({ unit }) => unit.order === top.unit.order + 1 && unit.block === top.unit.block);
  // A bare "Yes." says too little, and what follows on the same subject most often completes it.
  const completes =
    next && (top.unit.text.length < 30 || (next.score >= 0.4 && top.unit.text.length + next.unit.text.length < 220));
  if (chosen.length === 1 && top.unit.kind === 'sentence' && next && completes) chosen.push(next.unit);
  return { units: chosen.toSorted((a, b) => a.order - b.order), score: top.score };
}

const asks = (features: Features): boolean => [...features.concepts].some((concept) => asked.has(concept));
const hasSubject = (features: Features): boolean =>
  features.unknown.size > 0 || [...features.concepts].some((concept) => !asked.has(concept));
/** `How much is it?` needs to be told what `it` is; `do you deliver?` does not. */
const needsSubject = (features: Features): boolean =>
  !hasSubject(features) && [...features.concepts].every((concept) => concept === 'price' || concept === 'allergen');

/** Takes from the question before it what this one leaves out: what is asked for, or what it is asked about. */
function merge(question: Features, before: Features): Features {
  const wanted = !asks(question);
  const about = !hasSubject(question);
  const taken = [...before.concepts].filter((concept) => (asked.has(concept) ? wanted : about));
  return {
    concepts: new Set([...question.concepts, ...taken]),
    stems: question.stems,
    unknown: about ? before.unknown : question.unknown,
  };
}

/** A question that leans on the one before it: `e no domingo?`, `and the chocolate one?`. */
const leans = (text: string): boolean =>
  /^\W*(?:e|mas|and|but|what about|how about)\b/i.test(text) && text.split(/\s+/).length <= 8;

/** Answers the customer's last message from the passages alone. `before` is the customer's message before it, if any. */
export function answer(message: string, passages: readonly Passage[], locale: Locale, before = ''): Answer {
  const language = detectLanguage(message, detectLanguage(before, locale));
  const courtesy = smallTalk(message, language);
  if (courtesy) return { text: courtesy, grounded: true, confidence: 1, locale: language, passages: [] };

  const units = unitsOf(passages);
  const mine = units.filter((unit) => unit.locale === language);
  const others = units.filter((unit) => unit.locale !== language);
  const known = new Set(units.flatMap((unit) => [...unit.own.stems, ...unit.context.stems]));

  const said: string[] = [];
  const missing: string[] = [];
  const used = new Map<string, Passage>();
  const seen = new Set<number>();
  let confidence = 1;
  const context = featuresOf(before);
  let previous = context;
  for (const question of questionsOf(message)) {
    const own = featuresOf(question);
    const features = refine((leans(question) && before) || needsSubject(own) ? merge(own, previous) : own);
    previous = own;
    if (!features.concepts.size && !features.unknown.size) continue;
    const near = best(features, mine, known);
    const far = near.score >= enough ? { units: [], score: 0 } : best(features, others, known);
    const found = near.score >= enough ? near : far;
    const elsewhere = found.score < enough ? notDeliveredTo(question, features, mine) : null;
    if (elsewhere) {
      used.set(elsewhere.unit.passage.id, elsewhere.unit.passage);
      said.push(`${phrases.notInArea[language].replace('{place}', elsewhere.place)} ${elsewhere.unit.text}`);
      continue;
    }
    if (found.score < enough) {
      missing.push(question.replace(/[\s?!.,]+$/, ''));
      continue;
    }
    confidence = Math.min(confidence, found.score);
    const fresh = found.units.filter((unit) => !seen.has(unit.order));
    if (!fresh.length) continue;
    for (const unit of fresh) {
      seen.add(unit.order);
      used.set(unit.passage.id, unit.passage);
    }
    said.push(confirm(question, features, fresh, language) + say(fresh, features, found === far ? language : null));
  }

  const greeting = greetingOf(message, language);
  if (!said.length) {
    const text = [greeting, phrases.doNotKnow[language]].filter(Boolean).join(' ');
    return { text, grounded: false, confidence: 0, locale: language, passages: [] };
  }
  const rest = missing.length ? phrases.doNotKnowTheRest[language].replace('{rest}', missing.join('”, “')) : null;
  const body = [said.join('\n'), rest].filter(Boolean).join('\n');
  return {
    text: greeting ? `${greeting} ${body}` : body,
    grounded: true,
    confidence: Math.round(confidence * 100) / 100,
    locale: language,
    passages: [...used.values()],
  };
}
