import type { Passage } from '#nodes/sdk/context.js';
import type { Locale } from '#nodes/sdk/text.js';
import { ingredients } from '../language/concepts.js';
import { detectLanguage } from '../language/detectLanguage.js';
import { featuresOf, type Features } from '../language/features.js';
import { best, inMaterial } from './best.js';
import { avoided, cautionsOf, leavesOut } from './diet.js';
import { contextOf, hasSubject, leans, merge } from './followUp.js';
import { confirm, notDeliveredTo } from './notDeliveredTo.js';
import { isOrder, ordered } from './orders.js';
import { phrases } from './phrases.js';
import { clausesOf, questionsOf } from './questions.js';
import { enough, money, refine } from './relevance.js';
import { say } from './say.js';
import { greetingOf, smallTalk } from './smallTalk.js';
import { respell, vocabularyOf } from './spelling.js';
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

/** One question's answer: the units it rests on, and the words to say before or instead of them. */
interface Reply {
  readonly said: readonly string[];
  readonly units: readonly Unit[];
  readonly score: number;
}

interface Material {
  readonly mine: readonly Unit[];
  readonly others: readonly Unit[];
  readonly language: Locale;
}

const spoken = (question: string, features: Features, units: readonly Unit[], { language }: Material): string => {
  const quoted = units[0] !== undefined && units[0].locale !== language;
  return confirm(question, features, units, language) + say(units, features, quoted ? language : null);
};

/** What to tell whoever orders: what it costs or how long before, and how to go about it. */
function replyToOrder(question: string, features: Features, material: Material): Reply | null {
  const { mine } = material;
  const about = ordered(features);
  if (!isOrder(question) || !hasSubject(about) || !inMaterial(about, mine)) return null;
  const how = mine.find(
    ({ own, heading, kind }) => kind === 'sentence' && own.concepts.has('order') && /^(?:como|how)\b/i.test(heading),
  );
  const notice = best(question, { ...about, concepts: new Set([...about.concepts, 'duration', 'order']) }, mine);
  const timely = notice.units.some(({ own }) => own.concepts.has('duration')) ? notice.units : [];
  const prices = best(
    question,
    { ...about, concepts: new Set([...about.concepts, 'price']) },
    mine.filter(({ text }) => money.test(text)),
  );
  const first =
    features.concepts.has('order') && timely.length > 0 && features.concepts.has('duration') ? timely : prices.units;
  const then = features.concepts.has('order') && first !== timely ? timely : [];
  if (!how || (!first.length && !features.concepts.has('order'))) return null;
  const units = [...first, ...then];
  const said = [
    ...(first.length ? [spoken(question, about, first, material)] : []),
    say([how], about, null),
    ...(then.length ? [say(then, about, null)] : []),
  ];
  return { said, units: [...units, how], score: enough };
}

/** What the material says to one question; null when it does not hold the answer. */
function replyTo(question: string, features: Features, material: Material): Reply | null {
  const order = replyToOrder(question, features, material);
  if (order) return order;
  const diet = hasSubject(features) ? [] : avoided(question, features);
  const suits = diet.length ? material.mine.filter((unit) => unit.kind !== 'sentence' && leavesOut(unit, diet)) : [];
  if (suits.length) return { said: [say(suits, features, null)], units: suits, score: 1 };
  const near = best(question, features, material.mine);
  const found = near.score >= enough ? near : best(question, features, material.others);
  if (found.score >= enough) {
    const without = avoided(question, features);
    const free = without.length && found.units.length > 1 ? found.units.filter((unit) => leavesOut(unit, without)) : [];
    const units = free.length ? free : found.units;
    return { said: [spoken(question, features, units, material)], units, score: found.score };
  }
  const elsewhere = notDeliveredTo(question, features, material.mine);
  if (elsewhere) {
    const text = `${phrases.notInArea[material.language].replace('{place}', elsewhere.place)} ${elsewhere.unit.text}`;
    return { said: [text], units: [elsewhere.unit], score: enough };
  }
  // Whoever asks whether we are in another place is told where we are.
  if (features.concepts.has('place') && hasSubject(features)) {
    const where = best(question, { ...features, concepts: new Set(['place']), unknown: new Map() }, material.mine);
    if (where.score >= enough)
      return { said: [say(where.units, features, null)], units: where.units, score: where.score };
  }
  return null;
}

