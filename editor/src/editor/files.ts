import { definitionSchema, limits } from '#engine/graph/definition.js';
import { currentFormat } from '#engine/graph/migrate.js';
import { findUnsafe } from '#engine/graph/safeJson.js';
import type { Definition } from '../api/types.js';

/** Gives the department to the browser as a file. */
export function downloadDepartment(name: string, definition: Definition): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(definition, null, 2)}\n`], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${
    name
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'department'
  }.json`;
  link.click();
  URL.revokeObjectURL(url);
}

/** Why a file cannot be taken: beyond what a department may be, cut off or no JSON, of a newer program, or with something else in it. */
export type FileRefusal = 'tooBig' | 'noJson' | 'newer' | 'nothing';

/** The department that a file holds, or why there is none. */
export function readDepartment(text: string): Definition | FileRefusal {
  let value: unknown;
  try {
    // Some programs put a mark before the text.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return text.length > limits.bytes ? 'tooBig' : 'noJson';
  }
  if (text.length > limits.bytes) return 'tooBig';
  const unsafe = findUnsafe(value);
  if (unsafe) return ['size.nodes', 'size.edges', 'size.bytes'].includes(unsafe.code) ? 'tooBig' : 'nothing';
  const found = typeof value === 'object' && value !== null && 'definition' in value ? value.definition : value;
  const read = definitionSchema.safeParse(found).data;
  if (read) return read;
  const { format, nodes } = (typeof found === 'object' && found !== null ? found : {}) as Record<string, unknown>;
  return Array.isArray(nodes) && typeof format === 'number' && format > currentFormat ? 'newer' : 'nothing';
}
