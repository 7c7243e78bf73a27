import { ERROR_PORT } from '#nodes/sdk/ports.js';
import { outputsOf } from '../ports.js';
import type { EdgeDefinition, NodeDefinition, ProblemFix } from '../definition.js';
import type { Checkup, Rule } from './rule.js';

const removing = (edge: EdgeDefinition): ProblemFix => ({ kind: 'removeEdge', edgeId: edge.id });

/** An edge joins two nodes that are there. */
export const edgesToMissingNodes: Rule = ({ definition, flow, misshapen, report }) => {
  for (const edge of definition.edges) {
    for (const side of ['from', 'to'] as const) {
      const id = edge[side].node;
      if (flow.nodes.has(id) || misshapen.has(id)) continue;
      report.add('edge.missing_node', { edgeId: edge.id, path: `${side}.node`, fix: removing(edge) }, { id });
    }
  }
};

/** An edge leaves by a port its node has and enters by one its node has. */
export const edgesToMissingPorts: Rule = (checkup) => {
  for (const edge of checkup.definition.edges) {
    const from = checkup.flow.nodes.get(edge.from.node);
    const to = checkup.flow.nodes.get(edge.to.node);
    if (from) checkOutput(checkup, edge, from);
    if (to) checkInput(checkup, edge, to);
  }
};

function checkOutput({ typeOf, nameOf, closest, report }: Checkup, edge: EdgeDefinition, node: NodeDefinition): void {
  const type = typeOf(node);
  if (!type) return;
  const names = outputsOf(type, node.config, node.onError).map((output) => output.name);
  const { port } = edge.from;
  if (names.includes(port)) return;
  const place = { edgeId: edge.id, nodeId: node.id, path: 'from.port', fix: removing(edge) };
  if (port === ERROR_PORT && type.kind !== 'trigger')
    report.add('edge.error_not_routed', place, { node: nameOf(node) });
  else report.add('edge.missing_output', place, { node: nameOf(node), port, suggestion: closest(port, names) });
}

function checkInput({ typeOf, nameOf, report }: Checkup, edge: EdgeDefinition, node: NodeDefinition): void {
  const type = typeOf(node);
  // A trigger has no way in: that is a rule of its own.
  if (!type || type.kind === 'trigger' || type.inputs.some((input) => input.name === edge.to.port)) return;
  const place = { edgeId: edge.id, nodeId: node.id, path: 'to.port', fix: removing(edge) };
  report.add('edge.missing_input', place, { node: nameOf(node), port: edge.to.port });
}

/** An edge stays on its level. */
export const edgesAcrossLevels: Rule = ({ definition, flow, report }) => {
  for (const edge of definition.edges) {
    const from = flow.nodes.get(edge.from.node);
    const to = flow.nodes.get(edge.to.node);
    if (from && to && from.parentId !== to.parentId) {
      report.add('edge.across_levels', { edgeId: edge.id, fix: removing(edge) });
    }
  }
};

/** Nothing comes before a trigger. */
export const edgesIntoTriggers: Rule = ({ definition, flow, typeOf, nameOf, report }) => {
  for (const edge of definition.edges) {
    const to = flow.nodes.get(edge.to.node);
    if (to && typeOf(to)?.kind === 'trigger') {
      report.add('edge.into_trigger', { edgeId: edge.id, nodeId: to.id, fix: removing(edge) }, { node: nameOf(to) });
    }
  }
};

/** Two edges that join the same ports say one thing twice. */
export const duplicateEdges: Rule = ({ definition, report }) => {
  const seen = new Set<string>();
  for (const edge of definition.edges) {
    const key = JSON.stringify([edge.from.node, edge.from.port, edge.to.node, edge.to.port]);
    if (seen.has(key)) report.add('edge.duplicate', { edgeId: edge.id, fix: removing(edge) });
    seen.add(key);
  }
};
