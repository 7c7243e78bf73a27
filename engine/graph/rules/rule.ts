import type { PublicNode } from '#nodes/sdk/publicNode.js';
import type { Definition, NodeDefinition } from '../definition.js';
import type { Closest } from '../expressions/closest.js';
import type { Flow } from '../flow.js';
import type { NodeScopes } from '../nodeScope.js';
import type { Report } from '../report.js';

/** A connection of the organization, as far as a definition need know of it. */
export interface KnownConnection {
  readonly id: string;
  readonly hosts: readonly string[];
}

/** What an organization has that steps may name. What is absent nobody knows: nothing is said of it then. */
export interface Known {
  readonly connections?: readonly KnownConnection[];
  /** Ids of its knowledge sources. */
  readonly sources?: readonly string[];
  /** Ids of the models that there are to choose from. */
  readonly models?: readonly string[];
}

/** A definition on the table, with what every rule needs to know of it. Its shape is right; nothing else need be. */
export interface Checkup {
  readonly definition: Definition;
  /** By type and version; `undefined` for a type nobody has. */
  readonly typeOf: (node: NodeDefinition) => PublicNode | undefined;
  readonly nodeTypes: readonly PublicNode[];
  readonly flow: Flow;
  readonly scopes: NodeScopes;
  readonly report: Report;
  /** The name that was meant; looked for in a bounded number of cases. */
  readonly closest: Closest;
  /** What a person calls the node. */
  readonly nameOf: (node: NodeDefinition) => string;
  /** Ids of nodes and edges that are there but not in shape: what refers to them is not at fault. */
  readonly misshapen: ReadonlySet<string>;
  readonly known: Known;
}

/** Looks for one kind of problem and reports all it finds. */
export type Rule = (checkup: Checkup) => void;

/** Whether nodes of this kind hold others. */
export const isContainer = (type: Pick<PublicNode, 'kind'> | undefined): boolean =>
  type?.kind === 'loop' || type?.kind === 'forEach' || type?.kind === 'department';
