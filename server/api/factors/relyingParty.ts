import { isIP } from 'node:net';
import { ApiError } from '../../errors.js';

/** Whose passkeys these are: the domain, and the page's origin, that an answer must name. */
export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

/**
 * PUBLIC_URL when it is set: then nothing a request says about itself is believed. Else only `localhost`, under which nobody else's page can
 * stand; there the port is the request's. Browsers know passkeys of domains alone, and over https (or on localhost).
 * Throws `passkeys_unavailable` elsewhere.
 */
export function relyingParty(publicUrl: string | null, host: string | undefined): RelyingParty {
  const here = publicUrl ?? (/^localhost(:\d{1,5})?$/.test(host ?? '') ? `http://${host}` : null);
  const url = here === null || !URL.canParse(here) ? null : new URL(here);
  const local = url?.hostname === 'localhost';
  if (!url || isIP(url.hostname.replace(/^\[|\]$/g, '')) || (url.protocol !== 'https:' && !local)) {
    throw new ApiError('passkeys_unavailable');
  }
  return { id: url.hostname, origin: url.origin };
}
