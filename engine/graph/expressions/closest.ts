/** The name that was probably meant, of those that exist; `undefined` when none is near. */
export type Closest = (name: string, names: Iterable<string>) => string | undefined;

/** Looks names up as long as there are `lookups` left, then stays silent: nobody reads a hundred suggestions, and each costs. */
export function closestWithin(lookups: number): Closest {
  let left = lookups;
  return (name, names) => ((left -= 1) < 0 ? undefined : closestName(name, names));
}

/** The name that was probably meant: at most a third of the letters off. Reads at most 200 names. */
export function closestName(name: string, names: Iterable<string>): string | undefined {
  if (name.length > 64) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  let read = 0;
  for (const other of names) {
    if ((read += 1) > 200) break;
    if (Math.abs(other.length - name.length) >= bestDistance) continue;
    const distance = other.toLowerCase() === name.toLowerCase() ? 0 : editDistance(name, other);
    if (distance < bestDistance) [best, bestDistance] = [other, distance];
  }
  return best;
}

/** Levenshtein's distance, with two letters swapped counting once (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const change = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let least = Math.min(change, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, (before[column - 2] ?? 0) + 1);
      }
      current.push(least);
    }
    [before, above] = [above, current];
  }
  return above[b.length] ?? 0;
}
