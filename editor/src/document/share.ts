/** The new value, with every part that equals the old one taken from it: what did not change is the same object. Expects JSON. */
export function share<Value>(old: unknown, value: Value): Value {
  if (old === value || typeof old !== 'object' || typeof value !== 'object' || old === null || value === null)
    return value;
  if (Array.isArray(old) !== Array.isArray(value)) return value;
  const before = old as Record<string, unknown>;
  const after = value as Record<string, unknown>;
  const keys = Object.keys(after);
  let same = keys.length === Object.keys(before).length;
  for (const key of keys) {
    const part = share(before[key], after[key]);
    if (part !== before[key] || !Object.hasOwn(before, key)) same = false;
    after[key] = part;
  }
  return same ? (old as Value) : value;
}
