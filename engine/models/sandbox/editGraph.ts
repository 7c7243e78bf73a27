import type { ChatRequest } from '#nodes/sdk/context.js';
import type { JsonObject } from '#nodes/sdk/json.js';
import { detectLanguage } from '../language/detectLanguage.js';
import { synonyms, type Named } from './called.js';
import { readClause } from './graphRequest.js';
import { says } from './graphSays.js';
import { clausesOfRequest } from './graphSentences.js';
import { knownNames } from './hidden.js';
import { translate } from './translateClause.js';

/** Answers a request to change a department, out of a small set of plain ones. What it does not understand it says, and changes nothing. */
export function editGraph(request: ChatRequest): JsonObject {
  const text = request.messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const said = detectLanguage(withoutNames(text, request.material?.graph?.steps ?? []), request.locale);
  const cannot = (why: string): JsonObject => ({ summary: '', cannot: why.slice(0, MOST_SAID), changes: [] });
  const graph = request.material?.graph;
  if (!graph) return cannot(says[said].needsModel(text));
  const kinds = new Map(graph.types.map((type) => [type.type, type]));
  // A step is also known by what it does: "the trigger", "a pergunta".
  const steps: Named[] = graph.steps.map(({ id, type, title }) => ({
    id,
    names: [title, id],
    also: [
      ...Object.values(kinds.get(type)?.title ?? {}),
      ...(synonyms[type] ?? []),
      ...(type.startsWith('trigger.') ? begins : []),
    ],
  }));
  const types: Named[] = graph.types.map((type) => ({
    id: type.type,
    names: [type.title['pt-BR'], type.title.en, type.type, type.type.split('.')[1] ?? ''],
    also: synonyms[type.type] ?? [],
    hints: [type.summary['pt-BR'], type.summary.en],
  }));
  const names = knownNames([
    ...graph.steps.map(({ title }) => title),
    ...graph.types.flatMap(({ title }) => Object.values(title)),
  ]);
  const changes: JsonObject[] = [];
  const told: string[] = [];
  for (const clause of clausesOfRequest(text, names)) {
    const read = readClause(clause, names);
    if (typeof read === 'string') return cannot(says[said][read](clause.slice(0, 120)));
    if (read.length === 0) return cannot(says[said].needsModel(clause.slice(0, 120)));
    const problem = translate(read, { steps, types, graph, changes, told, locale: said });
    if (problem !== null) return cannot(problem);
  }
  if (changes.length === 0) return cannot(says[said].needsModel(text.slice(0, 120)));
  return { summary: told.join(' ').slice(0, MOST_SAID), cannot: null, changes };
}

/** Characters that an answer may have. */
const MOST_SAID = 900;

const begins = [
  ...['gatilho', 'começo', 'início', 'mensagem chega', 'chega a mensagem', 'chegar a mensagem'],
  ...['trigger', 'start', 'beginning', 'message arrives', 'message comes in'],
];

/** What a request says itself: names of steps, and what stands in quotes, may be in another language. */
const withoutNames = (text: string, steps: readonly { readonly title: string }[]): string =>
  steps
    .map(({ title }) => title)
    .filter((title) => title !== '')
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, title) => rest.replaceAll(title, ' '), text.replace(/["“«][^"”»]*["”»]/gu, ' '));
