/** Deepest JSON that is taken from outside: nothing people or providers send comes near, and beyond it serializers run out of stack. */
const MAX_LEVELS = 100;

/** Whether lists and objects stand inside one another more than 100 levels deep. */
export function isTooDeep(value: unknown, levels = MAX_LEVELS): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((item) => isTooDeep(item, levels - 1));
  for (const key in value) if (isTooDeep((value as Record<string, unknown>)[key], levels - 1)) return true;
  return false;
}
