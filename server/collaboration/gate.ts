import * as Y from 'yjs';
import { Refused } from './closeCodes.js';
import { checkDepth } from './depth.js';
import type { inspectUpdate } from './inspect.js';
import type { Member } from './member.js';
import { workOf } from './work.js';

/** Windows have ids of 32 bits, the beginnings of texts such of 48 (see `shareText`). */
const LARGEST_WINDOW = 2 ** 32 - 1;
/** Windows that are remembered of one draft, while it is open. */
const MOST_PEOPLE = 5_000;

type Edit = ReturnType<typeof inspectUpdate>;

/** Which edits an open draft lets in: they build on what is here, cost what their connection may, and nobody edits as somebody else. */
export class Gate {
  readonly #doc: Y.Doc;
  readonly #isHere: (member: Member) => boolean;
  /** Clocks of edits that are on their way to disk. */
  readonly #ahead = new Map<number, number>();
  /** Which connection edits as which client of Yjs: nobody edits as somebody who is here. */
  readonly #owners = new Map<number, Member>();
  /** Whose window each id is, also when it is away. Not those under which texts begin: whoever writes there first makes the very same. */
  readonly #people = new Map<number, string>();
  /** The longest list or text that was met, and what is being added where the document has not got to yet. */
  #longest = 0;
  #growing = 0;

  constructor(doc: Y.Doc, isHere: (member: Member) => boolean) {
    this.#doc = doc;
    this.#isHere = isHere;
  }

  /** Whether it builds on what is neither here nor on its way. */
  lacks({ clients, needs }: Edit): boolean {
    const has = (client: number): number => Math.max(this.#expected(client), clients.get(client)?.to ?? 0);
    return (
      [...clients].some(([client, { from }]) => from > this.#expected(client)) ||
      [...needs].some(([client, clock]) => clock > has(client))
    );
  }

  /** Throws `Refused`. */
  admit(edit: Edit, member: Member): void {
    if (this.lacks(edit)) throw new Refused('outOfStep', 'the edit builds on another that is not here');
    checkDepth(this.#doc, edit);
    this.#charge(edit, member);
    for (const [client, { to }] of edit.clients) this.#claim(client, to, member);
  }

  /** It is on its way to disk: what follows may build on it. */
  expect({ clients }: Edit): void {
    for (const [client, { to }] of clients) this.#ahead.set(client, Math.max(to, this.#expected(client)));
  }

  /** Nothing is on its way any more. */
  settled(): void {
    this.#ahead.clear();
    this.#growing = 0;
  }

  #remember(client: number, person: string): void {
    const oldest = this.#people.size >= MOST_PEOPLE ? this.#people.keys().next().value : undefined;
    if (oldest !== undefined) this.#people.delete(oldest);
    this.#people.set(client, person);
  }

  /** It shows itself under another id from now on. */
  release(client: number, member: Member): void {
    if (this.#owners.get(client) === member) this.#owners.delete(client);
  }

  leave(member: Member): void {
    for (const [client, owner] of this.#owners) if (owner === member) this.#owners.delete(client);
  }

  #expected = (client: number): number => Math.max(Y.getState(this.#doc.store, client), this.#ahead.get(client) ?? 0);

  #charge(edit: Edit, member: Member): void {
    const { steps, longest, ahead } = workOf(this.#doc, edit, this.#longest + this.#growing);
    this.#longest = Math.max(this.#longest, longest);
    this.#growing += ahead;
    if (!member.mayCost(steps)) throw new Refused('tooMany', 'the edits cost too much');
  }

  #claim(client: number, to: number, member: Member): void {
    if (to <= this.#expected(client)) return;
    if (!this.reserve(client, member)) throw new Refused('taken', 'somebody else edits under this id');
  }

  /** Nobody else edits under this id while the connection is here. False when somebody has it: they have to prove that they are here still. */
  reserve(client: number, member: Member): boolean {
    const owner = this.#owners.get(client);
    if (owner && owner !== member && this.#isHere(owner)) {
      owner.prove();
      return false;
    }
    if ((this.#people.get(client) ?? member.person) !== member.person) return false;
    this.#owners.set(client, member);
    if (client <= LARGEST_WINDOW) this.#remember(client, member.person);
    return true;
  }
}
