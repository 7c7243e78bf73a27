import { Refused } from './closeCodes.js';
import type { PresenceEntry } from './messages.js';

/** Who somebody is, as the others see them. */
export interface Identity {
  readonly id: string;
  readonly name: string;
}

/** How long what several windows show is gathered before it goes out, in milliseconds. */
const TOGETHER_MS = 20;
/** A window that says nothing for so long is gone; it speaks every 15 s. */
const SILENT_MS = 45_000;

interface Shown {
  readonly entry: PresenceEntry;
  /** Said on a connection of this process. */
  readonly isLocal: boolean;
  readonly at: number;
}

/** Who is in one document, and what they show. Kept nowhere. */
export class Presence {
  readonly #shown = new Map<number, Shown>();
  readonly #changed = new Set<number>();
  readonly #send: (entries: readonly PresenceEntry[], local: readonly PresenceEntry[]) => void;
  #timer: NodeJS.Timeout | null = null;

  /** @param send what has changed, and what of it was said on a connection of this process */
  constructor(send: (entries: readonly PresenceEntry[], local: readonly PresenceEntry[]) => void) {
    this.#send = send;
  }

  all(): readonly PresenceEntry[] {
    const now = Date.now();
    for (const [client, { isLocal, at }] of this.#shown)
      if (!isLocal && now - at > SILENT_MS) this.#shown.delete(client);
    return [...this.#shown.values()].map(({ entry }) => entry);
  }

  has = (client: number): boolean => this.#shown.has(client);

  /** Takes over what a window shows. What is not newer is left. */
  put(entry: PresenceEntry, isLocal: boolean): void {
    const known = this.#shown.get(entry.client)?.entry;
    if (known && (known.clock > entry.clock || (known.clock === entry.clock && entry.state !== 'null'))) return;
    this.#shown.set(entry.client, { entry, isLocal, at: Date.now() });
    this.#changed.add(entry.client);
    this.#timer ??= setTimeout(() => this.#flush(), TOGETHER_MS);
  }

  leave(client: number): void {
    const known = this.#shown.get(client);
    if (known) this.put({ client, clock: known.entry.clock + 1, state: 'null' }, known.isLocal);
  }

  #flush(): void {
    this.#timer = null;
    const shown = [...this.#changed].flatMap((client) => this.#shown.get(client) ?? []);
    this.#changed.clear();
    for (const { entry } of shown) if (entry.state === 'null') this.#shown.delete(entry.client);
    const entries = shown.map(({ entry }) => entry);
    if (entries.length > 0)
      this.#send(
        entries,
        shown.filter(({ isLocal }) => isLocal).map(({ entry }) => entry),
      );
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#shown.clear();
  }
}

/** What is shown is flat; what nests without end is written, and compared in browsers, by recursion. */
const DEEPEST = 8;

const isShallow = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((part) => isShallow(part, levels - 1)));

/** What a window says of itself, under the name that we know its person by. Throws `Refused` for what is no state. */
export function stamped({ client, clock, state }: PresenceEntry, user: Identity): PresenceEntry {
  const shown: unknown = parse(state);
  if (shown === null) return { client, clock, state: 'null' };
  if (typeof shown !== 'object' || Array.isArray(shown) || !isShallow(shown, DEEPEST))
    throw new Refused('refused', 'no state of presence');
  const { user: _claimed, ...rest } = shown as Record<string, unknown>;
  return { client, clock, state: JSON.stringify({ ...rest, user }) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused('refused', 'no state of presence');
  }
}
