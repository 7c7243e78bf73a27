import type { AppDeps } from '../../deps.js';
import { ApiError } from '../../errors.js';
import { NodeError } from '#nodes/sdk/errors.js';
import { isMediaLink } from '#nodes/sdk/message.js';

/** WhatsApp's own limit for an image (Cloud API reference v23.0, supported media types). */
const MOST_BYTES = 5_000_000;
const PATIENCE_MS = 10_000;

/** How the bytes of each kind of picture begin. What a server calls them counts for nothing: pages and drawings that hold scripts are no pictures here. */
const pictures: readonly { readonly type: string; readonly begins: (bytes: Buffer) => boolean }[] = [
  { type: 'image/jpeg', begins: (bytes) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])) },
  { type: 'image/png', begins: (bytes) => bytes.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n' },
  { type: 'image/gif', begins: (bytes) => /^GIF8[79]a/.test(bytes.subarray(0, 6).toString('latin1')) },
  { type: 'image/webp', begins: (bytes) => /^RIFF....WEBP/s.test(bytes.subarray(0, 12).toString('latin1')) },
];

export interface Picture {
  readonly type: string;
  readonly bytes: Buffer;
}

/**
 * The picture at an address, fetched here so that whoever looks at a thread tells nobody that they do. Nothing of the caller goes along. Throws
 * `bad_input` with the reason when there is none to be had.
 */
export async function fetchPicture({ egress }: Pick<AppDeps, 'egress'>, link: string): Promise<Picture> {
  if (!isMediaLink(link)) throw none('it is no public address that begins with https://');
  const { status, body } = await egress
    .request({ url: link, headers: { accept: 'image/*' }, maxBytes: MOST_BYTES, timeoutMs: PATIENCE_MS, redirects: 3 })
    .catch((error: unknown) => {
      if (error instanceof NodeError) throw none(error.message);
      throw error;
    });
  if (status !== 200) throw none(`the address answered ${status}`);
  const found = pictures.find(({ begins }) => begins(body));
  if (!found) throw none('there is no picture at the address');
  return { type: found.type, bytes: body };
}

const none = (message: string): ApiError => new ApiError('bad_input', { details: [{ path: 'link', message }] });
