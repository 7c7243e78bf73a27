import type { z } from 'zod';
import type { Text } from './text.js';

export interface InputPort {
  readonly name: string;
  readonly title: Text;
}

/** A way out of a node. Its name is the route, its schema the shape of the value that leaves through it. */
export interface OutputPort {
  readonly name: string;
  readonly title: Text;
  readonly schema: z.ZodType;
}

/**
 * Ways out that the author draws: one for each item of the array in `config[field]`, named by the item's `nameKey`
 * and titled by its `titleKey`. It is data, so that the browser draws the same handles without running the node.
 */
export interface OutputsFromConfig {
  readonly field: string;
  readonly nameKey: string;
  readonly titleKey: string;
  readonly schema: z.ZodType;
  /** What one of the type's own ways out is called once the author has drawn some: it is what is left then. */
  readonly rest?: { readonly port: string; readonly title: Text };
}

/** The input every node has unless it says otherwise. Triggers have none. */
export const inPort: InputPort = { name: 'in', title: { 'pt-BR': 'Entrada', en: 'In' } };

/** The port a failed step leaves by when its node's `onError` is `route`. Every node but a trigger has it. */
export const ERROR_PORT = 'error';
