import type { PublicNode } from '#nodes/sdk/publicNode.js';
import type { NodeDefinition, ProblemFix } from '../definition.js';
import { isContainer, type Checkup, type Rule } from './rule.js';

/** Free-form messages are taken for 24 hours after the customer's last one (WhatsApp Cloud API, customer service window). */
export const windowMs = 24 * 3_600_000;

/** Longest time since the customer last wrote, and the wait that made it so. */
interface Elapsed {
  readonly ms: number;
  readonly wait?: NodeDefinition;
}
const justWritten: Elapsed = { ms: 0 };
const longer = (a: Elapsed, b: Elapsed): Elapsed => (b.ms > a.ms ? b : a);
const plus = (elapsed: Elapsed, ms: number, wait: NodeDefinition): Elapsed =>
  ms > 0 ? { ms: elapsed.ms + ms, wait } : elapsed;

/** No free-form message stands on a path that can be reached after the window, unless the customer has answered since. */
export const channelWindow: Rule = (checkup) => {
  const late = new Map<NodeDefinition, NodeDefinition>();
  walk(checkup, undefined, justWritten, late);
  for (const [node, wait] of late) {
    const place = { nodeId: node.id, fix: shorterWait(wait) };
    checkup.report.add('channel.outside_window', place, { node: checkup.nameOf(node), wait: checkup.nameOf(wait) });
  }
};

/** Walks a level from `start`; gives the longest time at its end. Notes every sending node that may be late. */
function walk(
  checkup: Checkup,
  parentId: string | undefined,
  start: Elapsed,
  late: Map<NodeDefinition, NodeDefinition>,
): Elapsed {
  const { flow, typeOf } = checkup;
  const leaving = new Map<string, Leaving>();
  let end = justWritten;
  for (const node of flow.order(parentId)) {
    const incoming = flow.incoming(node);
    let arriving = incoming.length === 0 ? start : justWritten;
    for (const edge of incoming)
      arriving = longer(arriving, leaving.get(edge.from.node)?.(edge.from.port) ?? justWritten);
    const type = typeOf(node);
    if (sendsFreely(type, node) && arriving.ms > windowMs && arriving.wait) late.set(node, arriving.wait);
    const leave = isContainer(type)
      ? throughBody(checkup, node, type, arriving, late)
      : throughNode(node, type, arriving);
    leaving.set(node.id, leave);
    if (flow.outgoing(node).length === 0) for (const port of type?.outputs ?? []) end = longer(end, leave(port.name));
  }
  return end;
}

/** Time on leaving by a port. */
type Leaving = (port: string) => Elapsed;

function throughBody(
  checkup: Checkup,
  node: NodeDefinition,
  type: PublicNode | undefined,
  arriving: Elapsed,
  late: Map<NodeDefinition, NodeDefinition>,
): Leaving {
  let end = walk(checkup, node.id, arriving, late);
  const grown = end.ms - arriving.ms;
  const rounds =
    type?.kind === 'department' || node.config['mode'] === 'parallel' ? 1 : numberOf(node.config['limit'], 10);
  // What one round waits, the rounds before the last have waited too.
  if (grown > 0 && rounds > 1) end = walk(checkup, node.id, { ...end, ms: arriving.ms + grown * (rounds - 1) }, late);
  return () => longer(arriving, end);
}

function throughNode(node: NodeDefinition, type: PublicNode | undefined, arriving: Elapsed): Leaving {
  if (type?.kind === 'trigger') return () => justWritten;
  if (type?.kind !== 'wait') return () => arriving;
  // An event is not the customer's word: the time it may take counts.
  if (type.outputs.some((port) => port.name === 'timeout') && !('question' in node.config)) {
    const after = plus(arriving, timeoutOf(node), node);
    return () => after;
  }
  if (!('question' in node.config)) {
    const after = plus(arriving, delayOf(node), node);
    return () => after;
  }
  const asked = plus(arriving, timeoutOf(node), node);
  const ofCustomer = (node.config['of'] ?? 'contact') === 'contact';
  // An answer of the customer opens the window anew; one of the team does not.
  return (port) => (ofCustomer && port !== 'timeout' ? justWritten : asked);
}

/** Milliseconds of a delay. One that an expression gives is not known and counts as none: at worst the send fails with a clear error. */
function delayOf(node: NodeDefinition): number {
  const { until, amount, unit } = node.config;
  if (typeof until === 'string') return until.includes('{{') ? 0 : Infinity;
  const unitMs =
    { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 }[String(unit ?? 'minutes')] ?? 0;
  return numberOf(amount, 5) * unitMs;
}

/** Milliseconds a question may stay open; without a limit, for ever. */
function timeoutOf(node: NodeDefinition): number {
  const { timeoutMinutes } = node.config;
  if (timeoutMinutes === undefined || timeoutMinutes === null) return Infinity;
  return numberOf(timeoutMinutes, 0) * 60_000;
}

const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === 'number' ? value : value === undefined ? otherwise : 0;

/** Sends what the author wrote, not an approved template. */
function sendsFreely(type: PublicNode | undefined, node: NodeDefinition): boolean {
  if (!type || (type.group !== 'channel' && !type.needs.includes('channel'))) return false;
  // A question to the team is not a message to the customer.
  if (type.kind === 'wait' && node.config['of'] === 'member') return false;
  return !('template' in node.config);
}

/** Twenty-three hours leave room for the steps in between. */
function shorterWait(wait: NodeDefinition): ProblemFix | undefined {
  if ('question' in wait.config) {
    return { kind: 'setConfig', nodeId: wait.id, path: 'config.timeoutMinutes', value: 23 * 60 };
  }
  return undefined;
}
