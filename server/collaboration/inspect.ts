import * as decoding from 'lib0/decoding';
import { rootNames } from '#engine/graph/document/shape.js';
import { Refused } from './closeCodes.js';

/** An id of Yjs: the clock counts what one client has made. */
export interface Id {
  readonly client: number;
  readonly clock: number;
}

/** Something made in an update, with the clocks of its first and last part. */
export interface Made {
  readonly client: number;
  readonly first: number;
  readonly last: number;
  /** What it was made after, and before. */
  readonly origin: Id | null;
  readonly rightOrigin: Id | null;
  /** Where it stands when neither says so: in something, or (a name) right in a root. */
  readonly parent: Id | string | null;
  /** The key in a map. */
  readonly key: string | null;
}

/** What an update of Yjs (format 1) brings, without bringing it anywhere. */
export interface Inspected {
  /** From which clock to which (exclusive) each client's part goes. */
  readonly clients: ReadonlyMap<number, { readonly from: number; readonly to: number }>;
  /** The highest clock of each client that it builds on or deletes, exclusive. */
  readonly needs: ReadonlyMap<number, number>;
  readonly made: readonly Made[];
  /** How many ranges it takes out. */
  readonly deletes: number;
  readonly isEmpty: boolean;
}

/** A department of 1,000 steps pasted at once makes some 30,000. */
const MOST_STRUCTS = 60_000;
const MOST_DELETES = 20_000;
const DEEPEST_VALUE = 32;
const roots: ReadonlySet<string> = new Set(Object.values(rootNames));

const BIT6 = 0x20;
const BIT7 = 0x40;
const BIT8 = 0x80;
const CONTENT = 0x1f;
const SKIP = 10;
const [DELETED, STRING, TYPE, ANY] = [1, 4, 7, 8];
const [ARRAY, MAP, TEXT] = [0, 1, 2];

/**
 * Reads an update through without building anything, so that what is hostile costs no more than its bytes: Yjs itself would build a
 * million objects before it found the fault. Drafts hold maps, lists, texts and plain values under three roots: everything else, what
 * later versions of the format add included, is refused. Layout: `yjs/src/utils/encoding.js` and `structs/Item.js`, 13.6.
 * Throws `Refused`.
 */
export function inspectUpdate(update: Uint8Array): Inspected {
  try {
    return new Inspection(decoding.createDecoder(update)).read();
  } catch (error) {
    throw error instanceof Refused ? error : new Refused('refused', 'the update cannot be read');
  }
}

class Inspection {
  readonly clients = new Map<number, { from: number; to: number }>();
  readonly needs = new Map<number, number>();
  readonly made: Made[] = [];
  #deletes = 0;

  constructor(readonly decoder: decoding.Decoder) {}

  read(): Inspected {
    const { clients, needs, made } = this;
    const sections = this.#number();
    let structs = 0;
    for (let section = 0; section < sections; section += 1) {
      const count = this.#number();
      structs += count;
      if (structs > MOST_STRUCTS) throw new Refused('tooLarge', 'too many parts in one update');
      this.#section(count);
    }
    this.#deleteSet();
    if (decoding.hasContent(this.decoder)) throw new Refused('refused', 'something follows the update');
    return { clients, needs, made, deletes: this.#deletes, isEmpty: structs === 0 && this.#deletes === 0 };
  }

  #number = (): number => decoding.readVarUint(this.decoder);
  #id = (): Id => ({ client: this.#number(), clock: this.#number() });

  #section(count: number): void {
    const client = this.#number();
    const from = this.#number();
    if (this.clients.has(client)) throw new Refused('refused', 'a client twice in one update');
    let clock = from;
    for (let index = 0; index < count; index += 1) clock += this.#struct(client, clock);
    if (!Number.isSafeInteger(clock)) throw new Refused('refused', 'a clock that cannot be');
    this.clients.set(client, { from, to: clock });
  }

