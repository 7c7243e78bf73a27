/** Makes values on demand and keeps the `size` used last. What throws is not kept. */
export function createCache<Source, Value>(
  size: number,
  keyOf: (source: Source) => string,
  make: (source: Source) => Value,
): (source: Source) => Value {
  const kept = new Map<string, Value>();
  return (source) => {
    const key = keyOf(source);
    const value = kept.get(key) ?? make(source);
    // A Map keeps the order of insertion: the first key is the one not used for longest.
    kept.delete(key);
    kept.set(key, value);
    const [oldest] = kept.size > size ? kept.keys() : [];
    if (oldest !== undefined) kept.delete(oldest);
    return value;
  };
}
