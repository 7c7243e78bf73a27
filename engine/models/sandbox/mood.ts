import { fold } from '../language/fold.js';

export interface Mood {
  readonly sentiment: 'positive' | 'neutral' | 'negative';
  /** -1 (furious) to 1 (delighted). */
  readonly score: number;
  readonly angry: boolean;
  /** The customer asks for a person. */
  readonly wantsPerson: boolean;
  /** The words that say so, as the customer wrote them (folded). */
  readonly signs: readonly string[];
}

const negation =
  /(?:\b(?:nao|nem|nunca|sem|n|not|never|don'?t|dont|didn'?t|isn'?t|wasn'?t|without|needn'?t|doesn'?t)\b)(?:\s+\w+){0,3}\s*$/;

/** Matches of the patterns, leaving out what the words just before deny. */
function signsOf(text: string, patterns: readonly RegExp[]): string[] {
  return patterns.flatMap((pattern) =>
    [...text.matchAll(new RegExp(pattern, 'g'))]
      .filter(
        (match) =>
          !negation.test(
            text
              .slice(Math.max(0, match.index - 40), match.index)
              .split(/[.!?;,\n]|\bmas\b|\bbut\b/)
              .at(-1) ?? '',
          ),
      )
      .map((match) => match[0].trim()),
  );
}

const person = `(?:uma? )?(?:pessoa(?:s)?(?: de verdade| real| humana)?|human[oa]s?|umano|atend[ei]nte|atendende|antendente|alguem|gente(?: de verdade)?|gerente|dono|dona|responsavel|supervisor[a]?|vendedor[a]?|funcionari[oa]|proprietari[oa])`;
const someone = `(?:an? |the |your |some )?(?:(?:real|actual|live|human) )?(?:person|persn|human|humna|being|agent|representative|rep|someone|somebody|manager|owner|staff|supervisor|operator|people|employee)`;

