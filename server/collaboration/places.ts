import * as Y from 'yjs';
import type { Id, Made } from './inspect.js';

type AnyType = Y.AbstractType<unknown>;

/** A list, a text, or all that was ever under one key of a map: `null` stands for what is not in the document yet. */
export interface Sequence {
  /** The same for all that stand in it. */
  readonly name: string;
  readonly type: AnyType | null;
  readonly key: string | null;
}

/** Where things that an update makes stand: in the document, or in what the update itself makes. */
export class Places {
  readonly #byClient = new Map<number, Made[]>();
  readonly #sequences = new Map<Made, Sequence>();

  constructor(
    readonly doc: Y.Doc,
    made: readonly Made[],
  ) {
    for (const each of made) {
      const own = this.#byClient.get(each.client);
      if (own) own.push(each);
      else this.#byClient.set(each.client, [each]);
    }
  }

  /** What the update makes under an id, which may be any part of it. */
  made({ client, clock }: Id): Made | undefined {
    const own = this.#byClient.get(client) ?? [];
    let [low, high] = [0, own.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const each = own[middle];
      if (!each) return undefined;
      if (clock < each.first) high = middle - 1;
      else if (clock > each.last) low = middle + 1;
      else return each;
    }
    return undefined;
  }

  /** What the document has under an id; `null` when it has not got so far, and for what was cleared away. */
  item({ client, clock }: Id): Y.Item | null {
    if (clock >= Y.getState(this.doc.store, client)) return null;
    const struct = Y.getItem(this.doc.store, Y.createID(client, clock));
    return struct instanceof Y.Item ? struct : null;
  }

  /** The sequence that something new stands in. Followed by a loop: what stands beside each other may be a long row. */
  sequence(made: Made): Sequence {
    const way: Made[] = [];
    let at = made;
    let found: Sequence | undefined;
    while (!found) {
      found = this.#sequences.get(at);
      if (found) break;
      // What leads back to itself stands nowhere.
      this.#sequences.set(at, { name: `nowhere ${at.client}:${at.first}`, type: null, key: null });
      way.push(at);
      const beside = at.origin ?? at.rightOrigin;
      const next = beside && this.made(beside);
      if (next) at = next;
      else found = beside ? this.#around(beside) : this.#inside(at);
    }
    for (const each of way) this.#sequences.set(each, found);
    return found;
  }

  #around(id: Id): Sequence {
    const item = this.item(id);
    const type = item?.parent instanceof Y.AbstractType ? (item.parent as AnyType) : null;
    if (!item || !type) return { name: `beside ${id.client}:${id.clock}`, type: null, key: null };
    const own = type._item;
    return { name: nameOf(own ? own.id : rootNameOf(this.doc, type), item.parentSub), type, key: item.parentSub };
  }

  #inside({ parent, key }: Made): Sequence {
    if (typeof parent === 'string') return { name: nameOf(parent, key), type: this.doc.getMap(parent) as AnyType, key };
    const content = parent && this.item(parent)?.content;
    const type = content instanceof Y.ContentType ? (content.type as AnyType) : null;
    return { name: nameOf(parent ?? 'nowhere', key), type, key };
  }
}

const nameOf = (parent: Id | string, key: string | null): string =>
  JSON.stringify([typeof parent === 'string' ? parent : `${parent.client}:${parent.clock}`, key]);

function rootNameOf(doc: Y.Doc, type: AnyType): string {
  for (const [name, root] of doc.share) if ((root as unknown) === type) return name;
  return 'nowhere';
}
