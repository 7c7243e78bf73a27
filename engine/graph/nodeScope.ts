import type { JsonObject } from '#nodes/sdk/json.js';
import type { PublicNode } from '#nodes/sdk/publicNode.js';
import type { NodeDefinition } from './definition.js';
import type { Closest } from './expressions/closest.js';
import { checkExpression, type CheckScope, type StepField } from './expressions/check.js';
import { lazyFields } from './expressions/resolve.js';
import { typeOfSchema, typeOfValue } from './expressions/schemaTypes.js';
import { compileTemplate } from './expressions/template.js';
import {
  anyType,
  mapOf,
  nullType,
  numberType,
  partsOf,
  presentOf,
  stringType,
  unionOf,
  type Type,
} from './expressions/types.js';
import type { Flow } from './flow.js';
import { outputsOf } from './ports.js';
import { undoneBy } from './undoers.js';

const locale: Type = { kind: 'string', values: ['pt-BR', 'en'] };
const contact = mapOf({
  id: stringType,
  name: unionOf([stringType, nullType]),
  locale: unionOf([locale, nullType]),
  attributes: mapOf({}, anyType),
});
const conversation = mapOf({ id: stringType, locale });
const organization = mapOf({ name: stringType, locale, timezone: stringType, profile: stringType });

/**
 * Whether a field is evaluated after the steps inside its node: the condition of a loop and the exits of a sub-department. A for-each reads
 * its list before the first.
 */
export const isAfterBody = (
  { kind, config }: Pick<PublicNode, 'kind' | 'config'>,
  field: string | number | undefined,
) => (kind === 'loop' || kind === 'department') && lazyFields(config).has(String(field));

/** What the expressions of each node can see: the types of what runs before it. */
export class NodeScopes {
  readonly #flow: Flow;
  readonly #typeOf: (node: NodeDefinition) => PublicNode | undefined;
  readonly #closest: Closest;
  readonly #items = new Map<string, Type>();

  constructor(flow: Flow, typeOf: (node: NodeDefinition) => PublicNode | undefined, closest: Closest) {
    this.#flow = flow;
    this.#typeOf = typeOf;
    this.#closest = closest;
  }

  /** Scope of a node's config. `afterBody`: of a field that is evaluated after the body, which sees the steps of the body too. */
  at(node: NodeDefinition, afterBody = false): CheckScope {
    const undone = undoneBy(this.#flow.nodes.values(), node.id);
    if (undone.length > 0 && this.#flow.incoming(node).length === 0) return this.#undoing(undone);
    const around = this.#flow.containersOf(node);
    const roots = new Map<string, Type>([
      ['trigger', this.#trigger(around.at(-1) ?? node)],
      ['contact', contact],
      ['conversation', conversation],
      ['organization', organization],
    ]);
    const within = afterBody ? [node, ...around] : around;
    const loop = within.find((container) => this.#kindOf(container) !== 'department');
    if (loop) {
      roots.set('item', this.#itemOf(loop));
      roots.set('index', numberType);
    }
    return {
      roots,
      step: (id) => (afterBody ? this.#bodyStep(node, id) : undefined) ?? this.#step(node, around, id),
      stepIds: () => this.#flow.nodes.keys(),
      closest: this.#closest,
    };
  }

  /** Scope of a node that only undoes others: what each of them could see, what it made, and as `item` what is undone. */
  #undoing(undone: readonly NodeDefinition[]): CheckScope {
    const scopes = undone.map((node) => this.at(node));
    const roots = new Map<string, Type>();
    for (const name of new Set(scopes.flatMap((scope) => [...scope.roots.keys()]))) {
      const types = scopes.map((scope) => scope.roots.get(name));
      if (types.every((type) => type !== undefined)) roots.set(name, unionOf(types));
    }
    const item = roots.get('item') ?? nullType;
    const output = unionOf(undone.map((node) => this.#valueOf(node)));
    roots.set('item', mapOf({ nodeId: stringType, path: stringType, input: anyType, output, item }));
    const step = (id: string): StepField => {
      const fields = undone.map((node, index): StepField => {
        if (node.id === id) return { type: this.#valueOf(node), required: true };
        return scopes[index]?.step(id) ?? 'unknown';
      });
      const known = fields.filter((field) => typeof field === 'object');
      if (known.length === 0) return fields[0] ?? 'unknown';
      const required = known.length === fields.length && known.every((field) => field.required);
      return { type: unionOf(known.map((field) => field.type)), required };
    };
    return { roots, step, stepIds: () => this.#flow.nodes.keys(), closest: this.#closest };
  }

  #kindOf(node: NodeDefinition): PublicNode['kind'] | undefined {
    return this.#typeOf(node)?.kind;
  }

  /** A step above the node in its own level, or above one of the containers around it. */
  #step(node: NodeDefinition, around: readonly NodeDefinition[], id: string): StepField {
    const step = this.#flow.nodes.get(id);
    if (!step) return 'unknown';
    const place = [node, ...around].find((each) => each.parentId === step.parentId);
    if (!place || !this.#flow.isAbove(step, place)) return 'later';
    const type = this.#valueOf(step, this.#flow.portsTowards(step, place));
    return { type, required: this.#flow.surelyRan(step, place) };
  }

  #bodyStep(container: NodeDefinition, id: string): StepField | undefined {
    const step = this.#flow.nodes.get(id);
    if (step?.parentId !== container.id) return undefined;
    return { type: this.#valueOf(step), required: this.#flow.runsEveryRound(container.id).has(id) };
  }

  /** Type of what a step returned: that of the ports it can have left by. */
  #valueOf(step: NodeDefinition, ports?: ReadonlySet<string>): Type {
    const nodeType = this.#typeOf(step);
    // A failed step that lets the run go on leaves an error in place of its value: nothing certain is known of it.
    if (!nodeType || step.onError === 'continue') return anyType;
    const outputs = outputsOf(nodeType, step.config, step.onError);
    const taken = ports ? outputs.filter((output) => ports.has(output.name)) : outputs;
    return unionOf(taken.map((output) => typeOfSchema(output.schema as JsonObject)));
  }

  #trigger(top: NodeDefinition): Type {
    if (this.#kindOf(top) === 'trigger') return this.#valueOf(top);
    const types: Type[] = [];
    for (const node of this.#flow.order()) {
      if (this.#kindOf(node) !== 'trigger' || !this.#flow.isAbove(node, top)) continue;
      types.push(this.#valueOf(node, this.#flow.portsTowards(node, top)));
    }
    return unionOf(types);
  }

  /** Type of `item` inside a container: of a for-each the items of its list, of a loop what the last round gave. */
  #itemOf(container: NodeDefinition): Type {
    const known = this.#items.get(container.id);
    if (known) return known;
    this.#items.set(container.id, anyType);
    const items = this.#kindOf(container) === 'forEach' ? container.config['items'] : undefined;
    const type = items === undefined ? anyType : itemType(this.#listType(items, container));
    this.#items.set(container.id, type);
    return type;
  }

  #listType(items: NodeDefinition['config'][string], container: NodeDefinition): Type {
    if (typeof items !== 'string') return typeOfValue(items as never);
    try {
      const template = compileTemplate(items);
      return template.kind === 'expression'
        ? checkExpression(template.expression.source, this.at(container)).type
        : stringType;
    } catch {
      // What is wrong with it is reported where the field itself is checked.
      return anyType;
    }
  }
}

const itemType = (list: Type): Type =>
  unionOf(partsOf(presentOf(list)).map((part) => (part.kind === 'list' ? part.item : anyType)));
