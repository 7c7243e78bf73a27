import type { Vault } from './sealing/vault.js';

/** Finds a contact by how they are reached, without saying it. */
export const contactIndex = (vault: Vault, channelKind: string, externalId: string): string =>
  vault.index('contact', `${channelKind}\0${externalId}`);

/** What a message carries beside its text. `opaque` is ours and looked for; all else is what people said to each other, and sealed. */
type Payload = Readonly<Record<string, unknown>>;

/** The JSON text for `messages.payload`. */
export function sealPayload(vault: Vault, { opaque, ...rest }: Payload): string {
  return JSON.stringify({
    ...(opaque !== undefined && { opaque }),
    ...(Object.keys(rest).length > 0 && { sealed: vault.sealText(JSON.stringify(rest)) }),
  });
}

/** The payload as it was given. One from before they were sealed is as it is. */
export function openPayload(vault: Vault, { sealed, ...rest }: Payload): Payload {
  return typeof sealed === 'string' ? { ...rest, ...(JSON.parse(vault.openText(sealed)) as Payload) } : rest;
}

export const openMaybe = (vault: Vault, stored: string | null): string | null =>
  stored === null ? null : vault.openText(stored);
export const sealMaybe = (vault: Vault, text: string | null | undefined): string | null =>
  text === null || text === undefined ? null : vault.sealText(text);

/**
 * A contact from before addresses were sealed becomes one of today's, in the statement that looks for it. Answers its id, as the body of a CTE.
 * Each field is a parameter of the statement; `plain` is the address in the clear.
 */
export const adoptContact = (
  at: Readonly<Record<'organization' | 'kind' | 'index' | 'address' | 'name' | 'plain', string>>,
): string =>
  `update platform.contacts set external_id = ${at.index}, address = ${at.address}, name = coalesce(${at.name}, name)
     where organization_id = ${at.organization}::uuid and channel_kind = ${at.kind} and external_id = ${at.plain} and address is null returning id`;
