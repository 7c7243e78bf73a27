import { z } from 'zod';
import type { Definition } from '#engine/graph/definition.js';
import type { Settled } from '#engine/graph/levels.js';
import { outputsOf } from '#engine/graph/ports.js';
import { nodeTypes } from '#nodes/registry.js';
import type { Locale, Text } from '#nodes/sdk/text.js';
import { ApiError, type ErrorDetail } from '../../errors.js';
import { detailsOf, InputRefused } from '../../plugins/validation.js';
import type { Pins } from './schemas.js';

/**
 * What stands for steps in a rehearsal, by node. Pins of nodes that the definition does not have are dropped: whoever pins need not know what
 * is left of a draft that ends at some step. Throws `bad_input` for a way out that the node does not have and for a value that could not leave by it.
 */
export function settledPins(
  definition: Definition,
  pins: Pins,
  locale: Locale,
): Readonly<Record<string, Settled>> | null {
  const settled: Record<string, Settled> = {};
  const details: ErrorDetail[] = [];
  for (const node of definition.nodes) {
    const pin = Object.hasOwn(pins, node.id) ? pins[node.id] : undefined;
    const type = nodeTypes.get(node.type);
    if (!pin || !type) continue;
    const ways = outputsOf(type, node.config, node.onError);
    const way = pin.port === undefined ? ways[0] : ways.find(({ name }) => name === pin.port);
    if (!way) {
      details.push({ path: `pins.${node.id}.port`, message: leavesBy(ways)[locale] });
      continue;
    }
    if (way.schema instanceof z.ZodType) {
      const checked = way.schema.safeParse(pin.value, { reportInput: true });
      if (!checked.success)
        for (const { path, message } of detailsOf(new InputRefused(checked.error.issues), locale))
          details.push({ path: [`pins.${node.id}.value`, path].filter(Boolean).join('.'), message });
    }
    settled[node.id] = { port: way.name, value: pin.value };
  }
  if (details.length > 0) throw new ApiError('bad_input', { details });
  return Object.keys(settled).length > 0 ? settled : null;
}

/** Which ways out there are, said to whoever named another. */
export function leavesBy(ways: readonly { readonly name: string }[]): Text {
  const names = ways.map(({ name }) => name).join(', ');
  return { 'pt-BR': `o passo sai por um destes: ${names}`, en: `the step leaves by one of: ${names}` };
}
