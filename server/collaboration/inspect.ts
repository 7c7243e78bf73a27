import * as decoding from 'lib0/decoding';
import { rootNames } from '#engine/graph/document/shape.js';
import { Refused } from './closeCodes.js';

/** An id of Yjs: the clock counts what one client has made. */
export interface Id {
  readonly client: number;
  readonly clock: number;
}

/** Something made in an update. `beside` and `inside` say where: next to another, or as part of one, or (`null`) right in a root. */
export interface Made {
  readonly client: number;
  /** Of its last part. */
  readonly last: number;
  readonly next: Id | null;
  readonly isBeside: boolean;
  readonly isContainer: boolean;
}

/** What an update of Yjs (format 1) brings, without bringing it anywhere. */
export interface Inspected {
  /** From which clock to which (exclusive) each client's part goes. */
  readonly clients: ReadonlyMap<number, { readonly from: number; readonly to: number }>;
  /** The highest clock of each client that it builds on or deletes, exclusive. */
  readonly needs: ReadonlyMap<number, number>;
  readonly made: readonly Made[];
  readonly isEmpty: boolean;
}

/** A department of 1,000 steps pasted at once makes some 30,000. */
const MOST_STRUCTS = 60_000;
const MOST_DELETES = 60_000;
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
    return { clients, needs, made, isEmpty: structs === 0 && this.#deletes === 0 };
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
    let parent: Id | null = null;
    if (!origin && !rightOrigin) {
      if (this.#number() === 1) this.#root(decoding.readVarString(this.decoder));
      else parent = this.#id();
      if ((info & BIT6) === BIT6) decoding.readVarString(this.decoder);
    }
    for (const id of [origin, rightOrigin, parent]) if (id) this.#need(id.client, id.clock + 1);
    const { length, isContainer } = this.#content(content);
    const beside = origin ?? rightOrigin;
    const last = clock + length - 1;
    this.made.push({ client, last, next: beside ?? parent, isBeside: beside !== null, isContainer });
    return length;
  }

  #root(name: string): void {
    if (!roots.has(name)) throw new Refused('refused', 'a draft has no such root');
  }

  #need(client: number, clock: number): void {
    if ((this.needs.get(client) ?? 0) < clock) this.needs.set(client, clock);
  }

  #length(): number {
    const length = this.#number();
    if (length < 1) throw new Refused('refused', 'a part of no length');
    return length;
  }

  #content(kind: number): { length: number; isContainer: boolean } {
    const plain = (length: number) => ({ length, isContainer: false });
    if (kind === DELETED) return plain(this.#length());
    if (kind === STRING) {
      const { length } = decoding.readVarString(this.decoder);
      if (length < 1) throw new Refused('refused', 'a text of no length');
      return plain(length);
    }
    if (kind === TYPE) {
      const type = this.#number();
      if (type !== ARRAY && type !== MAP && type !== TEXT) throw new Refused('refused', 'a draft holds no such type');
      return { length: 1, isContainer: true };
    }
    if (kind !== ANY) throw new Refused('refused', 'a draft holds no such content');
    const count = this.#number();
    if (count < 1) throw new Refused('refused', 'a part of no length');
    this.#fits(count);
    for (let index = 0; index < count; index += 1) this.#any(0);
    return plain(count);
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
