import { article, exit, into, it, must, time, verb } from './graphWords.js';

const re = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, 'iu');
const text = String.raw`\s*:?\s*["“«]([^"“”«»]+)["”»]`;
const person = String.raw`(?:(?:um[a]?|o|a) (?:pessoa|atendente|humano)|algu[eé]m|gente|(?:a|an|the) (?:person|human|agent)|someone|somebody)`;
const onto = String.raw`(?:diret[oa](?:mente)?\s+|direct(?:ly)?\s+|straight\s+)?(?:a|à|ao|em|n[oa]|com|at[eé]|pr[ao]|para|to|with|into|at|and|e)`;
const joint = String.raw`(?:liga[cç][aã]o|conex[aã]o|linha|seta|fio|connection|link|edge|arrow|line|wire)`;
const of = String.raw`(?:d[eoa]|n[oa]|em|of|in|on|for|from)`;
/** How requests to change a department are written, in both languages. The order in which they are tried is that of `readings`. */
export const patterns = {
  fails: re(
    String.raw`(?:se|quando|caso|if|when|in case|em caso de|should)\s+(?:(?:der|d[áêe]|d[aá]r|tiver|houver|there is|there's)\s+(?:um\s+|an?\s+)?(?:erro|problema|errad[oa]|error|problem)\s+${of}\s+${article}(.+?)|${article}(.+?)\s+(?:falhar|falha|der erro|d[aá] erro|der errado|fails|breaks|goes wrong|has an error|fail)|(?:falhar|quebrar|der errado)\s+${article}(.+?)),?\s+(?:ent[aã]o\s+|then\s+)?(?:${verb.go})\s+${onto}\s+${article}(.+)`,
  ),
  onError: re(
    String.raw`(?:on (?:error|failure)|em caso de (?:erro|falha)|no erro|se der erro)\s+${of}\s+${article}(.+?),?\s+(?:${verb.go})\s+${onto}\s+${article}(.+)`,
  ),
  unwanted: re(
    String.raw`(?:(?:eu|a gente)\s+)?(?:n[aã]o\s+(?:quero|queremos|preciso|precisamos|precisa)(?:\s+mais)?(?:\s+d[eoa])?|(?:i|we)?\s*(?:don['’]?t|do not|no longer) (?:want|need))\s+${article}(.+?)(?:\s+(?:mais|any ?more|any longer|now|there))?`,
  ),
  drawLine: re(
    String.raw`(?:draw|make|add|put|create|${verb.put}|${verb.add}|puxa\w*|desenh\w*)\s+(?:a|an|um|uma|o|the)?\s*${joint}\s+(?:from|between|d[eoa]|entre)\s+${article}(.+?)\s+(?:to|and|e|at[eé]|ao?|pr[ao]|para)\s+${article}(.+)`,
  ),
  cutBetween: re(
    String.raw`(?:${verb.remove}|${verb.disconnect}|break|desfa(?:z|[çc]a|zer)|cort[ae]r?|quebr[ae]r?)\s+(?:a|o|the)?\s*${joint}\s+(?:que (?:vai|liga)\s+|that goes\s+)?(?:entre|between|d[eoa]|from|of)\s+${article}(.+?)\s+(?:e|and|com|with|at[eé]|ao?|pr[ao]|para|to)\s+${article}(.+)`,
  ),
  cutBoth: re(String.raw`(?:${verb.disconnect})\s+${article}(.+?)\s+(?:e|and|com|with)\s+${article}(.+)`),
  giveName: re(
    String.raw`(?:d[aáeê]|dar|give|${verb.put})\s+(?:(?:o|a|um|the)\s+)?(?:novo\s+)?(?:(?:nome|t[ií]tulo|name|title)\s+)(?:d[eo]\s+|of\s+)?(\S.*?)\s+(?:pro|pra|para|ao|à|a|n[oa]|em|to|on)\s+${article}(\S.*)`,
  ),
  giveItName: re(
    String.raw`(?:d[aáeê]|dar|give)\s+(?:(?:pro|pra|para|ao|à)\s+)?${article}(\S.*?)\s+(?:(?:o|the|a)\s+)?(?:new\s+)?(?:nome|name|title)\s+(?:d[eo]\s+|of\s+)?(\S.*)`,
  ),
  leads: re(
    String.raw`(?:(?:fa(?:z|[cç]a|zer)|make|have)\s+)?${article}(.+?)\s+(?:${must}\s+)?(?:ir|v[aá]|vai|apont[ae]r?|lev[ae]r?|seguir|siga|go|goes|lead|leads|point|points|continue)\s+(?:direto\s+|straight\s+|on\s+)?(?:a|à|ao|pr[ao]|para|to|into|at)\s+${article}(.+)`,
  ),
  dispensable: re(
    String.raw`${article}(.+?)\s+(?:(?:(?:j[aá]\s+)?pode|${must}|can|may)\s+(?:sair|sumir|ser (?:tirad|apagad|removid|exclu[ií]d)[oa]|go|be (?:gone|removed|deleted|dropped))|(?:is not|isn['’]?t|n[aã]o [eé]|n[aã]o est[aá]) (?:mais )?(?:needed|necess[aá]ri[oa]|usad[oa])|n[aã]o (?:serve|precisa))(?:\s+(?:mais|any ?more|any longer))?`,
  ),
  moveThe: re(
    String.raw`(?:${verb.move}|${verb.change})\s+(?:o|a|the)\s+(?:lugar|posi[cç][aã]o|place|position)\s+(?:d[eoa]|of)\s+${article}(.+)`,
  ),
  timeIn: re(String.raw`(?:${verb.change}|${verb.put})\s+${time}\s+(?:n[oa]|em|in|on|for)\s+${article}(.+)`),
  comes: re(
    String.raw`${article}(.+?)\s+(?:ficasse|fique|fica|viesse|venha|vem|v[aá]|rod(?:e|asse)|aconte[cç](?:a|esse)|(?:${must}|to) (?:ficar|vir|ir|rodar|acontecer|be|come|go|run|stand|happen)|comes|goes|runs)\s+(.+)`,
  ),
  mustBe: re(
    String.raw`(?:o|a|the)\s+(.+?)\s+${of}\s+${article}(.+?)\s+(?:${must} (?:ser|be)|passa a ser|agora [eé]|is now|becomes)\s*:?\s*(.+)`,
  ),
  when: re(
    String.raw`(?:se|quando|caso|if|when)\s+(.+?)(?:,\s*|\s+)(?:ent[aã]o\s+|then\s+)?(?:${verb.go})\s+${onto}\s+${article}(.+)`,
  ),
  whenPerson: re(
    String.raw`(?:se|quando|caso|if|when)\s+(.+?)(?:,\s*|\s+)(?:ent[aã]o\s+|then\s+)?(?:${verb.hand})\s+(?:pr[ao]\s+|para\s+|to\s+|over to\s+)?(${person})`,
  ),
  makeCome: re(
    String.raw`(?:make|have|let|faz(?:er)?|fa[çc]a|deix[ae]r?)\s+(?:com que\s+)?${article}(.+?)\s+(?:run|come|go|happen|vir|v[aá]|ficar|rodar|acontecer)\s+(.+)`,
  ),
  tradePlaces: re(
    String.raw`(?:(?:make|have|let|faz(?:er)?|fa[çc]a)\s+)?${article}(.+?)\s+(?:e|and)\s+${article}(.+?)\s+(?:(?:${must}|devem|t[eê]m que|precisam)\s+)?(?:trade|change|swap|switch|exchange|troc(?:am|arem|ar)|invert(?:em|erem|er))\s+(?:de\s+|their\s+)?(?:places?|positions?|lugar(?:es)?|posi[cç][aã]o)`,
  ),
  // "Wait ten minutes before it answers" asks for a step that waits.
  wait: re(
    String.raw`(?:espera|esperar?|espere|aguard(?:a|ar|e)|paus[ae]r?|wait|pause|hold(?: on)?|(?:d[aáêe]r?|faz(?:er)?|fa[çc]a|take|have)\s+(?:uma?|a)\s+(?:pausa|espera|tempo|pause|break)\s+(?:de|of))\s+(?:uns\s+|umas\s+|for\s+|about\s+)*${time}(.*)`,
  ),
  call: re(String.raw`(?:call|name)\s+${article}(["“”'«].+?["“”'»]|.+?)\s+(["“”'«].+["“”'»])`),
  nameIt: re(
    String.raw`(?:call|name|cham[ae]r?|nomei\w*)\s+${article}(\p{Co}\d+\p{Co}|copy|c[oó]pia)\s+(?!d[eo]\s)(.+)`,
  ),
  rename: re(String.raw`(?:${verb.rename})\s+${article}(.+?)\s+(?:para|pra|pro|como|to|as|->|=>|→|=)\s+(.+)`),
  chame: re(String.raw`(?:cham[ae]r?|(?:re)?batiz\w*|nomei\w*)\s+(?!${person})${article}(.+?)\s+de\s+(.+)`),
  becomes: re(
    String.raw`${article}(.+?)\s+(?:(?:agora\s+)?(?:passa a se chamar|${must} (?:se chamar|virar)|(?:se )?chama|vira)|${must} be (?:called|named)|(?:is )?now (?:is )?called|becomes)\s+(.+)`,
  ),
  sayBy: re(
    String.raw`(?:n[oa]|em|in|on|at)\s+${article}(.+?),?\s+(?:${verb.change}|escrev\w*|write)\s+(?:(?:o|a|the)\s+)?(?:textos?|mensage(?:m|ns)|pergunta|text|message|question|wording)(?:\s+${into})?${text}`,
  ),
  say: re(
    String.raw`(?:${verb.change})\s+(?:(?:o|a|the)\s+)?(?:textos?|mensage(?:m|ns)|pergunta|text|message|question|wording)\s+${of}\s+${article}(.+?)(?:\s+(?:${into}|so it says|to say|dizendo))?${text}`,
  ),
  sayIn: re(
    String.raw`(?:n[oa]|em|in|on|at)\s+${article}(.+?),?\s+(?:${verb.say}|${verb.ask}|coloc\w*|p[oõ]e|ponha)${text}`,
  ),
  makeSay: re(
    String.raw`(?:faz|fa[çc]a|fazer|make|have|let)\s+(?:com que\s+)?${article}(.+?)\s+(?:${verb.say}|${verb.ask})${text}`,
  ),
  putText: re(
    String.raw`(?:${verb.change}|escrev\w*|write|use|us[ae])\s+(?:(?:o|a|the)\s+(?:textos?|mensagem|pergunta|text|message|question)\s+)?["“«]([^"“”«»]+)["”»]\s+(?:como\s+|as\s+)?(?:(?:n[oa]|in|as|como|o|the)\s+)*(?:(?:textos?|mensage(?:m|ns)|pergunta|text|message|question)\s+${of}\s+)?${article}(.+)`,
  ),
  shouldSay: re(String.raw`${article}(.+?)\s+(?:(?:${must}|to)\s+)?(?:${verb.say}|${verb.ask})${text}`),
  toggleLast: re(String.raw`(turn|switch|set)\s+(?:the\s+)?(.+?)\s+(on|off)\s+${of}\s+${article}(.+)`),
  toggle: re(String.raw`(${verb.on}|${verb.off})\s+(?:(?:o|a|the)\s+)?(.+?)\s+${of}\s+${article}(.+)`),
  set: re(
    String.raw`(?:${verb.change})\s+(?:(?:o|a|os|as|the)\s+)?(?:(?:campo|ajuste|field|setting)\s+)?(.+?)\s+${of}\s+${article}(.+?)\s+${into}\s*:?\s*(.+)`,
  ),
  /** A setting may have "of" in its name. */
  setLong: re(
    String.raw`(?:${verb.change})\s+(?:(?:o|a|os|as|the)\s+)?(?:(?:campo|ajuste|field|setting)\s+)?(.+)\s+${of}\s+${article}(.+?)\s+${into}\s*:?\s*(.+)`,
  ),
  setTo: re(
    String.raw`(?:${verb.change})\s+(?!["“«])(\d[\d.,]*|[\p{L}]+)\s+(?:em|n[oa]|in|as|for|como)\s+(?:(?:o|a|the)\s+)?(?:(?:campo|field|setting)\s+)?(.+?)\s+${of}\s+${article}(.+)`,
  ),
  setIn: re(
    String.raw`(?:n[oa]|em|in|on)\s+${article}(.+?)(?:,\s*|\s+)(?:${verb.change})\s+(?:(?:o|a|os|as|the)\s+)?(?:(?:campo|field|setting)\s+)?(.+?)\s+${into}\s*:?\s*(.+)`,
  ),
  setHis: re(String.raw`(?:${verb.change})\s+${article}(.+?)['’]s?\s+(.+?)\s+${into}\s*:?\s*(.+)`),
  waitSet: re(
    String.raw`(?:(?:${verb.change}|let|have)\s+${article}(.+?)(?:\s+${into}|\s+(?:last|dur[ae]r?|wait|esper[ae]r?))?|${article}(.+?)\s+(?:(?:${must}\s+(?:ser|durar|esperar|demorar|be|last|take|wait)|agora [eé]|is now)))\s+(?:de\s+|for\s+|s[oó]\s+)?${time}(?:\s+long)?`,
  ),
  setOn: re(
    String.raw`(?:${verb.change})\s+(?:(?:o|a|os|as|the)\s+)?(?:(?:campo|field|setting)\s+)?(\S.*?)\s+${into}\s+(\S+)\s+${of}\s+${article}(\S.*)`,
  ),
  setValue: re(
    String.raw`(?:${verb.change})\s+(?:o|a|the)\s+(\S+)\s+["“«]?([^\s"”»]+)["”»]?\s+(?:n[oa]|em|in|on|for)\s+${article}(.+)`,
  ),
  setBare: re(
    String.raw`(?:${verb.change})\s+(?:(?:o|a|os|as|the)\s+)?(\S.*?)\s+${of}\s+${article}(\S.*?)\s+(?:igual a\s+|equal to\s+|=\s*)?(\d+)`,
  ),
  sayWhat: re(
    String.raw`(?:${verb.change})\s+(?:(?:o|a|the)\s+)?((?:pergunta|mensagem|aviso|question|message)(?:\s+final)?)\s*(?:${into}|:)${text}`,
  ),
  swap: re(
    String.raw`(?:${verb.swap}|mud[ae]r?(?=\s+de (?:lugar|posi)))\s+(?:de (?:lugar|posi[cç][aã]o)\s+)?(?:(?:as?\s+|o\s+|the\s+)?(?:posi[cç][aã]o|posi[cç][oõ]es|lugar(?:es)?|ordem|order|positions?|places?)\s+(?:d[eoa]s?|entre|of)\s+)?${article}(.+?)\s+(?:e|com|and|with|pel[oa](?=.+\sde (?:lugar|posi[cç][aã]o)$))\s+${article}(.+?)(?:\s+(?:de lugar|de posi[cç][aã]o|entre si|around|places))?`,
  ),
  replace: re(
    String.raw`(?:substitu\w*|troc\w*|troqu\w*|replace|exchange|swap)\s+${article}(.+?)\s+(?:por|with|by|for)\s+${article}(.+)`,
  ),
  copyOf: re(
    String.raw`(?:(?:${verb.put}|${verb.add}|col[ae]r?|paste|make|want)\s+(?:me\s+)?)?(?:uma|outra|mais uma|a|another|(?:a |uma )?(?:second|segunda))\s+(?:c[oó]pia|copy)\s+(?:d[eoa]|of)\s+${article}(.+)`,
  ),
  duplicate: re(String.raw`(?:${verb.duplicate})\s+(?:d[eoa]\s+|of\s+)?${article}(.+)`),
  move: re(
    String.raw`(?:${verb.move})\s+${article}(.+?)(?:\s+(?:so (?:that )?|pra que |para que )${it}\s+(?:comes|goes|runs|is|venha|fique|v[aá])\s+(.+))?`,
  ),
  cutWay: re(
    String.raw`(?:${verb.disconnect})\s+(?:a|o|the)\s+${exit}\s+(.+?)\s+(?:d[eoa]|of)\s+${article}(.+?)\s+(?:d[eoa]|from)\s+${article}(.+)`,
  ),
  disconnect: re(String.raw`(?:${verb.disconnect})\s+${article}(.+?)\s+(?:de|do|da|from)\s+${article}(.+)`),
  connectWay: re(
    String.raw`(?:${verb.connect})\s+(?:(?:a|o|the)\s+)?(?:${exit}\s+["“'«]?(.+?)["”'»]?|["“'«]?(.+?)["”'»]?\s+${exit})\s+(?:d[eoa]|of)\s+${article}(.+?)\s+${onto}\s+${article}(.+)`,
  ),
  connect: re(String.raw`(?:${verb.connect})\s+${article}(.+?)\s+(?:up\s+|on\s+)?${onto}\s+${article}(.+)`),
  doing: re(
    String.raw`(${verb.ask}|${verb.say})\s*(?:(?:ao|pro|para o|the|to the)\s+(?:cliente|customer)\s*)?(?:(?:(?:uma?|a|an)\s+)?(?:mensagem|aviso|pergunta|recado|message|question)\s*)?:?\s*["“«](.+?)["”»]\s*(.+)`,
  ),
  hand: re(String.raw`(?:${verb.hand})\s+(?:(?:over\s+)?to\s+|pr[ao]\s+|para\s+)?${person}\s+(.+)`),
  add: re(String.raw`(?:${verb.add})\s+${article}(.+)`),
  put: re(
    String.raw`(${verb.put})\s+(?:(mais uma?|uma?|outr[oa]|an?|another|o|the|ess[ea]|aquel[ea]|this|that)\s+)?${article}(.+)`,
  ),
  remove: re(
    String.raw`(?:${verb.remove})\s+(?:(?:fora|out)\s+)?${article}(.+?)(?:\s+(?:fora|embora|out|away|off|altogether|completely|de vez))?`,
  ),
  removeOut: re(String.raw`(?:tak(?:e|ing)|throw|pull|jog[ae]r?)\s+${article}(.+?)\s+(?:fora|embora|out|away|off)`),
} as const;
