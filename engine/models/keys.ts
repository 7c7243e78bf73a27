/** Whose key a call is paid with. An organization that has chosen its own never gets the platform's. */
export type KeysOf = 'platform' | 'own';

export interface OwnKey {
  readonly apiKey: string;
  /** Another address than the provider's. It is a tenant's word, so requests to it leave by the guarded way. */
  readonly baseUrl: string | null;
  /** Another for every change of the key. */
  readonly version: string;
}

/** The organization's own key of a provider, read anew: a key that was taken away is not used again. `null` when there is none. */
export type OwnKeys = (organizationId: string, provider: 'openai') => Promise<OwnKey | null>;

/** For whom a call is made. */
export interface Caller {
  readonly organizationId: string;
  readonly keys: KeysOf;
}
