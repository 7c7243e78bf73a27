/** Providers whose models agents can think with; the order is that of the chain. */
export const wiredProviders: readonly string[] = ['openai'];
