import type { z } from 'zod';
import type { NodeContext } from './context.js';
import type { Json } from './json.js';
import type { InputPort, OutputPort, OutputsFromConfig } from './ports.js';
import type { Text } from './text.js';

/** What a node is to a person: its place in the palette, its colour and silhouette on the canvas. */
export type NodeGroup = 'trigger' | 'agent' | 'logic' | 'human' | 'data' | 'channel';

/**
 * What a node is to the engine.
 * `pure` computes at once and may run again; `read` looks something up and may run again; `model` asks an AI model; `effect` changes
 * the outside world through `ctx.effect`; `wait` may call `ctx.ask` or `ctx.waitUntil`; the rest hold a body of nodes (`parentId`).
 */
export type NodeKind = 'trigger' | 'pure' | 'read' | 'model' | 'effect' | 'wait' | 'loop' | 'forEach' | 'department';

/** Capabilities of `NodeContext` that a node uses; a contract test refuses a node that touches one it does not name. */
export type Capability = 'models' | 'knowledge' | 'conversation' | 'contacts' | 'channel' | 'http';

/** Something a node does to the outside world, shown to whoever installs or publishes it. */
export interface EffectDescription {
  readonly name: string;
  readonly summary: Text;
}

export interface NodeResult {
  /** Name of the output port taken. All edges on it fire; all other ports are dead. */
  readonly port: string;
  readonly value: Json;
}

export interface NodeRun<Config> {
  /** Expressions are resolved and the result is parsed by the node's own schema. */
  readonly config: Config;
  /** The value of the live edge into this node; with several live edges an object of values by source node id; `null` with none. */
  readonly input: Json;
  readonly ctx: NodeContext;
}

export interface NodeType<Shape extends z.ZodObject = z.ZodObject> {
  /** `<group>.<name>`, for example `logic.if`. Never changes: definitions refer to it. */
  readonly type: string;
  readonly version: number;
  readonly kind: NodeKind;
  readonly group: NodeGroup;
  readonly title: Text;
  /** One sentence, in the words of the person who hires the department. */
  readonly summary: Text;
  /** Name of a lucide icon. */
  readonly icon: string;
  readonly needs: readonly Capability[];
  readonly effects: readonly EffectDescription[];
  /** Every field carries `.meta({ title, description, ui })`; see `FieldMeta`. */
  readonly config: Shape;
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly OutputPort[];
  readonly outputsFrom?: OutputsFromConfig;
  /** Turns the config of an older version into this one's. Required when `version` is above 1. */
  readonly migrate?: (config: Json, fromVersion: number) => Json;
  /** Absent in containers: the engine runs their bodies. */
  readonly run?: (call: NodeRun<z.output<Shape>>) => NodeResult | Promise<NodeResult>;
}

/** Form hints of a config field. Data only: the inspector draws the form from them. */
export interface FieldMeta {
  readonly title: Text;
  readonly description?: Text;
  readonly ui?: {
    readonly control?:
      | 'text'
      | 'textarea'
      | 'number'
      | 'switch'
      | 'select'
      | 'list'
      | 'expression'
      | 'duration'
      | 'cron'
      | 'timezone'
      /** Picks one of the organization's connections; the field holds its id. */
      | 'connection'
      /** Picks some of the organization's knowledge sources; the field holds their ids, and none means all. */
      | 'knowledge'
      /** Picks one of the models that the gateway offers; the field holds its id. */
      | 'model'
      /** A link to an image or a file, shown as it arrives; an object of `kind`, `link` and `name`. */
      | 'media'
      | 'hidden';
    /** Labels for the values of an enum. */
    readonly options?: Readonly<Record<string, Text>>;
    /** The field holds an expression that the engine evaluates itself, once a round (`logic.loop` until, `logic.forEach` items). */
    readonly lazy?: boolean;
    /** The field is used as written and takes no expression: names, and instructions to a model, where a customer's words must never stand. */
    readonly literal?: boolean;
    readonly placeholder?: Text;
    /** Of a connection: the field beside it that holds the address which the connection is for. */
    readonly addressField?: string;
    /** Shown only while another field of the same form has one of these values. What is hidden keeps its value. */
    readonly showWhen?: { readonly field: string; readonly is: readonly (string | number | boolean)[] };
    /** Values to start from, shown under an empty field. */
    readonly examples?: readonly Text[];
  };
}

/** Declares a node type. It only fixes the types: what you pass is what you get. */
export function defineNode<Shape extends z.ZodObject>(node: NodeType<Shape>): NodeType<Shape> {
  return node;
}
