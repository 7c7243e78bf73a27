/**
 * Increasing numbers for a list whose items have these numbers already or none: as many as possible are kept, because each that changes
 * is a change that everybody has to take over. All are counted anew when no number fits between two.
 */
export function keepOrders(known: readonly (number | undefined)[]): number[] {
  const kept = longestIncreasing(known);
  const orders: number[] = [];
  let last = 0;
  for (let at = 0; at < known.length;) {
    if (kept.has(at)) {
      last = known[at] ?? last;
      orders.push(last);
      at += 1;
      continue;
    }
    let end = at;
    while (end < known.length && !kept.has(end)) end += 1;
    const next = known[end];
    const from = at === 0 && next !== undefined ? Math.min(0, next - 1) : last;
    const step = next === undefined ? 1 : (next - from) / (end - at + 1);
    for (let count = 1; at < end; at += 1, count += 1) orders.push(from + step * count);
    last = orders.at(-1) ?? last;
  }
  return orders.every((order, at) => at === 0 || order > (orders[at - 1] ?? order))
    ? orders
    : known.map((_, at) => at + 1);
}

/** Positions of a longest increasing subsequence, by patience sorting. */
function longestIncreasing(values: readonly (number | undefined)[]): Set<number> {
  const piles: number[] = [];
  const before = values.map(() => -1);
  for (const [at, value] of values.entries()) {
    if (value === undefined) continue;
    let [low, high] = [0, piles.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((values[piles[middle] ?? 0] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    before[at] = piles[low - 1] ?? -1;
    piles[low] = at;
  }
  const kept = new Set<number>();
  for (let at = piles.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) kept.add(at);
  return kept;
}
