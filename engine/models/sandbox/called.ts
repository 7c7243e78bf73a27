import { fold } from '../language/fold.js';
import { oneSlip } from './spelling.js';

/** A step or a kind of step, and what people call it. */
export interface Named {
  readonly id: string;
  readonly names: readonly string[];
  /** Other words for it, and what is said of it. */
  readonly also?: readonly string[];
  readonly hints?: readonly string[];
}

/** Words that tell no step from another. */
const stop: ReadonlySet<string> = new Set(
  `o a os as um uma de do da dos das e que em no na pra para por com the an of to in on for with and that
  passo passos etapa step steps node nodes bloco block caixa box tipo kind type acao action novo nova new simples simple outro outra another
  ta tiver estiver esta is are extra mais some meu minha my our nosso nossa aqui here esse essa este esta this`.split(
    /\s+/,
  ),
);
export const tellingWords = (text: string): string[] =>
  (fold(text).match(/[a-z0-9]+/g) ?? []).filter((word) => !stop.has(word));
const stemOf = (word: string): string => (word.length > 4 ? word.slice(0, Math.max(4, word.length - 2)) : word);
/** Words without their ends: "esperar" and "espera", "sends" and "send". */
export const stemsOf = (text: string): string[] => tellingWords(text).map(stemOf);

const SHORTEST_SLIP = 5;
export const isSaid = (said: string, word: string): boolean =>
  stemOf(said) === stemOf(word) || (word.length >= SHORTEST_SLIP && said[0] === word[0] && oneSlip(said, word));

/** What is worked out of names is kept with them: a department may have a thousand, and a request is looked up in them many times. */
const kept = <Value>(make: (named: Named) => Value): ((named: Named) => Value) => {
  const values = new WeakMap<Named, Value>();
  return (named) => {
    const value = values.get(named) ?? make(named);
    values.set(named, value);
    return value;
  };
};
const wordsOfNamed = kept(({ names, also = [], hints = [] }) =>
  [names, also, hints].map((texts) => texts.flatMap(tellingWords)),
);
/** Names and other words for a thing, folded. */
export const foldedOf = kept(({ names, also = [] }) => ({ names: names.map(fold), also: also.map(fold) }));

/**
 * Those that a name means: the one that is called so; else those of which it says nothing that they are not called, and which have the most of its
 * words. Empty when a word of it fits none: then something else is meant.
 */
export function find(name: string, all: readonly Named[]): readonly Named[] {
  const wanted = fold(name).trim();
  const exact = all.filter((each) => foldedOf(each).names.includes(wanted));
  if (exact.length > 0) return exact;
  // "A wait" and nothing else is the one kind that is called so, whatever else has the word in its name.
  const called = all.filter((each) => foldedOf(each).also.includes(wanted));
  if (called.length === 1) return called;
  const said = [...new Set(tellingWords(name))];
  if (said.length === 0) return [];
  const fitting = all.flatMap((each) => {
    const [titles, also, hints] = wordsOfNamed(each);
    const points = said.map((word) =>
      titles?.some((one) => isSaid(word, one))
        ? 1
        : also?.some((one) => isSaid(word, one))
          ? 0.9
          : hints?.some((one) => isSaid(word, one))
            ? 0.5
            : 0,
    );
    // What is said of a thing tells it apart from others of its name, but is no name.
    if (points.includes(0) || points.every((point) => point < 0.9)) return [];
    // Of two that share as many words the one that says less beside them is meant.
    const spare = Math.min(...each.names.map((title) => Math.abs(tellingWords(title).length - said.length)));
    return [{ each, points: points.reduce<number>((sum, point) => sum + point, 0), spare }];
  });
  const most = Math.max(...fitting.map(({ points }) => points));
  const near = fitting.filter(({ points }) => points === most);
  const fewest = Math.min(...near.map(({ spare }) => spare));
  return near.filter(({ spare }) => spare === fewest).map(({ each }) => each);
}

/** How else people ask for a kind of step. */
export const synonyms: Readonly<Record<string, readonly string[]>> = {
  'logic.delay': [
    'tempinho',
    'intervalo',
    'break',
    'timer',
    'waiting',
    'esperar',
    'espera',
    'pausa',
    'aguardar',
    'wait',
    'pause',
    'minutos',
    'horas',
    'minutes',
    'hours',
  ],
  'logic.if': ['verificação', 'checagem', 'check', 'condição', 'decisão', 'if', 'condition', 'decision', 'verifica'],
  'logic.switch': ['escolha', 'caminhos', 'switch', 'branch', 'rotas'],
  'logic.loop': ['repetir', 'laço', 'loop', 'repeat'],
  'logic.forEach': ['lista', 'cada', 'iterate', 'each'],
  'logic.join': ['juntar', 'merge', 'join'],
  'human.ask': [
    'pergunta',
    'perguntar',
    'aprovação',
    'aprovar',
    'confirmação',
    'ask',
    'question',
    'approval',
    'approve',
  ],
  'human.handoff': ['atendente', 'humano', 'transferir', 'pessoa', 'handoff', 'human', 'transfer', 'agent'],
  'data.httpRequest': [
    'http',
    'api',
    'requisição',
    'webhook',
    'request',
    'sistema',
    'chamada http',
    'chamada de api',
    'api call',
    'http call',
  ],
  'data.knowledgeSearch': ['busca', 'buscar', 'pesquisa', 'conhecimento', 'base', 'search', 'knowledge', 'lookup'],
  'data.contact': ['contato', 'memória', 'lembrar', 'contact', 'memory'],
  'data.set': ['valores', 'variável', 'anotar', 'variable', 'values'],
  'channel.send': ['mensagem', 'enviar', 'mandar', 'responder', 'send', 'message', 'reply'],
  'agent.sentiment': ['análise', 'sentimento', 'humor', 'clima', 'sentiment', 'mood'],
  'agent.faq': ['resposta', 'responder', 'faq', 'answer'],
  'agent.assistant': ['assistente', 'agente', 'assistant', 'agent'],
  'agent.escalation': ['escalar', 'escalation', 'escalate'],
  'agent.whatsapp': ['classificar', 'intenção', 'classify', 'intent'],
};
