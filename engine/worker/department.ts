import type { Definition, NodeDefinition } from '#engine/graph/definition.js';
import type { Query } from './query.js';

/** Triggers that a customer's message starts. */
const messageTriggers: readonly string[] = ['trigger.whatsapp'];

/** How long after a customer's first message others still count as said in the same breath, unless the department says otherwise. */
const BURST_MS = 0;

export interface Version {
  readonly id: string;
  readonly departmentId: string;
  readonly definition: Definition;
  readonly checksum: string;
}

export interface Versions {
  /** Throws when there is no such version: a run never outlives its version. */
  get(query: Query, id: string): Promise<Version>;
}

const MAX_VERSIONS = 200;

/** Published versions are frozen, so what was read once is read for ever. */
export function createVersions(): Versions {
  const cache = new Map<string, Version>();
  return {
    async get(query, id) {
      const known = cache.get(id);
      if (known) return known;
      const rows = await query<Version>(
        `select id, department_id as "departmentId", definition, checksum from platform.department_versions where id = $1`,
        [id],
      );
      const version = rows[0];
      if (!version) throw new Error(`There is no version ${id}`);
      const oldest = cache.size >= MAX_VERSIONS ? cache.keys().next().value : undefined;
      if (oldest) cache.delete(oldest);
      cache.set(id, version);
      return version;
    },
  };
}

/** The node that a customer's message starts; `null` when the department does not answer customers. */
export const messageTriggerOf = (definition: Definition): string | null =>
  definition.nodes.find((node) => !node.parentId && messageTriggers.includes(node.type))?.id ?? null;

/** In milliseconds. What the trigger says goes before what the department says. */
export function burstWindowOf(definition: Definition, triggerNode: string): number {
  const seconds = configOf(definition, triggerNode)?.['burstSeconds'];
  return typeof seconds === 'number' ? seconds * 1_000 : (definition.settings.burstWindowMs ?? BURST_MS);
}

/** What a message does that arrives while its department thinks about an earlier one: see `trigger.whatsapp`. */
export const onNewMessageOf = (definition: Definition, triggerNode: string): 'restart' | 'queue' =>
  configOf(definition, triggerNode)?.['onNewMessage'] === 'queue' ? 'queue' : 'restart';

const configOf = (definition: Definition, nodeId: string): NodeDefinition['config'] | undefined =>
  definition.nodes.find((node) => node.id === nodeId)?.config;
