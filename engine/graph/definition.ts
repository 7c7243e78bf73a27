import { z } from 'zod';

/** Most nodes and edges a definition may have, and most bytes as JSON. Beyond them it is refused before anything else is looked at. */
export const limits = {
  nodes: 1_000,
  edges: 4_000,
  bytes: 2_000_000,
  configDepth: 20,
  containerDepth: 8,
  steps: 10_000,
} as const;

/** Names of LangGraph nodes and keys of `steps` in expressions. */
export const nodeIdPattern = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/;

const nodeId = z.string().regex(nodeIdPattern);
const portName = z.string().min(1).max(64);

/** How a failed step is tried again. Only retryable errors are. */
export const retryPolicy = z.strictObject({
  /** Tries in all, the first included. */
  attempts: z.int().min(1).max(10),
  /** First wait, doubled each time, with jitter. */
  backoffMs: z.int().min(0).max(3_600_000).default(1_000),
});

export const nodeDefinition = z.strictObject({
  id: nodeId,
  type: z.string().min(1).max(64),
  version: z.int().min(1),
  title: z.string().max(120).optional(),
  config: z.record(z.string(), z.json()),
  position: z.strictObject({ x: z.number(), y: z.number() }),
  /** The container whose body this node belongs to. */
  parentId: nodeId.optional(),
  retry: retryPolicy.optional(),
  timeoutSeconds: z.number().positive().max(86_400).optional(),
  onError: z.enum(['stop', 'continue', 'route']).optional(),
  /** A node that undoes this one when the run fails later. */
  compensateWith: nodeId.optional(),
  /** What its authors want each other to know. Nothing that runs. */
  note: z.string().max(2_000).optional(),
  /** Nobody changes it by mistake: the editor moves, edits and removes it only once it is unlocked. */
  locked: z.boolean().optional(),
});
export type NodeDefinition = z.infer<typeof nodeDefinition>;

export const edgeDefinition = z.strictObject({
  id: z.string().min(1).max(64),
  from: z.strictObject({ node: nodeId, port: portName }),
  to: z.strictObject({ node: nodeId, port: portName }),
});
export type EdgeDefinition = z.infer<typeof edgeDefinition>;

/** A piece of paper on the canvas, beside the steps or, large, under a group of them. Nothing that runs. */
export const canvasNote = z.strictObject({
  text: z.string().max(5_000),
  x: z.number(),
  y: z.number(),
  width: z.number().positive().max(10_000).optional(),
  height: z.number().positive().max(10_000).optional(),
  /** Name of a colour of the editor's own. */
  color: z.string().max(32).optional(),
  /** The container on whose canvas it lies; the top without. */
  parentId: nodeId.optional(),
});
export type CanvasNote = z.infer<typeof canvasNote>;

export const departmentSettings = z.looseObject({
  /** Messages of one conversation that arrive this close together are answered together. */
  burstWindowMs: z.int().min(0).max(60_000).optional(),
  /** Most steps one run may take, containers included; as many as there may be unless said. */
  maxSteps: z.int().min(1).max(limits.steps).optional(),
  /** Longest a run may work, waits not counted. */
  timeoutSeconds: z.number().positive().max(86_400).optional(),
  notes: z.record(z.string().max(64), canvasNote).optional(),
});
export type DepartmentSettings = z.infer<typeof departmentSettings>;

export const definitionSchema = z.strictObject({
  format: z.literal(1),
  nodes: z.array(nodeDefinition).max(limits.nodes),
  edges: z.array(edgeDefinition).max(limits.edges),
  settings: departmentSettings,
});
/** A department as data: an acyclic graph at every level; containers hold their bodies through `parentId`. */
export type Definition = z.infer<typeof definitionSchema>;

/** Something wrong with a definition, where it is, and how to mend it. Errors stop a publish, warnings do not. */
export interface Problem {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly nodeId?: string;
  readonly edgeId?: string;
  /** Path below the node: `config.buttons.0.title`. */
  readonly path?: string;
  /** What is wrong and what to do, in the language that `validate` was asked for. */
  readonly message: string;
  readonly fix?: ProblemFix;
}

/** A mend that the editor can apply with one key. */
export type ProblemFix =
  | { readonly kind: 'removeEdge'; readonly edgeId: string }
  | { readonly kind: 'removeNode'; readonly nodeId: string }
  | {
      readonly kind: 'setConfig';
      readonly nodeId: string;
      readonly path: string;
      readonly value: z.core.util.JSONType;
    };