  /** Returns how many clocks it takes. */
  #struct(client: number, clock: number): number {
    const info = decoding.readUint8(this.decoder);
    if (info === SKIP) throw new Refused('outOfStep', 'the update has a gap');
    const content = info & CONTENT;
    if (content === 0) return this.#length();
    const origin = (info & BIT8) === BIT8 ? this.#id() : null;
    const rightOrigin = (info & BIT7) === BIT7 ? this.#id() : null;
    let parent: Id | string | null = null;
    let key: string | null = null;
    if (!origin && !rightOrigin) {
      parent = this.#number() === 1 ? this.#root() : this.#id();
      if ((info & BIT6) === BIT6) key = decoding.readVarString(this.decoder);
      if (typeof parent === 'string' && key === null)
        throw new Refused('refused', 'a root holds nothing without a key');
    }
    for (const id of [origin, rightOrigin, parent])
      if (id && typeof id !== 'string') this.#need(id.client, id.clock + 1);
    const length = this.#content(content);
    this.made.push({ client, first: clock, last: clock + length - 1, origin, rightOrigin, parent, key });
    return length;
  }

  #root(): string {
    const name = decoding.readVarString(this.decoder);
    if (!roots.has(name)) throw new Refused('refused', 'a draft has no such root');
    return name;
  }

  #need(client: number, clock: number): void {
    if ((this.needs.get(client) ?? 0) < clock) this.needs.set(client, clock);
  }

  #length(): number {
    const length = this.#number();
    if (length < 1) throw new Refused('refused', 'a part of no length');
    return length;
  }

  /** Returns its length. */
  #content(kind: number): number {
    if (kind === DELETED) return this.#length();
    if (kind === STRING) {
      const { length } = decoding.readVarString(this.decoder);
      if (length < 1) throw new Refused('refused', 'a text of no length');
      return length;
    }
    if (kind === TYPE) {
      const type = this.#number();
      if (type !== ARRAY && type !== MAP && type !== TEXT) throw new Refused('refused', 'a draft holds no such type');
      return 1;
    }
    if (kind !== ANY) throw new Refused('refused', 'a draft holds no such content');
    const count = this.#number();
    if (count < 1) throw new Refused('refused', 'a part of no length');
    this.#fits(count);
    for (let index = 0; index < count; index += 1) this.#any(0);
    return count;
  }

  /** That many things take at least as many bytes. */
  #fits(count: number): void {
    if (count > this.decoder.arr.length - this.decoder.pos) throw new Refused('refused', 'the update ends too early');
  }

  /** A plain value; see `readAny` of lib0. */
  #any(depth: number): void {
    if (depth > DEEPEST_VALUE) throw new Refused('refused', 'a value nested too deep');
    const kind = decoding.readUint8(this.decoder);
    if (kind === 126 || kind === 127 || kind === 120 || kind === 121) return;
    if (kind === 125) return void decoding.readVarInt(this.decoder);
    if (kind === 124) return void decoding.readFloat32(this.decoder);
    if (kind === 123) return void decoding.readFloat64(this.decoder);
    if (kind === 119) return void decoding.readVarString(this.decoder);
    if (kind !== 118 && kind !== 117) throw new Refused('refused', 'a draft holds no such value');
    const count = this.#number();
    this.#fits(count);
    for (let index = 0; index < count; index += 1) {
      if (kind === 118) decoding.readVarString(this.decoder);
      this.#any(depth + 1);
    }
  }

  #deleteSet(): void {
    const clients = this.#number();
    this.#fits(clients);
    for (let index = 0; index < clients; index += 1) {
      const client = this.#number();
      const count = this.#number();
      this.#deletes += count;
      if (this.#deletes > MOST_DELETES) throw new Refused('tooLarge', 'too many deletions in one update');
      for (let each = 0; each < count; each += 1) {
        const clock = this.#number();
        this.#need(client, clock + this.#length());
      }
    }
  }
}
