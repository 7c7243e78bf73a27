import type { Locale } from '#nodes/sdk/text.js';
import { fold } from '../language/fold.js';
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
  /\b(?:oi+e?|ola+|opa|e ai|eai|alo|hello+|hi+|hey+|hiya|bom dia+|boa tarde+|boa noite+|good (?:morning|afternoon|evening)|tudo (?:bem|bom|certo)|td bem|como (?:vai|vao)(?: voces?)?|how are you|how'?s it going|there|pessoal|gente|tem alguem ai|alguem ai|anyone there)\b/g;
const howAreYou = /\b(?:tudo (?:bem|bom|certo)|td bem|como (?:vai|vao)|how are you|how'?s it going)\b/;
const thanks =
  /\b(?:obrigad[oa]s?|obg|brigad[oa]|brigadao|valeu+|vlw|grat[oa]|agradeco|thanks?|thank you|thx|ty|cheers)\b/;
const goodbye =
  /^\W*(?:tchau+|ate (?:mais|logo|amanha|breve)|fui|flw|falou|bye+|good ?bye|see (?:you|ya)|good night)\b/;
const agreed =
  /^\W*(?:ok+|okay|okey|blz|beleza|certo|combinado|perfeito|otimo|show|top|maravilha|entendi|fechou|massa|got it|great|perfect|cool|sounds good|alright|nice|sim|nao|yes|no|yep|nope)\W*$/;
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
  if (agreed.test(text)) return phrases.fine[locale];
  const greeting = greetingOf(message, locale);
  if (
    (greeting || howAreYou.test(text)) &&
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
