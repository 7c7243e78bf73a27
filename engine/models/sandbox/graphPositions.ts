import type { GraphMaterial } from '#nodes/sdk/context.js';
import type { JsonObject } from '#nodes/sdk/json.js';

interface Drawn {
  readonly graph: GraphMaterial;
  readonly changes: readonly JsonObject[];
}

const startsWork = ({ type }: GraphMaterial['steps'][number]): boolean => type.startsWith('trigger.');
/** The steps that begin the work. */
export const beginnings = ({ steps }: GraphMaterial): string[] => steps.filter(startsWork).map(({ id }) => id);

/** Steps that nothing follows, of those that are not inside another; one that was added by an earlier clause is behind what it was put after. */
export function endsOf({ graph, changes }: Drawn): string[] {
  const added = changes.filter((change) => change['do'] === 'add' && change['before'] === null);
  const left = new Set([...graph.edges.map(({ from }) => from), ...added.map((change) => change['after'])]);
  const steps = [...graph.steps.filter(({ inside }) => inside === undefined), ...added];
  return steps.map((each) => String(each['id'])).filter((id) => !left.has(id));
}

const thing = String.raw`(?:passo|etapa|bloco|coisa|step|node|block|one|thing)`;
const positions = {
  last: new RegExp(String.raw`^(?:(?:[uú]ltim[oa]|final|(?:very )?last)(?:\s+${thing})?|${thing}\s+final)$`, 'iu'),
  first: new RegExp(String.raw`^(?:primeir[oa]|first)(?:\s+${thing})?$`, 'iu'),
  follows: new RegExp(
    String.raw`^(?:(?:(?:primeir[oa]|first|next|pr[oó]xim[oa])\s+)?${thing}|primeir[oa])\s+(?:(?:que (?:vem|fica)|that comes|right|logo)\s+)*(?:depois\s+d[eoa]|ap[oó]s|after)\s+(?:[oa]|the)?\s*(.+)$`,
    'iu',
  ),
  leads: new RegExp(
    String.raw`^(?:${thing})\s+(?:(?:que (?:vem|fica)|that comes|right|logo)\s+)*(?:antes\s+d[eoa]|before)\s+(?:[oa]|the)?\s*(.+)$`,
    'iu',
  ),
};

/** The steps that a position means ("the last step", "the step after A"); `null` when it is none. `stepOf` reads the step that it names. */
export function atPosition(said: string, drawn: Drawn, stepOf: (name: string) => string): readonly string[] | null {
  const { graph } = drawn;
  if (positions.last.test(said)) return endsOf(drawn);
  // Whether what starts the work counts as a step, people do not agree.
  const behind = (id: string): string[] => [
    ...new Set(graph.edges.filter(({ from }) => from === id).map(({ to }) => to)),
  ];
  if (positions.first.test(said)) return beginnings(graph).flatMap((id) => [id, ...behind(id)]);
  const [, before] = positions.follows.exec(said) ?? [];
  if (before !== undefined) return behind(stepOf(before));
  const [, after] = positions.leads.exec(said) ?? [];
  if (after === undefined) return null;
  const id = stepOf(after);
  return [...new Set(graph.edges.filter(({ to }) => to === id).map(({ from }) => from))];
}
