/** The words that requests to change a department are made of, as parts of regular expressions, in both languages. */
export const verb = {
  add: String.raw`adicion\w*|acrescent\w*|inclu\w*|insir\w*|inser\w*|cri[ae]r?|fa(?:z|ça|zer)|(?:ven|te)ha|haja|there (?:should|must) be|add|insert|include|create|introduce`,
  /** Of a step that is there these move it, of a kind of step they add one. */
  put: String.raw`coloc\w*|coloqu\w*|p[oõ]e|ponha|p[ôo]r(?!\s+(?:favor|gentileza|que))|bot[ae]r?|botem?|met[ae]|enfi[ae]r?|encaix[ae]r?|put|place|stick|slot`,
  move: String.raw`mov[aeo]\w*|pass[ae]r?|lev[ae]r?|arrast\w*|empurr\w*|desloc\w*|desloqu\w*|transfir\w*|transfer\w*|mud[ae]r?|troc\w*|troqu\w*|sob[ae]|sub[air]+|des[cç][ae]r?|jog[ae]r?|jogue|move|shift|drag|relocate|bring|push|pull|reposition|deix[ae]r?|mant[eé][mr]|keep|leave`,
  remove: String.raw`remov\w*|tir[ae]r?|apag\w*|exclu\w*|delet\w*|elimin\w*|retir\w*|arranc\w*|(?:se livr[ae]r? d[eoa])|(?:some|suma|sumir) com|drop|take out|take away|get rid of|erase|cut out|cut|throw (?:out|away)|kill|lose|ditch|scrap`,
  connect: String.raw`conect\w*|lig(?:ue|a|ar)|un[ae]|apont[ae]r?|encaminh\w*|direcion\w*|connect|link|join|wire|hook(?: up)?|attach|tie|point|route|plug`,
  disconnect: String.raw`desconect\w*|deslig\w*|separ\w*|desvincul\w*|disconnect|unlink|detach|unhook|separate`,
  rename: String.raw`renome\w*|rename|(?:mud[ae]r?|troc\w*|alter\w*) o (?:nome|t[ií]tulo) d[aeo]|change the (?:name|title) of|retitle|cham[ae]r?|nomei\w*|(?:re)?batiz\w*|call|name`,
  duplicate: String.raw`dupli[cq]\w*|clon\w*|copi[ae]\w*|repet[aei]r?|(?:fa(?:z|ça|zer)|cri[ae]r?|tir[ae]r?) uma c[oó]pia|duplicate|clone|copy|repeat|make (?:me )?a copy|make another`,
  swap: String.raw`troc\w*|troqu\w*|invert\w*|swap|switch|exchange|flip|reverse|trade|interchange|permut\w*`,
  change: String.raw`mud[ae]r?|troc\w*|troqu\w*|alter\w*|substitu\w*|coloc\w*|coloqu\w*|p[oõ]e|ponha|bot[ae]|defin\w*|ajust\w*|configur\w*|aument\w*|diminu\w*|reduz\w*|baix[ae]r?|sub[ai]r?|deix[ae]r?|change|replace|set|update|make|put|raise|lower|reduce|increase|decrease|leave|edit|update|shorten|lengthen|extend|encurt\w*|along\w*|estic\w*`,
  ask: String.raw`pergunt\w*|ask`,
  say: String.raw`mand[ae]r?|envi[ae]r?|avis[ae]r?|diga|dizer|diz|escrev\w*|respond[ae]r?|fal[ae]r?|send|say|write|tell|reply|answer`,
  hand: String.raw`cham[ae]r?|pass[ae]r?(?: (?:pra|para))?|transfir\w*(?: (?:pra|para))?|hand (?:it |the chat )?over to|hand off to|get|fetch|bring in|transfer to|pass (?:it )?to`,
  /** Where to go on: "vai pro A", "go to A". */
  go: String.raw`v[aá]i?|ir|segue|siga|pul[ae]r?|mand[ae]r?|pass[ae]r?|lev[ae]r?|lig(?:ue|a|ar)|conect\w*|go(?: on)?|jump|continue|lead|send (?:it|them)|connect(?: it)?|hand (?:it )?over|pass (?:it )?on|transfer(?: it)?|move on|direcion\w*|encaminh\w*|desvi[ae]r?`,
  on: String.raw`ativ[ae]r?|habilit\w*|marc[ae]r?|marque|lig(?:ue|ar?)|turn on|switch on|enable|activate|tick`,
  off: String.raw`desativ[ae]r?|desabilit\w*|desmarc[ae]r?|desmarque|deslig(?:ue|ar?)|turn off|switch off|disable|deactivate|untick`,
} as const;

export const counted = ['um', 'dois', 'três', 'quatro', 'cinco', 'seis', 'sete', 'oito', 'nove', 'dez'];
export const countedEn = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
export const time = String.raw`(\d{1,4}|${[...counted, ...countedEn].join('|')}|uma|duas|an?|meia|half an)[\s-]*(segundos?|minutos?|min|horas?|h|dias?|seconds?|minutes?|hours?|days?)`;
const thing = String.raw`(?:passos?|passinho|etapa|steps?|node|n[oó]|bloco|block|caixinha|caixa|box)`;
const beside = String.raw`(?:(?:que (?:vem|fica)|that comes|logo|right|bem)\s+)?(?:antes|depois|ap[oó]s|before|after)(?!\p{L})`;
/** The thing that was spoken of. */
export const it = String.raw`(?:it|them|ele|ela|isso|esse passo|that)`;
export const article = String.raw`(?:(?:o|a|os|as|um|uma|outr[oa]|mais uma?|another|ess[ea]|est[ea]|aquel[ea]|the|an?|this|that)\s+)?(?:${thing}\s+(?!${beside})(?:d[eoa]s?\s+|que\s+|pra\s+|para\s+|to\s+|that\s+|(?:called|named|chamad[oa]|de nome)\s+)?)?(?:(?:o|a|um|uma|the|an?)\s+)?`;
/** "A should …", "A tem que …". */
export const must = String.raw`(?:deve(?:ria)?|devia|tem (?:que|de)|tinha que|precisa|vai|podia|should|must|shall|ought to|has to|needs to|is to|will)`;
/** What a way out is called by. */
export const exit = String.raw`(?:sa[ií]da|caminho|ramo|porta|way|path|branch|output|exit|port)`;
/** Between a thing and what it becomes. */
export const into = String.raw`(?:(?:por|pra|para|pro|pel[oa]|como|em|to|with|by|as)(?!\p{L})|=|->|=>|→)`;

const quotes = /^["“”'«`]+|["“”'»`]+$/gu;
/** Without quotes around it, and without "step" behind it. */
export const bare = (text: string | undefined): string =>
  (text ?? '')
    .trim()
    .replace(new RegExp(String.raw`\s+${thing}$`, 'iu'), '')
    .replace(quotes, '')
    .trim();
