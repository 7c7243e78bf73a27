import type { OpenConnection } from './connection.js';
import type { TokenSource } from './tokens.js';

/** What lets a request in. */
export interface Admittance {
  readonly headers: Readonly<Record<string, string>>;
  /** Every form in which the secret may come back to us. */
  readonly secrets: readonly string[];
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** The headers of a connection. OAuth asks for a token first, when it has none that is still good. Throws `NodeError`. */
export async function admittanceOf(connection: OpenConnection, tokens: TokenSource): Promise<Admittance> {
  const { kind, settings, secret } = connection;
  switch (kind) {
    case 'bearer':
    case 'openai':
      return one('authorization', `Bearer ${secret}`, secret);
    case 'header':
      return one(settings.header ?? 'x-api-key', secret, secret);
    case 'basic': {
      const pair = base64(`${settings.username ?? ''}:${secret}`);
      return one('authorization', `Basic ${pair}`, secret, pair);
    }
    case 'anthropic':
      return {
        headers: { 'x-api-key': secret, 'anthropic-version': '2023-06-01' },
        secrets: formsOf(secret),
      };
    case 'gemini':
      return one('x-goog-api-key', secret, secret);
    case 'oauth2': {
      const token = await tokens.tokenOf(connection);
      return one('authorization', `Bearer ${token}`, token, secret);
    }
  }
}

const one = (name: string, value: string, ...secrets: string[]): Admittance => ({
  headers: { [name]: value },
  secrets: secrets.flatMap(formsOf),
});

/** As it is, as JSON writes it, as an address does, and in base64: how other systems echo what they were sent. */
const formsOf = (secret: string): string[] => [
  ...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), base64(secret)]),
];

const HIDDEN = '•••';

/** The text without the secrets, the longest first: one may be part of another. */
export const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  [...secrets]
    .filter((secret) => secret !== '')
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
