import { ERROR_PORT } from '#nodes/sdk/ports.js';
import { isContainer, type Rule } from './rule.js';

/** Errors that are sent down a path of their own have one. */
export const routedErrors: Rule = ({ definition, flow, typeOf, nameOf, report }) => {
  for (const node of definition.nodes) {
    if (node.onError !== 'route' || typeOf(node)?.kind === 'trigger') continue;
    if (!flow.outgoing(node).some((edge) => edge.from.port === ERROR_PORT)) {
      report.add('error.no_edge', { nodeId: node.id, path: 'onError' }, { node: nameOf(node) });
    }
  }
};

/** The node that undoes another is there, is not that node, and can be run by itself. */
export const compensation: Rule = ({ definition, flow, typeOf, nameOf, misshapen, report }) => {
  for (const node of definition.nodes) {
    const id = node.compensateWith;
    if (id === undefined || misshapen.has(id)) continue;
    const place = { nodeId: node.id, path: 'compensateWith' };
    const undoing = flow.nodes.get(id);
    if (!undoing) report.add('compensate.unknown', place, { id });
    else if (id === node.id) report.add('compensate.itself', place, { node: nameOf(node) });
    else if (typeOf(undoing)?.kind === 'trigger' || isContainer(typeOf(undoing))) {
      report.add('compensate.not_possible', place, { node: nameOf(undoing) });
    }
  }
};
