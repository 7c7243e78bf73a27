import type * as Y from 'yjs';
import type { EdgeDefinition } from '#engine/graph/definition.js';
import { sha256 } from '#engine/graph/sha256.js';

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/**
 * An id for a node that reads well after `steps.`: `agent.faq` gives `faq_k3x9q2`. Random, because two people may add the same at the same
 * time without knowing of each other.
 */
export function newNodeId(nodes: Y.Map<unknown>, type: string): string {
  const word = (type.split('.').at(-1) ?? '').replace(/[^A-Za-z0-9]/g, '').slice(0, 40) || 'step';
  for (;;) {
    const random = crypto.getRandomValues(new Uint8Array(6));
    const id = `${word}_${[...random].map((byte) => LETTERS[byte % LETTERS.length]).join('')}`;
    if (!nodes.has(id)) return id;
  }
}

/** The id of an edge follows from what it joins: two people who draw the same edge draw one. */
export const edgeIdOf = ({ from, to }: Pick<EdgeDefinition, 'from' | 'to'>): string =>
  `e_${sha256(JSON.stringify([from.node, from.port, to.node, to.port])).slice(0, 20)}`;