/** Answers a run-on sentence clause by clause; what is only told (`moro no Derby`) says what the questions are about. */
function replyToClauses(
  question: string,
  material: Material,
  context: Features,
): { readonly replies: Reply[]; readonly missing: string[] } {
  const { asking, telling } = clausesOf(question);
  if (asking.length + telling.length < 2) return { replies: [], missing: [] };
  const told = telling.map(featuresOf).map((features) => ({
    ...features,
    unknown: new Map([...features.unknown].filter(([stem]) => material.mine.some(({ own }) => own.stems.has(stem)))),
  }));
  const replies: Reply[] = [];
  const missing: string[] = [];
  let before = told.reduce<Features>((all, one) => ({ ...all, unknown: new Map([...all.unknown, ...one.unknown]) }), {
    ...context,
    unknown: new Map(context.unknown),
  });
  for (const clause of asking) {
    const own = featuresOf(clause);
    if (!own.concepts.size && !own.unknown.size) continue;
    const named = before.unknown.size > 0 && !hasSubject(own) && own.concepts.has('delivery');
    const features = refine(
      named ? { ...own, unknown: before.unknown } : leans(clause, own) ? merge(own, before) : own,
    );
    if (hasSubject(own)) before = own;
    const reply = replyTo(clause, features, material);
    if (reply) replies.push(reply);
    else missing.push(clause);
  }
  return { replies, missing };
}

/** Answers the customer's last message from the passages alone. `earlier` holds the customer's messages before it, oldest first. */
export function answer(
  message: string,
  passages: readonly Passage[],
  locale: Locale,
  earlier: readonly string[] = [],
): Answer {
  const language = detectLanguage(message, detectLanguage(earlier.at(-1) ?? '', locale));
  const courtesy = smallTalk(message, language);
  if (courtesy) return { text: courtesy, grounded: true, confidence: 1, locale: language, passages: [] };

  const units = unitsOf(passages);
  const material: Material = {
    mine: units.filter((unit) => unit.locale === language),
    others: units.filter((unit) => unit.locale !== language),
    language,
  };
  const vocabulary = vocabularyOf(passages.map(({ title, text }) => `${title} ${text}`));

  const replies: Reply[] = [];
  const missing: string[] = [];
  let before = contextOf(earlier);
  for (const written of questionsOf(message)) {
    const question = respell(written, featuresOf(written), vocabulary);
    const own = featuresOf(question);
    if (!own.concepts.size && !own.unknown.size) continue;
    const features = refine(leans(question, own) ? merge(own, before) : own);
    const reply = replyTo(question, features, material);
    const parts = reply ? { replies: [reply], missing: [] } : replyToClauses(question, material, before);
    before = features;
    if (parts.replies.length) {
      replies.push(...parts.replies);
      missing.push(...parts.missing.map((part) => part.replace(/[\s?!.,]+$/, '')));
    } else missing.push(written.replace(/[\s?!.,]+$/, ''));
  }

  const said: string[] = [];
  const used = new Map<string, Passage>();
  const seen = new Set<number>();
  for (const reply of replies) {
    if (reply.units.every(({ order }) => seen.has(order))) continue;
    said.push(...reply.said);
    for (const unit of reply.units) {
      seen.add(unit.order);
      used.set(unit.passage.id, unit.passage);
    }
  }
  const caution = cautionFor(message, replies, units).filter(({ order }) => !seen.has(order));
  if (caution[0]) {
    said.push(say(caution, featuresOf(message), caution[0].locale === language ? null : language));
    used.set(caution[0].passage.id, caution[0].passage);
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
    confidence: Math.round(Math.min(1, ...replies.map(({ score }) => score)) * 100) / 100,
    locale: language,
    passages: [...used.values()],
  };
}

/** The caution that goes with an answer about allergens, from the source that it was taken from. */
function cautionFor(message: string, replies: readonly Reply[], units: readonly Unit[]): readonly Unit[] {
  const about = (features: Features): boolean =>
    features.concepts.has('allergen') || ingredients.some((one) => features.concepts.has(one));
  const unit = replies.flatMap((reply) => reply.units).find(({ own }) => about(own));
  return unit && about(featuresOf(message)) ? cautionsOf(units, unit.passage.sourceId) : [];
}
