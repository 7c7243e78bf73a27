/** What the worker tells whoever runs it; pino fits. Never a secret, never a customer's words. */
export interface Log {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export const problemOf = (error: unknown): { readonly problem: string } => ({
  problem: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
});

/** A store that is away fails many times a second: only the first failure of every ten seconds is worth telling. */
export function onceInAWhile(tell: (error: Error) => void, everyMs = 10_000): (error: Error) => void {
  let next = 0;
  return (error) => {
    if (Date.now() < next) return;
    next = Date.now() + everyMs;
    tell(error);
  };
}
