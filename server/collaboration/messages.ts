import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { Refused } from './closeCodes.js';

/** Messages of the y-websocket protocol. The last three are ours, and go only to clients that ask with `acknowledge=1`. */
const SYNC = 0;
const AWARENESS = 1;
const QUERY_AWARENESS = 3;
const ACKNOWLEDGED = 100;
const READ_ONLY = 101;
const SHOWN = 102;
const [STEP_1, STEP_2, UPDATE] = [0, 1, 2];

export type Incoming =
  | { readonly kind: 'state'; readonly vector: Uint8Array }
  | { readonly kind: 'update'; readonly update: Uint8Array }
  | { readonly kind: 'presence'; readonly entries: readonly PresenceEntry[] }
  | { readonly kind: 'queryPresence' };

/** What one window shows of its person, as JSON; `null` when it has left. */
export interface PresenceEntry {
  readonly client: number;
  readonly clock: number;
  readonly state: string;
}

const MOST_PRESENCE = 64 * 1024;
const MOST_ENTRIES = 1_000;

/** What a client says. Throws `Refused` for what is no message. */
export function readMessage(bytes: Uint8Array): Incoming {
  try {
    return read(bytes);
  } catch (error) {
    throw error instanceof Refused ? error : new Refused('refused', 'no message of the protocol');
  }
}

function read(bytes: Uint8Array): Incoming {
  const decoder = decoding.createDecoder(bytes);
  const kind = decoding.readVarUint(decoder);
  if (kind === QUERY_AWARENESS) return { kind: 'queryPresence' };
  if (kind === AWARENESS) {
    if (bytes.length > MOST_PRESENCE) throw new Refused('tooLarge', 'too much presence');
    return { kind: 'presence', entries: readPresence(decoding.readVarUint8Array(decoder)) };
  }
  if (kind !== SYNC) throw new Refused('refused', 'no message of the protocol');
  const step = decoding.readVarUint(decoder);
  const payload = decoding.readVarUint8Array(decoder);
  if (step === STEP_1) return { kind: 'state', vector: payload };
  if (step === STEP_2 || step === UPDATE) return { kind: 'update', update: payload };
  throw new Refused('refused', 'no message of the protocol');
}

/** What windows show, as it travels. */
export function readPresence(bytes: Uint8Array): PresenceEntry[] {
  const decoder = decoding.createDecoder(bytes);
  const count = decoding.readVarUint(decoder);
  if (count > MOST_ENTRIES) throw new Refused('tooLarge', 'too much presence');
  return Array.from({ length: count }, () => ({
    client: decoding.readVarUint(decoder),
    clock: decoding.readVarUint(decoder),
    state: decoding.readVarString(decoder),
  }));
}

const message = (kind: number, write: (encoder: encoding.Encoder) => void = () => {}): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, kind);
    write(encoder);
  });

const sync = (step: number, payload: Uint8Array): Uint8Array =>
  message(SYNC, (encoder) => {
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, payload);
  });

/** Asks a client for what it has beyond this. */
export const stateMessage = (vector: Uint8Array): Uint8Array => sync(STEP_1, vector);
/** The answer to a client that asked so. */
export const missingMessage = (update: Uint8Array): Uint8Array => sync(STEP_2, update);
export const updateMessage = (update: Uint8Array): Uint8Array => sync(UPDATE, update);
export const acknowledgedMessage = (count: number): Uint8Array =>
  message(ACKNOWLEDGED, (encoder) => encoding.writeVarUint(encoder, count));
export const readOnlyMessage = (): Uint8Array => message(READ_ONLY);
/** What the draft reads here, with everything that was told before. */
export const shownMessage = (fingerprint: string): Uint8Array =>
  message(SHOWN, (encoder) => encoding.writeVarString(encoder, fingerprint));

export const presenceMessage = (entries: readonly PresenceEntry[]): Uint8Array =>
  message(AWARENESS, (encoder) => encoding.writeVarUint8Array(encoder, encodePresence(entries)));

export const encodePresence = (entries: readonly PresenceEntry[]): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, entries.length);
    for (const { client, clock, state } of entries) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarString(encoder, state);
    }
  });
