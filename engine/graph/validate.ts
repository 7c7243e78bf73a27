import type { PublicNode } from '#nodes/sdk/publicNode.js';
import type { Locale } from '#nodes/sdk/text.js';
import type { Definition, NodeDefinition, Problem } from './definition.js';
import { closestWithin } from './expressions/closest.js';
import { Flow } from './flow.js';
import { NodeScopes } from './nodeScope.js';
import { Report } from './report.js';
import { findUnsafe } from './safeJson.js';
import { channelMessages } from './rules/channelMessage.js';
import { channelWindow } from './rules/channelWindow.js';
import { configs } from './rules/config.js';
import { connections } from './rules/connections.js';
import { emptyContainers, nesting, parents } from './rules/containers.js';
import { cycles } from './rules/cycles.js';
import {
  duplicateEdges,
  edgesAcrossLevels,
  edgesIntoTriggers,
  edgesToMissingNodes,
  edgesToMissingPorts,
} from './rules/edges.js';
import { compensation, routedErrors } from './rules/failures.js';
import { duplicateEdgeIds, duplicateNodeIds, reservedNodeIds } from './rules/ids.js';
import { knowledge } from './rules/knowledge.js';
import { models } from './rules/models.js';
import { sameNames } from './rules/sameNames.js';
import { knownTypes } from './rules/nodeTypes.js';
import type { Checkup, Known, Rule } from './rules/rule.js';
import { checkShape } from './rules/shape.js';
import { reachability, someTrigger, triggersAtTheTop } from './rules/triggers.js';

/** In the order a person should read what they find. */
const structure: readonly Rule[] = [
  duplicateNodeIds,
  duplicateEdgeIds,
  reservedNodeIds,
  knownTypes,
  parents,
  nesting,
  emptyContainers,
  edgesToMissingNodes,
  edgesAcrossLevels,
  edgesToMissingPorts,
  edgesIntoTriggers,
  duplicateEdges,
  cycles,
  someTrigger,
  triggersAtTheTop,
  reachability,
  routedErrors,
  compensation,
];
const contents: readonly Rule[] = [channelMessages, configs, sameNames, connections, knowledge, models];

export interface Validation {
  /** The parsed definition when its shape is right, so that a draft with problems can be kept. It can be compiled when no problem is an error. */
  readonly definition: Definition | null;
  readonly problems: readonly Problem[];
}

/**
 * Everything that is wrong with a definition, in one language (pt-BR unless asked otherwise). Takes anything and never throws. What is
 * too big or unsafe is refused at once, without looking further; otherwise all problems are returned, up to 1,000.
 * `known`: what the organization has that steps may name; nothing is said of what is not known.
 */
export function validate(
  definition: unknown,
  nodeTypes: readonly PublicNode[],
  options: { readonly locale?: Locale; readonly known?: Known } = {},
): Validation {
  const report = new Report(options.locale ?? 'pt-BR');
  const unsafe = findUnsafe(definition);
  if (unsafe) {
    const { code, ...params } = unsafe;
    const name = 'name' in params ? params.name : undefined;
    report.add(code, 'path' in params && params.path ? { path: params.path } : {}, { ...params, name });
    return { definition: null, problems: report.problems };
  }
  const { definition: shaped, whole, misshapen } = checkShape(definition, report);
  const checkup = { ...prepare(shaped, nodeTypes, misshapen, report), known: options.known ?? {} };
  for (const rule of structure) rule(checkup);
  // In circles of containers there is no telling what comes before what.
  if (!report.problems.some(({ code }) => code === 'parent.cycle' || code === 'size.containers')) {
    for (const rule of contents) rule(checkup);
    channelWindow(checkup);
  }
  return { definition: whole ? shaped : null, problems: withoutEchoes(report.problems) };
}

function prepare(
  definition: Definition,
  nodeTypes: readonly PublicNode[],
  misshapen: ReadonlySet<string>,
  report: Report,
): Omit<Checkup, 'known'> {
  const types = new Map(nodeTypes.map((type) => [`${type.type}@${type.version}`, type]));
  const typeOf = (node: NodeDefinition): PublicNode | undefined => types.get(`${node.type}@${node.version}`);
  const nameOf = (node: NodeDefinition): string =>
    node.title || (typeOf(node)?.title[report.locale] ?? node.type) + ` (${node.id})`;
  const flow = new Flow(definition, typeOf);
  const closest = closestWithin(50);
  const scopes = new NodeScopes(flow, typeOf, closest);
  return { closest, definition, typeOf, nodeTypes, flow, scopes, report, nameOf, misshapen };
}

/** What a channel's own rule has said of a field, the field's schema need not say again. */
function withoutEchoes(problems: readonly Problem[]): Problem[] {
  const said = new Set(
    problems.filter(({ code }) => code.startsWith('channel.')).map(({ nodeId, path }) => `${nodeId} ${path}`),
  );
  return problems.filter(({ code, nodeId, path }) => !code.startsWith('config.') || !said.has(`${nodeId} ${path}`));
}
