/** What a credential is. All have one secret; the rest of what they need is no secret and stands in `settings`. */
export const connectionKinds = ['bearer', 'header', 'basic', 'oauth2', 'openai', 'anthropic', 'gemini'] as const;
export type ConnectionKind = (typeof connectionKinds)[number];

/** Providers of models. An organization has at most one connection of each. */
export const modelProviders = ['openai', 'anthropic', 'gemini'] as const satisfies readonly ConnectionKind[];
export type ModelProvider = (typeof modelProviders)[number];
export const isModelProvider = (kind: string): kind is ModelProvider =>
  (modelProviders as readonly string[]).includes(kind);

export interface ConnectionSettings {
  /** `header`: the header's name. */
  readonly header?: string;
  /** `basic`. */
  readonly username?: string;
  /** `oauth2`: where the token is asked for, the client credentials grant of RFC 6749, 4.4. */
  readonly tokenUrl?: string;
  readonly clientId?: string;
  readonly scope?: string;
  readonly audience?: string;
  /** How the client shows itself: in an Authorization header, as RFC 6749 would have it, or in the body, as some insist. */
  readonly clientAuth?: 'header' | 'body';
  /** Model providers: another address than the provider's own. */
  readonly baseUrl?: string;
}

/** A connection with its secret. Lives only while a request is being made. */
export interface OpenConnection {
  readonly id: string;
  readonly organizationId: string;
  readonly kind: ConnectionKind;
  readonly hosts: readonly string[];
  readonly settings: ConnectionSettings;
  readonly secret: string;
  /** Another for every change: what was derived from a former secret is not used again. */
  readonly version: string;
}

/** Where each provider answers, from their API references, November 2026. */
export const providerBaseUrls: Readonly<Record<ModelProvider, string>> = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com/v1',
  gemini: 'https://generativelanguage.googleapis.com/v1beta',
};

/** Addresses of providers that operators set instead. */
export type ModelBaseUrls = Readonly<Partial<Record<ModelProvider, string>>>;

/** Where a key without an address of its own goes. */
export const baseUrlOf = (kind: ConnectionKind, operators: ModelBaseUrls): string =>
  isModelProvider(kind) ? (operators[kind] ?? providerBaseUrls[kind]) : '';
