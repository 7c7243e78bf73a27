/** One operation of the API: where it is, and the types of what goes in and what comes out. */
export interface Operation<Input, Output> {
  readonly method: string;
  /** Below `/api/v1`, with `{id}` where a part of `path` belongs. */
  readonly path: string;
  /** Never there: these only carry types. */
  readonly input?: Input;
  readonly output?: Output;
}

/** The address of one request: `/runs/{id}` becomes `/runs/019a…`. */
export const addressOf = (path: string, parts: Readonly<Record<string, string | number>> = {}): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parts[name] ?? '')));
