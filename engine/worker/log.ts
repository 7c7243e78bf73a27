/** What the worker tells whoever runs it; pino fits. Never a secret, never a customer's words. */
export interface Log {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export const problemOf = (error: unknown): { readonly problem: string } => ({
  problem: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
});
