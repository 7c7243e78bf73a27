/** US dollars for a million tokens of a request of at most 272,000 input tokens, standard tier. */
interface Price {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
  /** First day that it applied, UTC. */
  readonly since: string;
}

/**
 * OpenAI's list prices of September and October 2026 as third parties quote them; nobody here could open OpenAI's own page
 * (developers.openai.com/api/docs/pricing), so compare before billing by them. A new price is a new row: costs of the past keep theirs.
 * Matched by exact id, then by id without its date.
 */
const table: Readonly<Record<string, readonly Price[]>> = {
  'gpt-6-luna': [{ input: 0.1, cachedInput: 0.01, output: 0.5, since: '2026-09-22' }],
  'gpt-6-sol': [{ input: 2, cachedInput: 0.2, output: 10, since: '2026-09-22' }],
  'gpt-6.1-sol': [{ input: 2, cachedInput: 0.2, output: 10, since: '2026-10-26' }],
  'gpt-6.1-terra': [{ input: 1, cachedInput: 0.05, output: 5, since: '2026-10-26' }],
  'gpt-6-astra': [{ input: 10, cachedInput: 1, output: 50, since: '2026-09-03' }],
  'gpt-5.6-luna': [
    { input: 1, cachedInput: 0.1, output: 6, since: '2026-07-09' },
    { input: 0.2, cachedInput: 0.02, output: 1.2, since: '2026-07-30' },
  ],
  'gpt-5.6-terra': [
    { input: 2.5, cachedInput: 0.25, output: 15, since: '2026-07-09' },
    { input: 2, cachedInput: 0.2, output: 12, since: '2026-07-30' },
  ],
  'gpt-5.5': [{ input: 5, cachedInput: 0.5, output: 30, since: '2026-04-23' }],
  'gpt-5.4': [{ input: 2.5, cachedInput: 0.25, output: 15, since: '2026-03-17' }],
  'gpt-5.4-mini': [{ input: 0.75, cachedInput: 0.075, output: 4.5, since: '2026-03-17' }],
  'gpt-5.4-nano': [{ input: 0.2, cachedInput: 0.02, output: 1.25, since: '2026-03-17' }],
  'gpt-4.1': [{ input: 2, cachedInput: 0.5, output: 8, since: '2025-04-14' }],
  'gpt-4.1-mini': [{ input: 0.4, cachedInput: 0.1, output: 1.6, since: '2025-04-14' }],
  'text-embedding-3-small': [{ input: 0.02, cachedInput: 0.02, output: 0, since: '2024-01-25' }],
  'text-embedding-3-large': [{ input: 0.13, cachedInput: 0.13, output: 0, since: '2024-01-25' }],
};

/** Models of the table that answer in words. */
export const pricedChatModels: readonly string[] = Object.keys(table).filter((id) => !id.startsWith('text-'));

export interface Tokens {
  /** All input tokens, cached ones included. */
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
}

/** The row that applies to a model on a day. */
function rowOf(model: string, at: Date): Price | undefined {
  const rows = table[model] ?? table[model.replace(/-\d{4}-\d{2}-\d{2}$/, '')] ?? [];
  const day = at.toISOString().slice(0, 10);
  return rows.findLast((row) => row.since <= day) ?? rows[0];
}

/** US dollars for a million tokens of a usual request; `null` for a model whose price is not known. */
export function priceOf(model: string, at: Date): { readonly input: number; readonly output: number } | null {
  const row = rowOf(model, at);
  return row ? { input: row.input, output: row.output } : null;
}

/** Cost of one call in millionths of a US dollar on a given day; 0 for a model whose price is not known (a server of one's own). */
export function costMicros(model: string, tokens: Tokens, at: Date): number {
  const price = rowOf(model, at);
  if (!price) return 0;
  const long = tokens.input > 272_000 && !model.startsWith('text-');
  const fresh = Math.max(0, tokens.input - tokens.cachedInput);
  const input = (fresh * price.input + tokens.cachedInput * price.cachedInput) * (long ? 2 : 1);
  return Math.ceil(input + tokens.output * price.output * (long ? 1.5 : 1));
}
