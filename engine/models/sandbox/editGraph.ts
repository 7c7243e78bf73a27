import type { ChatRequest, GraphMaterial } from '#nodes/sdk/context.js';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import { detectLanguage } from '../language/detectLanguage.js';
import { fold } from '../language/fold.js';
import { clausesOfRequest, readClause, type Clause } from './graphRequest.js';

/** What the sandbox says when it is asked for more than it understands. */
const needsModel = {
  'pt-BR': (clause: string) =>
    `Sem um modelo de IA ligado, só entendo pedidos simples: "ponha Espera um tempo depois de Sente o clima", "tire Guarda na memória", "ligue A em B", "renomeie A para B". Isto pede um modelo: "${clause}".`,
  en: (clause: string) =>
    `Without an AI model connected I only understand plain requests: "add Delay after Sense the mood", "remove Set values", "connect A to B", "rename A to B". This needs a model: "${clause}".`,
} as const;
const unknownStep = {
  'pt-BR': (name: string) => `Não achei um passo chamado "${name}".`,
  en: (name: string) => `I found no step called "${name}".`,
} as const;
const severalSteps = {
  'pt-BR': (name: string, all: string) => `"${name}" pode ser mais de um passo: ${all}. Escreva o nome inteiro.`,
  en: (name: string, all: string) => `"${name}" may be more than one step: ${all}. Write the whole name.`,
} as const;
const severalEnds = {
  'pt-BR': (all: string) => `Há mais de um fim: ${all}. Diga depois de qual passo.`,
  en: (all: string) => `There are several ends: ${all}. Say after which step.`,
} as const;
const unknownType = {
  'pt-BR': (name: string) => `Não conheço um passo que faça "${name}".`,
  en: (name: string) => `I know no step that does "${name}".`,
} as const;

interface Named {
  readonly id: string;
  readonly names: readonly string[];
  /** Other words for it, and what is said of it. */
  readonly also?: readonly string[];
  readonly hints?: readonly string[];
}

/** Answers a request to change a department, out of a small set of plain ones. What it does not understand it says, and changes nothing. */
export function editGraph(request: ChatRequest): JsonObject {
  const text = request.messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const said = detectLanguage(withoutNames(text, request.material?.graph?.steps ?? []), request.locale);
  const cannot = (why: string): JsonObject => ({ summary: '', cannot: why, changes: [] });
  const graph = request.material?.graph;
  if (!graph) return cannot(needsModel[said](text));
  const steps: Named[] = graph.steps.map(({ id, title }) => ({ id, names: [title, id] }));
  const types: Named[] = graph.types.map((type) => ({
    id: type.type,
    names: [type.title['pt-BR'], type.title.en, type.type, type.type.split('.')[1] ?? ''],
    also: synonyms[type.type] ?? [],
    hints: [type.summary['pt-BR'], type.summary.en],
  }));
  const changes: JsonObject[] = [];
  const told: string[] = [];
  for (const clause of clausesOfRequest(text)) {
    const read = readClause(clause);
    if (!read) return cannot(needsModel[said](clause));
    const problem = translate(read, { steps, types, graph, changes, told, locale: said });
    if (problem !== null) return cannot(problem);
  }
  if (changes.length === 0) return cannot(needsModel[said](text));
  return { summary: told.join(' '), cannot: null, changes };
}

