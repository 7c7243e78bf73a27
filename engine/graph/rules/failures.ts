import { ERROR_PORT } from '#nodes/sdk/ports.js';
import { onlyUndoing } from '../undoers.js';
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

/** The node that undoes another is there, is not that node, can be run by itself, and leads nowhere when it is there for nothing else. */
export const compensation: Rule = ({ definition, flow, typeOf, nameOf, misshapen, report }) => {
  for (const node of definition.nodes) {
    const id = node.compensateWith;
    if (id === undefined || misshapen.has(id)) continue;
    const place = { nodeId: node.id, path: 'compensateWith' };
    const undoing = flow.nodes.get(id);
    if (!undoing) report.add('compensate.unknown', place, { id });
    else if (id === node.id) report.add('compensate.itself', place, { node: nameOf(node) });
    else if (['trigger', 'wait'].includes(typeOf(undoing)?.kind ?? '') || isContainer(typeOf(undoing))) {
      report.add('compensate.not_possible', place, { node: nameOf(undoing) });
    } else if (![node, ...flow.containersOf(node)].some((each) => each.parentId === undoing.parentId)) {
      report.add('compensate.elsewhere', place, { node: nameOf(undoing) });
    }
  }
  for (const id of onlyUndoing(definition)) {
    const undoing = flow.nodes.get(id);
    if (!undoing || typeOf(undoing)?.kind === 'trigger' || flow.outgoing(undoing).length === 0) continue;
    report.add('compensate.leads_on', { nodeId: id }, { node: nameOf(undoing) });
  }
};
