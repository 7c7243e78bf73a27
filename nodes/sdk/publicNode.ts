import { z } from 'zod';
import type { JsonObject } from './json.js';
import type { Capability, EffectDescription, NodeGroup, NodeKind, NodeType } from './node.js';
import type { InputPort } from './ports.js';
import type { Text } from './text.js';

/** A node type without its code: what the browser and `engine/graph` see. Schemas are JSON Schema 2020-12. */
export interface PublicNode {
  readonly type: string;
  readonly version: number;
  readonly kind: NodeKind;
  readonly group: NodeGroup;
  readonly title: Text;
  readonly summary: Text;
  readonly icon: string;
  readonly needs: readonly Capability[];
  readonly effects: readonly EffectDescription[];
  readonly config: JsonObject;
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly PublicOutputPort[];
  readonly outputsFrom?: {
    readonly field: string;
    readonly nameKey: string;
    readonly titleKey: string;
    readonly schema: JsonObject;
    readonly rest?: { readonly port: string; readonly title: Text };
  };
}

export interface PublicOutputPort {
  readonly name: string;
  readonly title: Text;
  readonly schema: JsonObject;
}

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): JsonObject =>
  z.toJSONSchema(schema, { io }) as JsonObject;

/** The node minus its `run` and `migrate`. */
export function toPublicNode(node: NodeType): PublicNode {
  const { type, version, kind, group, title, summary, icon, needs, effects, inputs } = node;
  return {
    type,
    version,
    kind,
    group,
    title,
    summary,
    icon,
    needs,
    effects,
    inputs,
    config: jsonSchema(node.config, 'input'),
    outputs: node.outputs.map((port) => ({ ...port, schema: jsonSchema(port.schema, 'output') })),
    ...(node.outputsFrom && {
      outputsFrom: { ...node.outputsFrom, schema: jsonSchema(node.outputsFrom.schema, 'output') },
    }),
  };
}
