import type { JsonObject } from '#nodes/sdk/json.js';
import { ERROR_PORT, type InputPort } from '#nodes/sdk/ports.js';
import type { NodeKind } from '#nodes/sdk/node.js';
import type { Text } from '#nodes/sdk/text.js';

/** A way out of one node of a department. `schema` describes the value that leaves through it. */
export interface OutputOf<Schema> {
  readonly name: string;
  readonly title: Text;
  readonly schema: Schema | JsonObject;
}

/** What is needed of a node type to know its ports: a `PublicNode` (JSON Schema) or a `NodeType` (zod) will do. */
export interface HasPorts<Schema> {
  readonly kind: NodeKind;
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly { readonly name: string; readonly title: Text; readonly schema: Schema }[];
  readonly outputsFrom?:
    | {
        readonly field: string;
        readonly nameKey: string;
        readonly titleKey: string;
        readonly schema: Schema;
        readonly rest?: { readonly port: string; readonly title: Text } | undefined;
      }
    | undefined;
}

/** JSON Schema of the value on the `error` port: what happened, and who must act. */
export const errorValueSchema: JsonObject = {
  type: 'object',
  properties: {
    code: { type: 'string' },
    message: { type: 'string' },
    actor: { enum: ['author', 'provider', 'platform', 'caller'] },
    retryable: { type: 'boolean' },
  },
  required: ['code', 'message', 'actor', 'retryable'],
  additionalProperties: false,
};

const errorTitle: Text = { 'pt-BR': 'Se der erro', en: 'On error' };

/**
 * The ways out of a node, in the order they are drawn: those of its type, those its author drew (`outputsFrom`), and `error` when
 * `onError` is `route`. `config` is taken as it comes: what is not understood gives no port. A name given twice counts once.
 */
export function outputsOf<Schema>(
  nodeType: HasPorts<Schema>,
  config: unknown,
  onError?: 'stop' | 'continue' | 'route',
): readonly OutputOf<Schema>[] {
  const ports = new Map<string, OutputOf<Schema>>(nodeType.outputs.map((port) => [port.name, port]));
  const drawn = drawnOutputs(nodeType, config);
  const rest = drawn.length > 0 ? nodeType.outputsFrom?.rest : undefined;
  const left = rest && ports.get(rest.port);
  if (rest && left) ports.set(rest.port, { ...left, title: rest.title });
  for (const port of drawn) if (!ports.has(port.name)) ports.set(port.name, port);
  if (onError === 'route' && nodeType.kind !== 'trigger') {
    ports.set(ERROR_PORT, { name: ERROR_PORT, title: errorTitle, schema: errorValueSchema });
  }
  return [...ports.values()];
}

function drawnOutputs<Schema>(nodeType: HasPorts<Schema>, config: unknown): OutputOf<Schema>[] {
  const from = nodeType.outputsFrom;
  const items = from && own(config, from.field);
  if (!from || !Array.isArray(items)) return [];
  return items.flatMap((item: unknown) => {
    const name = own(item, from.nameKey);
    if (typeof name !== 'string' || name === '') return [];
    const title = own(item, from.titleKey);
    const shown = typeof title === 'string' && title !== '' ? title : name;
    return [{ name, title: { 'pt-BR': shown, en: shown }, schema: from.schema }];
  });
}

const own = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
