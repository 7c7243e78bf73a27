import { fold } from '../language/fold.js';

/** A step or a kind of step, and what people call it. */
export interface Named {
  readonly id: string;
  readonly names: readonly string[];
  /** Other words for it, and what is said of it. */
  readonly also?: readonly string[];
  readonly hints?: readonly string[];
}

const stop: ReadonlySet<string> = new Set(
  'o a os as um uma de do da dos das e que nao not em no na pra para por com passo etapa the an of to in on for with step node'.split(
    ' ',
  ),
);
/** Words without their ends: "esperar" and "espera", "sends" and "send". */
export const stemsOf = (text: string): string[] =>
  (fold(text).match(/[a-z0-9]+/g) ?? [])
    .filter((word) => !stop.has(word))
    .map((word) => (word.length > 4 ? word.slice(0, Math.max(4, word.length - 2)) : word));

/** Those that a name means: the one that is called so; else those whose names have the most of its words. Empty when nothing comes near. */
export function find(name: string, all: readonly Named[], least: number): readonly Named[] {
  const wanted = fold(name).trim();
  const exact = all.filter(({ names }) => names.some((each) => fold(each) === wanted));
  if (exact.length > 0) return exact;
  // "A wait" and nothing else is the one kind that is called so, whatever else has the word in its name.
  const called = all.filter(({ also = [] }) => also.some((each) => fold(each) === wanted));
  if (called.length === 1) return called;
  const stems = [...new Set(stemsOf(name))];
  if (stems.length === 0) return [];
  const scored = all.map((each) => {
    const titles = new Set(each.names.flatMap(stemsOf));
    const also = new Set((each.also ?? []).flatMap(stemsOf));
    const hints = new Set((each.hints ?? []).flatMap(stemsOf));
    const points = stems.reduce(
      (sum, stem) => sum + (titles.has(stem) ? 1 : also.has(stem) ? 0.9 : hints.has(stem) ? 0.5 : 0),
      0,
    );
    // Of two that share as many words the one that says less beside them is meant.
    const shortest = Math.min(...each.names.map((title) => Math.abs(stemsOf(title).length - stems.length)));
    return { each, score: points / stems.length, spare: shortest };
  });
  const best = Math.max(...scored.map(({ score }) => score));
  if (best < least || best === 0) return [];
  const near = scored.filter(({ score }) => score === best);
  const fewest = Math.min(...near.map(({ spare }) => spare));
  return near.filter(({ spare }) => spare === fewest).map(({ each }) => each);
}

/** How else people ask for a kind of step. */
export const synonyms: Readonly<Record<string, readonly string[]>> = {
  'logic.delay': ['esperar', 'espera', 'pausa', 'aguardar', 'wait', 'pause', 'minutos', 'horas', 'minutes', 'hours'],
  'logic.if': ['condição', 'decisão', 'if', 'condition', 'decision', 'verifica'],
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
  'data.httpRequest': ['http', 'api', 'requisição', 'webhook', 'request', 'sistema'],
  'data.knowledgeSearch': ['busca', 'buscar', 'pesquisa', 'conhecimento', 'search', 'knowledge', 'lookup'],
  'data.contact': ['contato', 'memória', 'lembrar', 'contact', 'memory'],
  'data.set': ['valores', 'variável', 'anotar', 'variable', 'values'],
  'channel.send': ['mensagem', 'enviar', 'mandar', 'responder', 'send', 'message', 'reply'],
  'agent.sentiment': ['análise', 'sentimento', 'humor', 'clima', 'sentiment', 'mood'],
  'agent.faq': ['resposta', 'responder', 'faq', 'answer'],
  'agent.assistant': ['assistente', 'agente', 'assistant', 'agent'],
  'agent.escalation': ['escalar', 'escalation', 'escalate'],
  'agent.whatsapp': ['classificar', 'intenção', 'classify', 'intent'],
};
