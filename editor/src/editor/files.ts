import { definitionSchema } from '#engine/graph/definition.js';
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

/** The department that a file holds; `null` when it holds none. */
export function readDepartment(text: string): Definition | null {
  try {
    const value: unknown = JSON.parse(text);
    if (findUnsafe(value)) return null;
    const found = typeof value === 'object' && value !== null && 'definition' in value ? value.definition : value;
    return definitionSchema.safeParse(found).data ?? null;
  } catch {
    return null;
  }
}