/** What a request says itself: names of steps, and what stands in quotes, may be in another language. */
const withoutNames = (text: string, steps: readonly { readonly title: string }[]): string =>
  steps
    .map(({ title }) => title)
    .filter((title) => title !== '')
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, title) => rest.replaceAll(title, ' '), text.replace(/["“«][^"”»]*["”»]/gu, ' '));

interface Work {
  /** Grows with what is added, so that the next clause can name it. */
  readonly steps: Named[];
  readonly types: readonly Named[];
  readonly graph: GraphMaterial;
  readonly changes: JsonObject[];
  readonly told: string[];
  readonly locale: 'pt-BR' | 'en';
}

/** Adds what a clause asks for to the changes; says why when it cannot. */
function translate(clause: Clause, work: Work): string | null {
  const { steps, types, changes, told, locale } = work;
  const problems: string[] = [];
  const step = (name: string | undefined): string | null => {
    if (name === undefined) return null;
    const found = find(name, steps, 0.5);
    const [only, ...others] = found;
    if (only && others.length === 0) return only.id;
    const all = found.map(({ names }) => names[0]).join(', ');
    problems.push(only ? severalSteps[locale](name, all) : unknownStep[locale](name));
    return null;
  };
  const titleOf = (id: string | null): string => steps.find((each) => each.id === id)?.names[0] ?? '';
  const pt = locale === 'pt-BR';
  switch (clause.do) {
    case 'add': {
      const [type] = find(clause.what, types, 0.34);
      if (!type) return unknownType[locale](clause.what);
      const ends = clause.last ? endsOf(work) : [];
      if (ends.length > 1) return severalEnds[locale](ends.map((id) => `"${titleOf(id)}"`).join(', '));
      const [after, before] = [ends[0] ?? step(clause.after), step(clause.before)];
      if (problems[0]) return problems[0];
      const kind = work.graph.types.find((each) => each.type === type.id);
      const title = clause.called ?? kind?.title[locale] ?? type.id;
      const id = `new_${changes.length + 1}`;
      changes.push({
        do: 'add',
        id,
        type: type.id,
        title: clause.called ?? null,
        after,
        way: clause.way ?? null,
        before,
        inside: null,
        settings: settingsFor(kind?.config ?? {}, clause),
      });
      steps.push({ id, names: [title] });
      const where = after
        ? pt
          ? ` depois de "${titleOf(after)}"`
          : ` after "${titleOf(after)}"`
        : before
          ? pt
            ? ` antes de "${titleOf(before)}"`
            : ` before "${titleOf(before)}"`
          : '';
      told.push(pt ? `Põe "${title}"${where}.` : `Adds "${title}"${where}.`);
      return null;
    }
    case 'remove': {
      const id = step(clause.what);
      if (id === null) return problems[0] ?? null;
      changes.push({ do: 'remove', step: id });
      told.push(pt ? `Tira "${titleOf(id)}".` : `Removes "${titleOf(id)}".`);
      return null;
    }
    case 'rename': {
      const id = step(clause.what);
      if (id === null) return problems[0] ?? null;
      changes.push({ do: 'rename', step: id, title: clause.to });
      told.push(pt ? `"${titleOf(id)}" vira "${clause.to}".` : `"${titleOf(id)}" becomes "${clause.to}".`);
      return null;
    }
    default: {
      const [from, to] = [step(clause.from), step(clause.to)];
      if (from === null || to === null) return problems[0] ?? null;
      changes.push({ do: clause.do, from, way: clause.way ?? null, to });
      const [a, b] = [titleOf(from), titleOf(to)];
      const joins = clause.do === 'connect';
      told.push(
        pt
          ? `${joins ? 'Liga' : 'Desliga'} "${a}" ${joins ? 'em' : 'de'} "${b}".`
          : `${joins ? 'Connects' : 'Disconnects'} "${a}" ${joins ? 'to' : 'from'} "${b}".`,
      );
      return null;
    }
  }
}

/** Steps that nothing follows, of those that are not inside another; one that was added by an earlier clause is behind what it was put after. */
function endsOf({ graph, changes }: Work): string[] {
  const added = changes.filter((change) => change['do'] === 'add' && change['before'] === null);
  const left = new Set([...graph.edges.map(({ from }) => from), ...added.map((change) => change['after'])]);
  const steps = [...graph.steps.filter(({ inside }) => inside === undefined), ...added];
  return steps.map((each) => String(each['id'])).filter((id) => !left.has(id));
}

/** How long it says to wait, and what to say or to ask, where the kind of step has a place for it. */
function settingsFor(config: JsonObject, { text, amount, unit }: Extract<Clause, { do: 'add' }>): JsonObject[] {
  const properties = (config['properties'] ?? {}) as Readonly<Record<string, Json>>;
  const settings: JsonObject[] = [];
  if (text !== undefined)
    for (const field of ['text', 'question', 'message', 'instructions'])
      if (field in properties) {
        settings.push({ field, value: JSON.stringify(text) });
        break;
      }
  if (amount !== undefined && unit !== undefined && 'amount' in properties && 'unit' in properties)
    settings.push({ field: 'amount', value: String(amount) }, { field: 'unit', value: JSON.stringify(unit) });
  return settings;
}

const stop: ReadonlySet<string> = new Set(
  'o a os as um uma de do da dos das e que em no na pra para por com passo etapa the an of to in on for with step node'.split(
    ' ',
  ),
);
/** Words without their ends: "esperar" and "espera", "sends" and "send". */
const stemsOf = (text: string): string[] =>
  (fold(text).match(/[a-z0-9]+/g) ?? [])
    .filter((word) => !stop.has(word))
    .map((word) => (word.length > 4 ? word.slice(0, Math.max(4, word.length - 2)) : word));

/** Those that a name means: the one that is called so; else those whose names have the most of its words. Empty when nothing comes near. */
function find(name: string, all: readonly Named[], least: number): readonly Named[] {
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
const synonyms: Readonly<Record<string, readonly string[]>> = {
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
  'agent.sentiment': ['sentimento', 'humor', 'clima', 'sentiment', 'mood'],
  'agent.faq': ['resposta', 'responder', 'faq', 'answer'],
  'agent.assistant': ['assistente', 'agente', 'assistant', 'agent'],
  'agent.escalation': ['escalar', 'escalation', 'escalate'],
  'agent.whatsapp': ['classificar', 'intenção', 'classify', 'intent'],
};