const asksForPerson: readonly RegExp[] = [
  new RegExp(
    `\\b(?:fala[r]?|falr|flar|conversar?|tratar|contato|ser atendid[oa])\\s+(?:por favor |logo |ja |agora |direto |diretamente )?(?:com|c|pelo|por|cm|a)\\s+(?:o |a |um |uma |algum |alguma )?${person}\\b`,
  ),
  new RegExp(
    `\\b(?:quero|queria|preciso(?: de)?|gostaria de|me (?:passa|passe|transfere|transfira|manda)(?: pra| para)?|passa(?:r)? (?:pra|para)|transfer(?:e|ir|ira) (?:pra|para)|chama(?:r)?|chame|cade|tem como falar com|posso falar com|manda)\\s+(?:o |a |um |uma |algum |alguma )?(?:atend[ei]nte|human[oa]|pessoa (?:de verdade|real|humana)|gerente|gente de verdade|dono|dona|responsavel|supervisor)\\b`,
  ),
  /\b(?:quero|queria|preciso|gostaria de|posso|poderia|da pra|tem como|deixa eu)\s+(?:falar|conversar)\s+(?:(?:direto|logo|agora)\s+)?com\s+(?:(?:o|a)\s+)?(?!voces?\b|vcs?\b|ninguem\b|(?:um |uma |esse |essa )?(?:robo|bot|maquina|ia)\b)\w+/,
  /\b(?:tem|ha|existe)\s+(?:algum|alguma|um|uma)\s+(?:human[oa]|pessoa|atend[ei]nte|gente)\s*(?:de verdade|real|ai\b|aqui\b|disponivel|online|pra |para |\W*$)/,
  /\b(?:can|could|may|want to|like to|need to|let me)\s+(?:i )?(?:please )?(?:talk|speak)\s+(?:to|with)\s+(?!you\b|u\b|ya\b|(?:a |the |this )?(?:bot|robot|machine|ai)\b)\w+/,
  /\b(?:chama(?:r)?|chame)\s+(?:uma pessoa|alguem|o pessoal|a equipe)\b/,
  /^\W*(?:quero (?:um |uma )?)?(?:atend[ei]nte|human[oa]|pessoa|gente de verdade|falar com gente)\s*(?:por favor|pf|pfv|ja|agora|real|de verdade)?\W*$/,
  /\b(?:atendimento|suporte) (?:humano|de verdade|com gente|por uma pessoa)\b/,
  /\b(?:tira|sai|chega|cansei|odeio|nao aguento mais)\b.{0,24}\b(?:robo|bot|maquina|mensagem automatica)\b/,
  /\bnao quero (?:mais )?(?:falar|conversar) com (?:um |uma |esse |essa |o |a )?(?:robo|bot|maquina|ia|computador)\b/,
  new RegExp(
    `\\b(?:talk|speak|spek|tlak|chat|connect(?: me)?|transfer(?: me)?|put me through|get through|escalate)\\s+(?:directly )?(?:to|with|2)\\s+${someone}\\b`,
  ),
  new RegExp(
    `\\b(?:want|need|get me|give me|get|call|find me|i'?d like|is there)\\s+(?:to (?:talk|speak) (?:to|with) )?(?:an? |the |your )?(?:real |actual |live )?(?:person|human(?: being)?|agent|representative|manager|operator|supervisor|somebody real|someone real)\\b`,
  ),
  /^\W*(?:an? )?(?:human|agent|representative|operator|real person|person|customer service)\s*(?:please|pls|now)?\W*$/,
  /\b(?:stop|enough|sick|tired|hate)\b.{0,24}\b(?:bots?|robots?|machines?|automated)\b/,
  /\b(?:don'?t|do not) want (?:to (?:talk|speak|chat) (?:to|with) )?(?:a |this |the )?(?:bot|robot|machine|computer|ai)\b/,
];

const furious: readonly RegExp[] = [
  /\babsurd[oa]s?\b/,
  /\bvergonha\b/,
  /\bpalhacada\b/,
  /\bridicul[oa]s?\b/,
  /\bdescaso\b/,
  /\bfalta de respeito\b/,
  /\bdesrespeit\w+/,
  /\binadmissivel\b/,
  /\binaceitavel\b/,
  /\bvou (?:te |vos |os )?(?:processar|denunciar|reclamar no|meter processo|acionar)\b/,
  /\bprocon\b/,
  /\breclame ?aqui\b/,
  /\badvogad[oa]\b/,
  /\bpolicia\b/,
  /\bprocesso\b/,
  /\b(?:lixo|porcaria|merda|bosta|droga|inferno|caralho|porra|fdp|pqp|vsf|foda-?se|idiotas?|imbecil|imbecis|incompetentes?|incompetencia|ladra[o]?|ladroes|golpe|golpistas?|bando de)\b/,
  /\b(?:put[oa]s?|pistol[ao]|revoltad[oa]|furios[oa]|indignad[oa]|irritad[oa])\b/,
  /\bde saco cheio\b/,
  /\bquero (?:o )?meu dinheiro\b/,
  /\bnunca mais (?:compro|volto|peco)\b/,
  /\bridiculous\b/,
  /\bunacceptable\b/,
  /\boutrageous\b/,
  /\bdisgrace(?:ful)?\b/,
  /\bdisgusting\b/,
  /\b(?:furious|angry|mad|pissed|livid|fed up)\b/,
  /\b(?:sue|lawyer|lawsuit|scam|scammers?|thieves|rip ?off|fraud)\b/,
  /\b(?:idiots?|stupid|garbage|trash|crap|bullshit|shit|fuck\w*|wtf|damn|hell)\b/,
  /\bmy money back\b/,
  /\bnever (?:again|buying|coming back|order)\b/,
  /\bwaste of (?:time|money)\b/,
  /\bjoke\b/,
];
/** How a thing came to the customer: before it, words such as `frio` or `broken` are a complaint; alone they may be a wish. */
const came = String.raw`\b(?:veio|vieram|chegou|chegaram|estava|estavam|tava|tavam|foi|foram|was|were|came|arrived|got here|showed up)\s+(?:(?:muito|todo|toda|tudo|todos|todas|meio|bem|completamente|very|so|too|really|all|totally|completely)\s+)*`;
const foreign = String.raw`(?:cabelos?|fio de cabelo|barata|mosca|formiga|inseto|bicho|larva|plastico|vidro|hairs?|bugs?|insect|fly|flies|cockroach|worm|plastic|glass)`;
const unhappy: readonly RegExp[] = [
  /\b(?:pessim[oa]|horrivel|horriveis|terrivel|ruim|ruins|nojent[oa])\b/,
  /\b(?:decepcionad[oa]|decepcao|decepcionante|insatisfeit[oa]|chatead[oa]|lamentavel|frustrad[oa])\b/,
  /\b(?:estragad[oa]s?|mofad[oa]s?|azed[oa]s?|(?:pedido|produto|item|sabor|valor|troco|endereco) errad[oa])\b/,
  new RegExp(
    `${came}(?:vencid[oa]s?|dur[oa]s?|velh[oa]s?|fri[oa]s?|queimad[oa]s?|amassad[oa]s?|esmagad[oa]s?|quebrad[oa]s?|errad[oa]s?|sec[oa]s?|cru[as]?|incomplet[oa]s?|trocad[oa]s?|cold|hard|dry|raw|burnt|broken|smashed|crushed|squashed|damaged|wrong|late|soggy|melted|missing|incomplete)\\b`,
  ),
  new RegExp(
    `\\b(?:encontrei|achei|veio com|tinha|found|there (?:was|were|is)|got)\\s+(?:um|uma|uns|umas|an?|some)?\\s*${foreign}\\b`,
  ),
  /\b(?:atrasad[oa]s?|atrasou|demorando|demorou|nao chegou|nao veio|nao entregaram|ate agora nada|ainda nao chegou|cade (?:o |a )?(?:meu|minha)|esperando (?:ha|faz|desde)|ninguem (?:me )?respond\w+)\b/,
  /\b(?:(?:quero|queria|vou|preciso|gostaria de) (?:fazer uma |registrar uma |reclamar|abrir uma )?(?:reclamacao|reclamar)|(?:minha|uma) reclamacao|passei mal|faltou|faltaram|faltando|cobraram|cobrad[oa] (?:a mais|duas vezes|errado))\b/,
  /\b(?:problemas?|problems?|issues?)\s+(?:com|no|na|with)\s+(?:o |a |the |my |meu |minha |um |uma |an? )?(?:pedido|encomenda|entrega|compra|cobranca|pagamento|atendimento|order|delivery|charge|payment|purchase|service)\b/,
  /\bnao (?:gostei|recebi|presta|resolve\w*|adianta)\b/,
  /\b(?:terrible|horrible|awful|worst|rude|disappoint\w+|unhappy|upset|frustrat\w+|annoy\w+)\b/,
  /\b(?:so|very|really|too|pretty) bad\b/,
  /\b(?:stale|mouldy|moldy|rotten|never (?:arrived|came|showed up|got here)|has ?n'?t (?:arrived|come)|not arrived|still waiting|no one (?:answers|replies)|(?:hours?|minutes?|days?) late|(?:is|are) (?:so |very )?(?:late|missing))\b/,
  /\b(?:sent|gave|brought|got|delivered|received)\s+(?:me |us )?(?:the |a )?wrong\b|\bwrong (?:order|item|cake|size|address)\b/,
  /\b(?:complaint|complaining|(?:want|like|need) to complain|overcharged|charged (?:me |us )?(?:twice|double|wrong|too much|extra)|(?:want|need|demand|give me|asking for|deserve) (?:a |my |the )?(?:full )?refund|got sick|food poisoning)\b/,
  /\b(?:didn'?t|did not|don'?t|not) (?:like|get|receive|arrive|come|show up)\w*\b/,
];
/** What might happen, or how it is dealt with, is a question: nothing has happened yet. */
const supposes =
  /\b(?:se (?:vier|vierem|chegar|chegarem|estiver|acontecer|der|eu|o|a|nao|algo|tiver)|caso|e se|if|in case|what if|policy|politica|como funciona|como (?:e|faco))\b/;

const happy: readonly RegExp[] = [
  /\b(?:otim[oa]s?|excelentes?|maravilh\w+|perfeit[oa]s?|delicios[oa]s?|delicia|gostos[oa]s?|incrivel|lind[oa]s?|arretad[oa]|nota (?:10|dez|mil))\b/,
  /\b(?:amei|adorei|amo|adoro|gostei|parabens|feliz|satisfeit[oa]|recomendo|melhor)\b/,
  /\b(?:obrigad[oa]|valeu|agradeco|gratidao)\b/,
  /\b(?:great|excellent|amazing|awesome|wonderful|perfect|delicious|lovely|fantastic|tasty|best|nice|beautiful)\b/,
  /\b(?:love|loved|happy|glad|recommend|congrat\w*|thanks|thank you|enjoyed)\b/,
];

const shouts = (message: string): boolean => {
  const letters = message.replace(/[^\p{L}]/gu, '');
  return letters.length >= 8 && letters.replace(/[^\p{Lu}]/gu, '').length / letters.length > 0.7;
};

const threat = /\b(?:processar|procon|advogad[oa]|denunciar|reclame ?aqui|policia|sue|lawyer|lawsuit)\b/;

/** Reads how a customer feels and whether they ask for a person, from what they write. Portuguese and English, slang and typos included. */
export function moodOf(message: string): Mood {
  // English "no" denies only what follows it at once; Portuguese "no" denies nothing.
  const text = fold(message).replace(/\bno (?:problems?|issues?|complaints?|worries)\b/g, 'fine');
  const deniesBot = /\bnao quero (?:mais )?(?:falar|conversar) com|\b(?:don'?t|do not) want/;
  const asks = asksForPerson.flatMap((pattern) =>
    deniesBot.test(pattern.source)
      ? [...text.matchAll(new RegExp(pattern, 'g'))].map((match) => match[0])
      : signsOf(text, [pattern]),
  );
  const rage = signsOf(text, furious);
  const pain =
    supposes.test(text) && text.includes('?')
      ? []
      : [
          ...signsOf(
            text,
            unhappy.filter((pattern) => !pattern.source.includes('nao ') && !pattern.source.includes("n'?t")),
          ),
          ...unhappy
            .filter((pattern) => pattern.source.includes('nao ') || pattern.source.includes("n'?t"))
            .flatMap((pattern) => text.match(pattern)?.[0] ?? []),
        ];
  const joy = signsOf(text, happy);
  if (/[😠😡🤬👎]/u.test(message)) pain.push('emoji');
  const emphasis = (shouts(message) ? 0.25 : 0) + (/!{2,}|\?!|!\?|\?{3,}/.test(message) ? 0.15 : 0);
  const raw = 0.45 * Math.min(joy.length, 2) - 0.65 * Math.min(rage.length, 2) - 0.35 * Math.min(pain.length, 2);
  const score = Math.max(-1, Math.min(1, raw < 0 ? raw - emphasis : raw + (joy.length ? emphasis : 0)));
  const round = Math.round(score * 100) / 100;
  return {
    sentiment: round <= -0.2 ? 'negative' : round >= 0.2 ? 'positive' : 'neutral',
    score: round,
    angry: threat.test(text) ? rage.length > 0 : rage.length > 0 && round <= -0.5,
    wantsPerson: asks.length > 0,
    signs: [...new Set([...asks, ...rage, ...pain])],
  };
}
