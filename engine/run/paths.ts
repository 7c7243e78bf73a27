/** Where a step stands: the containers around it with their rounds, outermost first, and its node. */
export interface PlacedPath {
  readonly around: readonly { readonly id: string; readonly round: number }[];
  readonly id: string;
}

/** Reads `loop#2/node`. */
export function parsePath(path: string): PlacedPath {
  const parts = path.split('/');
  const around = parts.slice(0, -1).map((part) => {
    const [id = '', round = '0'] = part.split('#');
    return { id, round: Number(round) };
  });
  return { around, id: parts.at(-1) ?? path };
}
