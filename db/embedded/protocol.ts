/**
 * Framing of the PostgreSQL wire protocol, version 3: how bytes become messages and back.
 * https://www.postgresql.org/docs/18/protocol-message-formats.html
 */

/** The largest message taken from a client. The database itself lives in a 32-bit memory. */
const maximumMessage = 256 * 1024 * 1024;
/** PostgreSQL's own limit for the first packet of a connection. */
const maximumStartup = 10_000;

export class ProtocolViolation extends Error {}

export function cstring(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** One message: its type letter, its length, its body. */
export function message(type: string, ...body: Uint8Array[]): Buffer {
  const length = body.reduce((sum, part) => sum + part.length, 4);
  return Buffer.concat([Buffer.from(type), int32(length), ...body], length + 1);
}

export const simpleQuery = (sql: string): Buffer => message('Q', cstring(sql));
export const sync: Buffer = message('S');
export const closeStatement = (name: string): Buffer => message('C', Buffer.from('S'), cstring(name));

export function errorResponse(code: string, text: string, severity: 'ERROR' | 'FATAL' = 'FATAL'): Buffer {
  const field = (letter: string, value: string): Buffer => Buffer.concat([Buffer.from(letter), cstring(value)]);
  return message('E', field('S', severity), field('V', severity), field('C', code), field('M', text), Buffer.from([0]));
}

export const typeOf = (bytes: Buffer): string => String.fromCharCode(bytes[0] ?? 0);

/** Reads a zero-terminated text; answers it and the offset of what follows. */
export function readCstring(bytes: Buffer, offset: number): [text: string, next: number] {
  const end = bytes.indexOf(0, offset);
  if (end < 0) throw new ProtocolViolation('a text without its end');
  return [bytes.toString('utf8', offset, end), end + 1];
}

/** The text values of a DataRow message. */
export function readRow(row: Buffer): (string | null)[] {
  const values: (string | null)[] = [];
  let offset = 7;
  for (let left = row.readInt16BE(5); left > 0; left--) {
    const length = row.readInt32BE(offset);
    offset += 4;
    values.push(length < 0 ? null : row.toString('utf8', offset, offset + length));
    offset += Math.max(length, 0);
  }
  return values;
}

/** Splits what the database answered into its messages. */
export function* messagesOf(bytes: Buffer): Generator<Buffer> {
  for (let offset = 0; offset + 5 <= bytes.length;) {
    const end = offset + 1 + bytes.readInt32BE(offset + 1);
    yield bytes.subarray(offset, end);
    offset = end;
  }
}

/** Collects a socket's chunks until a whole message is there; a message of many chunks is joined once. */
export class Framer {
  #chunks: Buffer[] = [];
  #size = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  /** The first packet of a connection has no type letter: the body after its length, or null when not all is here. */
  startup(): Buffer | null {
    const length = this.#length(0);
    if (length === null) return null;
    if (length < 8 || length > maximumStartup) throw new ProtocolViolation(`a startup packet of ${length} bytes`);
    return this.#take(length)?.subarray(4) ?? null;
  }

  next(): Buffer | null {
    const length = this.#length(1);
    if (length === null) return null;
    if (length < 4 || length > maximumMessage) throw new ProtocolViolation(`a message of ${length} bytes`);
    return this.#take(length + 1);
  }

  #length(offset: number): number | null {
    if (this.#size < offset + 4) return null;
    if ((this.#chunks[0]?.length ?? 0) < offset + 4) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]?.readInt32BE(offset) ?? null;
  }

  #take(length: number): Buffer | null {
    if (this.#size < length) return null;
    const first = this.#chunks[0];
    const whole = first && first.length >= length ? first : Buffer.concat(this.#chunks);
    if (whole !== first) this.#chunks = [whole];
    const rest = whole.subarray(length);
    if (rest.length > 0) this.#chunks[0] = rest;
    else this.#chunks.shift();
    this.#size -= length;
    return whole.subarray(0, length);
  }
}
