import type { GraphMaterial } from '#nodes/sdk/context.js';
import { fold } from '../language/fold.js';
import { find, isSaid, tellingWords, type Named } from './called.js';

type Way = GraphMaterial['steps'][number]['ways'][number];
interface WayOfStep {
  readonly step: string;
  readonly way: Way;
}

const errors = ['erro', 'error', 'falha', 'failure', 'se der erro', 'on error'];
const named = ({ name, title }: Way): Named => ({ id: name, names: [name, title['pt-BR'], title.en] });

/** The name of the way out of a step that is called so; `error` also of one that has none yet. `null` when none comes near. */
export function wayOf({ steps }: GraphMaterial, step: string, said: string): string | null {
  if (errors.includes(fold(said))) return 'error';
  const ways = steps.find(({ id }) => id === step)?.ways ?? [];
  const found = find(said, ways.map(named));
  return found.length === 1 ? (found[0]?.id ?? null) : null;
}

/** The ways out of a department that lead by what happened: those of steps that have several. */
export const endWays = ({ steps }: GraphMaterial): WayOfStep[] =>
  steps.flatMap(({ id, ways }) => (ways.length > 1 ? ways.map((way) => ({ step: id, way })) : []));

/** What is said around what happens: "when the customer is …", "se for um …". */
const happens: ReadonlySet<string> = new Set(
  `cliente clientes customer customers alguem someone pessoa person ele ela eles they he she it its mensagem message msg ser for foi fica ficar seja
  is was be gets get became vier vem chegar chega comes come in muito very caso case resposta answer result resultado`.split(
    /\s+/,
  ),
);

/** The ways out that "when it is an order" or "when the customer is unhappy in A" may mean; those of one step when it is named. */
export function wayMeant(graph: GraphMaterial, steps: readonly Named[], said: string): WayOfStep[] {
  const words = fold(said);
  const about = steps
    .filter(({ names }) => names.some((name) => name.length > 3 && words.includes(fold(name))))
    .toSorted((a, b) => (b.names[0]?.length ?? 0) - (a.names[0]?.length ?? 0))[0];
  const rest = tellingWords((about?.names ?? []).reduce((left, name) => left.replace(fold(name), ' '), words)).filter(
    (word) => !happens.has(word),
  );
  const scored = endWays(graph)
    .filter(({ step }) => !about || step === about.id)
    .map((each) => {
      const best = Math.max(
        ...named(each.way).names.map((name) => {
          const telling = tellingWords(name);
          // A word that the way out has nothing of makes it another condition.
          if (telling.length === 0 || rest.some((word) => !telling.some((one) => isSaid(word, one)))) return 0;
          return telling.filter((one) => rest.some((word) => isSaid(word, one))).length / telling.length;
        }),
      );
      return { ...each, best };
    });
  const most = Math.max(0, ...scored.map(({ best }) => best));
  return most < 0.6 ? [] : scored.filter(({ best }) => best === most);
}
