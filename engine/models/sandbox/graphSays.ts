/** What the sandbox says to requests to change a department: what it does, and why it cannot. */
export const says = {
  'pt-BR': {
    /** More was asked than it understands: what it does understand, each with an example. */
    needsModel: (clause: string) =>
      `Isto pede um modelo de IA: "${clause}". Sem um ligado, entendo pedidos simples, um por frase: pôr um passo ("ponha uma espera de 10 minutos depois de A"), mudar de lugar ("mova A pra antes de B", "troque A e B de lugar"), copiar ("duplique A"), tirar ("tire A"), ligar ("ligue A em B", "ligue a saída Não de A em B", "se der erro em A, vá pra B"), desligar ("desligue A de B"), renomear ("renomeie A para B") e mudar um ajuste ("mude o texto de A para "Oi"").`,
    forbids: (clause: string) =>
      `"${clause}" pede pra não fazer algo, e nada mudou. Pra tirar um passo, escreva "tire A"; pra desligar, "desligue A de B"; pra proibir algo nas respostas é preciso um modelo de IA.`,
    asksBack: (clause: string) =>
      `"${clause}" é uma pergunta, e sem um modelo de IA só faço mudanças simples, como "mova A pra antes de B" ou "tire A".`,
    condition: (clause: string) =>
      `"${clause}" depende de uma condição, e isso pede um modelo de IA. Sem um ligado, diga qual saída leva pra onde ("ligue a saída Não achou de A em B"), o que fazer com erro ("se der erro em A, vá pra B") ou ponha um passo que decide ("ponha uma condição depois de A").`,
    unknownStep: (name: string, all: string) => `Não achei um passo chamado "${name}". Tem estes: ${all}.`,
    severalSteps: (name: string, all: string) => `"${name}" pode ser mais de um passo: ${all}. Escreva o nome inteiro.`,
    severalEnds: (all: string) => `Há mais de um fim: ${all}. Diga depois de qual passo.`,
    unknownType: (name: string) => `Não conheço um passo que faça "${name}".`,
    severalTypes: (name: string, all: string) => `"${name}" pode ser mais de um tipo de passo: ${all}. Qual deles?`,
    noName: (name: string) => `Escreva entre aspas o nome que "${name}" deve ter.`,
    noText: (name: string) => `"${name}" não tem texto pra mudar.`,
    noField: (name: string, field: string, all: string) =>
      `"${name}" não tem o ajuste "${field}".${all && ` Tem: ${all}.`}`,
    noValue: (field: string, value: string) => `"${value}" não serve em "${field}".`,
    noWay: (said: string, all: string) =>
      `Não sei qual saída é "${said}". Escreva o nome dela: "ligue a saída Não achou de A em B". Saídas: ${all}.`,
    where: (after: string | null, before: string | null) =>
      after && before
        ? ` entre "${after}" e "${before}"`
        : after
          ? ` depois de "${after}"`
          : before
            ? ` antes de "${before}"`
            : '',
    adds: (title: string, where: string) => `Põe "${title}"${where}.`,
    moves: (title: string, where: string) => `Passa "${title}" pra${where}.`,
    swaps: (a: string, b: string) => `Troca "${a}" e "${b}" de lugar.`,
    copyOf: (title: string) => `${title} (cópia)`,
    copies: (title: string, where: string) => `Copia "${title}"${where}.`,
    replaces: (title: string, by: string) => `Troca "${title}" por "${by}".`,
    removes: (title: string) => `Tira "${title}".`,
    renames: (title: string, to: string) => `"${title}" vira "${to}".`,
    saysNow: (title: string, text: string) => `"${title}" passa a dizer "${text}".`,
    sets: (title: string, field: string, value: string) => `Em "${title}", "${field}" passa a ser ${value}.`,
    howLong: 'Quanto',
    fails: (from: string, to: string) => `Se der erro em "${from}", vai pra "${to}".`,
    connects: (a: string, b: string, way?: string) => `Liga "${a}"${way ? ` (${way})` : ''} em "${b}".`,
    disconnects: (a: string, b: string) => `Desliga "${a}" de "${b}".`,
  },
  en: {
    needsModel: (clause: string) =>
      `This needs an AI model: "${clause}". Without one connected I understand plain requests, one to a sentence: adding a step ("add a wait of 10 minutes after A"), moving ("move A before B", "swap A and B"), copying ("duplicate A"), removing ("remove A"), connecting ("connect A to B", "connect the No way of A to B", "if A fails, go to B"), disconnecting ("disconnect A from B"), renaming ("rename A to B") and changing a setting ("change the text of A to "Hi"").`,
    forbids: (clause: string) =>
      `"${clause}" asks for something not to be done, and nothing has changed. To take a step out write "remove A"; to disconnect, "disconnect A from B"; to forbid something in answers an AI model is needed.`,
    asksBack: (clause: string) =>
      `"${clause}" is a question, and without an AI model I only make plain changes, such as "move A before B" or "remove A".`,
    condition: (clause: string) =>
      `"${clause}" hangs on a condition, which needs an AI model. Without one connected, say which way leads where ("connect the Nothing way of A to B"), what to do on errors ("if A fails, go to B"), or put a step that decides ("add a condition after A").`,
    unknownStep: (name: string, all: string) => `I found no step called "${name}". There are: ${all}.`,
    severalSteps: (name: string, all: string) => `"${name}" may be more than one step: ${all}. Write the whole name.`,
    severalEnds: (all: string) => `There are several ends: ${all}. Say after which step.`,
    unknownType: (name: string) => `I know no step that does "${name}".`,
    severalTypes: (name: string, all: string) => `"${name}" may be more than one kind of step: ${all}. Which one?`,
    noName: (name: string) => `Write in quotes what "${name}" should be called.`,
    noText: (name: string) => `"${name}" has no text to change.`,
    noField: (name: string, field: string, all: string) =>
      `"${name}" has no setting "${field}".${all && ` It has: ${all}.`}`,
    noValue: (field: string, value: string) => `"${value}" is no value for "${field}".`,
    noWay: (said: string, all: string) =>
      `I cannot tell which way out "${said}" is. Write its name: "connect the Nothing way of A to B". Ways out: ${all}.`,
    where: (after: string | null, before: string | null) =>
      after && before
        ? ` between "${after}" and "${before}"`
        : after
          ? ` after "${after}"`
          : before
            ? ` before "${before}"`
            : '',
    adds: (title: string, where: string) => `Adds "${title}"${where}.`,
    moves: (title: string, where: string) => `Moves "${title}"${where}.`,
    swaps: (a: string, b: string) => `Swaps "${a}" and "${b}".`,
    copyOf: (title: string) => `${title} (copy)`,
    copies: (title: string, where: string) => `Copies "${title}"${where}.`,
    replaces: (title: string, by: string) => `Replaces "${title}" with "${by}".`,
    removes: (title: string) => `Removes "${title}".`,
    renames: (title: string, to: string) => `"${title}" becomes "${to}".`,
    saysNow: (title: string, text: string) => `"${title}" now says "${text}".`,
    sets: (title: string, field: string, value: string) => `In "${title}", "${field}" becomes ${value}.`,
    howLong: 'How long',
    fails: (from: string, to: string) => `If "${from}" fails, it goes to "${to}".`,
    connects: (a: string, b: string, way?: string) => `Connects "${a}"${way ? ` (${way})` : ''} to "${b}".`,
    disconnects: (a: string, b: string) => `Disconnects "${a}" from "${b}".`,
  },
} as const;
