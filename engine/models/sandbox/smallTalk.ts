import type { Locale } from '#nodes/sdk/text.js';
import { fold } from '../language/fold.js';
import { asked } from '../language/concepts.js';
import { featuresOf } from '../language/features.js';
import { moodOf } from './mood.js';
import { phrases } from './phrases.js';

const greetings: readonly (readonly [RegExp, keyof typeof phrases])[] = [
  [/\b(?:bom dia+|good morning)\b/, 'morning'],
  [/\b(?:boa tarde+|good afternoon)\b/, 'afternoon'],
  [/\b(?:boa noite+|good evening)\b/, 'evening'],
  [/^\s*(?:oi+e?|ola+|opa|e ai|eai|alo|hello+|hi+|hey+|hiya)\b/, 'hello'],
];

/** The greeting to give back, when the message greets. */
export function greetingOf(message: string, locale: Locale): string | null {
  const text = fold(message);
  const found = greetings.find(([pattern]) => pattern.test(text));
  return found ? phrases[found[1]][locale] : null;
}

const courtesy =
  /\b(?:oi+e?|ola+|opa|e ai|eai|alo|hello+|hi+|hey+|hiya|bom dia+|boa tarde+|boa noite+|good (?:morning|afternoon|evening)|tudo (?:bem|bom|certo)|td bem|como (?:vai|vao)(?: voces?)?|how are you|how'?s it going|there|pessoal|gente|tem alguem ai|alguem ai|tem gente ai|anyone there|is anyone there|anybody there|blz|beleza|suave|tranquilo|de boa|firmeza)\b/g;
const anyone = /^\W*(?:tem (?:alguem|gente) ai|alguem ai|(?:is )?any(?:one|body) there)\W*$/;
const howAreYou =
  /\b(?:tudo (?:bem|bom|certo)|td (?:bem|bom|certo)|(?:opa|oi|e ai|eai) (?:blz|beleza)|como (?:vai|vao)|how are you|how'?s it going)\b/;
const thanks =
  /\b(?:obrigad[oa]s?|obg|brigad[oa]|brigadao|valeu+|vlw|grat[oa]|agradeco|thanks?|thank you|thx|ty|cheers)\b/;
const goodbye =
  /^\W*(?:tchau+|ate (?:mais|logo|amanha|breve)|fui|flw|falou|bye+|good ?bye|see (?:you|ya)|good night)\b/;
const agreed =
  /^\W*(?:(?:ok+|okay|okey|blz|beleza|certo|ta(?: bom| certo)?|combinado|perfeito|otimo|show(?: de bola)?|top|maravilha|legal|entendi|fechou|massa|got it|great|perfect|cool|sounds good|alright|nice|sim|nao|yes|no|yep|nope|entao|then)[\s,.!]*)+\W*$/;
const laughs = /^\W*(?:k+|(?:ha|he|hi|rs|hua|hue)+h?s?|lol|lmao)\W*$/;
const introduces =
  /^\W*(?:(?:oi+e?|ola|opa|bom dia|boa tarde|boa noite|hi|hello|hey|good (?:morning|afternoon|evening))\W+)?(?:aqui (?:e|quem fala e) (?:o|a)|sou (?:o|a)|me chamo|meu nome e|my name is|this is)\s+([a-z]+(?: [a-z]+){0,2})\W*$/;
const identity =
  /\b(?:voce e (?:um )?(?:robo|bot|humano|uma pessoa|de verdade|ia)|e (?:um )?(?:robo|bot)|(?:estou|to|tou) falando com (?:um )?(?:robo|bot|uma pessoa|um humano|uma maquina|quem)|quem (?:e voce|esta falando)|are you (?:a )?(?:bot|robot|human|real|person|an ai|ai)|am i (?:talking|speaking) (?:to|with) (?:a )?(?:bot|robot|human|person|machine)|who are you|who am i talking to|what can you do|o que voce (?:faz|sabe))\b/;

/** The whole reply to a message that only greets, thanks, agrees, says goodbye or asks who answers; null when there is something to answer. */
export function smallTalk(message: string, locale: Locale): string | null {
  const text = fold(message).trim();
  const without = (pattern: RegExp): string =>
    text
      .replace(new RegExp(pattern, 'g'), ' ')
      .replace(/[^a-z0-9]+/g, ' ')
      .trim();
  if (!/[\p{L}\p{N}]/u.test(message)) {
    if (/\p{Extended_Pictographic}/u.test(message))
      return phrases[/🙏/u.test(message) ? 'youAreWelcome' : 'fine'][locale];
    return phrases.tellMe[locale];
  }
  if (identity.test(text)) return phrases.whoAmI[locale];
  if (thanks.test(text)) {
    const rest = without(thanks)
      .replace(
        /\b(?:muito|demais|pela?o?s?|ajuda|atencao|viu|mesmo|so much|very|a lot|for|your|the|help|you|ok|ta|bom|certo|era so isso|so isso|that'?s all|so)\b/g,
        ' ',
      )
      .trim();
    if (rest.split(/\s+/).length <= 2 && !text.includes('?')) return phrases.youAreWelcome[locale];
  }
  if (goodbye.test(text) && text.length < 40) return phrases.goodbye[locale];
  if (agreed.test(text) || laughs.test(text)) return phrases.fine[locale];
  if (introduces.test(text) && featuresOf(introduces.exec(text)?.[1] ?? '').concepts.size === 0)
    return `${greetingOf(message, locale) ?? phrases.hello[locale]} ${phrases.howCanIHelp[locale]}`;
  if (!text.includes('?') && moodOf(message).sentiment === 'positive') {
    const { concepts } = featuresOf(text);
    if (
      ![...concepts].some((concept) => asked.has(concept)) &&
      !/\b(?:qu(?:ero|eria|anto|al|ais|em|e horas)|tem|how|what|where|when|do you|can|want|need)\b/.test(text)
    )
      return phrases.glad[locale];
  }
  const greeting = greetingOf(message, locale);
  if (
    (greeting || howAreYou.test(text) || anyone.test(text)) &&
    !without(courtesy)
      .replace(
        /\b(?:com|a|voces?|vcs?|ai|e|tudo|amigos?|you|everyone|all|moca?|querid[oa]s?|preciso de ajuda|pode me ajudar|i need help|can you help me|tenho uma duvida|uma duvida|i have a question)\b/g,
        ' ',
      )
      .trim()
  ) {
    return [
      greeting ?? phrases.hello[locale],
      howAreYou.test(text) ? phrases.allWell[locale] : '',
      phrases.howCanIHelp[locale],
    ]
      .filter(Boolean)
      .join(' ');
  }
  return null;
}
