import type { ChatRequest, GraphMaterial } from '#nodes/sdk/context.js';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import { detectLanguage } from '../language/detectLanguage.js';
import { find, synonyms, type Named } from './called.js';
import { clausesOfRequest, readClause, type Clause } from './graphRequest.js';

/** What the sandbox says when it is asked for more than it understands. */
const needsModel = {
  'pt-BR': (clause: string) =>
    `Sem um modelo de IA ligado, só entendo pedidos simples: "ponha Espera um tempo depois de Sente o clima", "tire Guarda na memória", "ligue A em B", "renomeie A para B". Isto pede um modelo: "${clause}".`,
  en: (clause: string) =>
    `Without an AI model connected I only understand plain requests: "add Delay after Sense the mood", "remove Set values", "connect A to B", "rename A to B". This needs a model: "${clause}".`,
} as const;
const unknownStep = {
  'pt-BR': (name: string, all: string) => `Não achei um passo chamado "${name}". Tem estes: ${all}.`,
  en: (name: string, all: string) => `I found no step called "${name}". There are: ${all}.`,
} as const;
const severalSteps = {
  'pt-BR': (name: string, all: string) => `"${name}" pode ser mais de um passo: ${all}. Escreva o nome inteiro.`,
  en: (name: string, all: string) => `"${name}" may be more than one step: ${all}. Write the whole name.`,
} as const;
const severalEnds = {
  'pt-BR': (all: string) => `Há mais de um fim: ${all}. Diga depois de qual passo.`,
  en: (all: string) => `There are several ends: ${all}. Say after which step.`,
} as const;
const noText = {
  'pt-BR': (name: string) => `"${name}" não tem texto pra mudar.`,
  en: (name: string) => `"${name}" has no text to change.`,
} as const;
const unknownType = {
  'pt-BR': (name: string) => `Não conheço um passo que faça "${name}".`,
  en: (name: string) => `I know no step that does "${name}".`,
} as const;

/** Answers a request to change a department, out of a small set of plain ones. What it does not understand it says, and changes nothing. */
export function editGraph(request: ChatRequest): JsonObject {
  const text = request.messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const said = detectLanguage(withoutNames(text, request.material?.graph?.steps ?? []), request.locale);
  const cannot = (why: string): JsonObject => ({ summary: '', cannot: why, changes: [] });
  const graph = request.material?.graph;
  if (!graph) return cannot(needsModel[said](text));
  const kinds = new Map(graph.types.map((type) => [type.type, type]));
  // A step is also known by what it does: "the trigger", "a pergunta".
  const steps: Named[] = graph.steps.map(({ id, type, title }) => ({
    id,
    names: [title, id],
    also: [
      ...Object.values(kinds.get(type)?.title ?? {}),
      ...(synonyms[type] ?? []),
      ...(type.startsWith('trigger.') ? ['gatilho', 'trigger', 'começo', 'início', 'start', 'beginning'] : []),
    ],
  }));
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
    const all = (only ? found : steps)
      .slice(0, MOST_NAMED)
      .map(({ names }) => names[0])
      .join(', ');
    problems.push(only ? severalSteps[locale](name, all) : unknownStep[locale](name, all));
    return null;
  };
  const titleOf = (id: string | null): string => steps.find((each) => each.id === id)?.names[0] ?? '';
  const pt = locale === 'pt-BR';
  switch (clause.do) {
    case 'add': {
      const waits =
        clause.amount === undefined ? [] : types.filter((each) => hasFields(work, each.id, ['amount', 'unit']));
      const [type] = waits.length > 0 ? waits : find(clause.what, types, 0.34);
      if (!type) return unknownType[locale](clause.what);
      const ends = clause.last ? endsOf(work) : [];
      if (ends.length > 1) return severalEnds[locale](ends.map((id) => `"${titleOf(id)}"`).join(', '));
      const begins = clause.first && work.graph.steps.find(({ type }) => type.startsWith('trigger.'))?.id;
      const [after, before] = [begins ?? ends[0] ?? step(clause.after), step(clause.before)];
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
    case 'say': {
      const id = step(clause.what);
      if (id === null) return problems[0] ?? null;
      const type = work.graph.steps.find((each) => each.id === id)?.type;
      const field = textField(work.graph.types.find((each) => each.type === type)?.config ?? {});
      if (field === null) return noText[locale](titleOf(id));
      changes.push({ do: 'set', step: id, settings: [{ field, value: JSON.stringify(clause.text) }] });
      told.push(
        pt ? `"${titleOf(id)}" passa a dizer "${clause.text}".` : `"${titleOf(id)}" now says "${clause.text}".`,
      );
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

const hasFields = ({ graph }: Work, type: string, fields: readonly string[]): boolean => {
  const { properties = {} } = graph.types.find((each) => each.type === type)?.config ?? {};
  return fields.every((field) => field in (properties as object));
};

/** Most steps that an answer names. */
const MOST_NAMED = 20;

/** Steps that nothing follows, of those that are not inside another; one that was added by an earlier clause is behind what it was put after. */
function endsOf({ graph, changes }: Work): string[] {
  const added = changes.filter((change) => change['do'] === 'add' && change['before'] === null);
  const left = new Set([...graph.edges.map(({ from }) => from), ...added.map((change) => change['after'])]);
  const steps = [...graph.steps.filter(({ inside }) => inside === undefined), ...added];
  return steps.map((each) => String(each['id'])).filter((id) => !left.has(id));
}

/** The field in which a kind of step keeps what it says, asks or is told; `null` for one that has none. */
function textField(config: JsonObject): string | null {
  const properties = (config['properties'] ?? {}) as Readonly<Record<string, Json>>;
  return ['text', 'question', 'message', 'instructions'].find((field) => field in properties) ?? null;
}

/** How long it says to wait, and what to say or to ask, where the kind of step has a place for it. */
function settingsFor(config: JsonObject, { text, amount, unit }: Extract<Clause, { do: 'add' }>): JsonObject[] {
  const properties = (config['properties'] ?? {}) as Readonly<Record<string, Json>>;
  const settings: JsonObject[] = [];
  const field = textField(config);
  if (text !== undefined && field !== null) settings.push({ field, value: JSON.stringify(text) });
  if (amount !== undefined && unit !== undefined && 'amount' in properties && 'unit' in properties)
    settings.push({ field: 'amount', value: String(amount) }, { field: 'unit', value: JSON.stringify(unit) });
  return settings;
}
