import { pairs } from './plan.js';

/** What a message of a customer says, and since when by its own time. */
interface Version {
  readonly text: string | null;
  readonly at: number;
}

/** A message that a customer wrote, and what may come of it. */
export interface Wrote {
  readonly name: string;
  readonly wamid: string;
  readonly pair: number;
  readonly at: number;
  /** Deliveries that came at the same moment have the same. */
  readonly arrival: number;
  readonly answerable: boolean;
  /** As it reads now. */
  now: Version;
  changed: boolean;
  /** A change of it has come and may be looked at yet: after one that came later and was made before. */
  changing: boolean;
  /** What an answer may take it to say. */
  readonly may: Set<string>;
  /** All that it has said. */
  readonly said: Set<string>;
  /** An answer to it must come. */
  must: boolean;
  /** What the last answer to it must take it to say: nothing of it was felt when its customer changed it. */
  due: string | null;
  /** It was changed while it may have been answered: what it says then is answered once more. */
  again: boolean;
  /** The department may have begun to do something about it that can be felt. */
  begun: boolean;
  /** Whatever comes of it has come. */
  over: boolean;
}

interface Change extends Version {
  /** It was looked at, and its message had not come. */
  known: boolean;
}

/**
 * What must become of what customers write, by the rules that docs/decisions gives them. It is told what arrives, in the order in which it does, and when
 * the department may act; where the rules leave room, it leaves room.
 */
export class Model {
  readonly messages: Wrote[] = [];
  /** Changes of messages that have not come, by their id. */
  readonly #early = new Map<string, Change[]>();
  readonly #persons = new Set<number>();
  /** How often an answer may have been begun anew for what came since the last rest. */
  readonly #restarts = pairs.map(() => 0);
  acts = true;
  /** The department was paused since the last rest: an answer that has begun is given, for nobody can begin it anew. */
  #paused = false;

  /**
   * @param firm what was begun is not begun anew for what comes later
   * @param asks it asks before it answers: what comes then may be the answer to that, and passes no gate
   */
  constructor(
    private readonly firm: boolean,
    private readonly asks: boolean,
  ) {}

  get awaited(): number {
    return [...this.#early.values()].flat().length;
  }
  of = (pair: number): Wrote[] => this.messages.filter((message) => message.pair === pair);
  isPersons = (pair: number): boolean => this.#persons.has(pair);

  write(message: Pick<Wrote, 'name' | 'wamid' | 'pair' | 'at' | 'arrival' | 'answerable'>): void {
    const { name, wamid, pair, at, answerable } = message;
    const early = this.#early.get(wamid) ?? [];
    this.#early.delete(wamid);
    const now = early.reduce<Version>((a, b) => later(a, b), { text: name, at: -Infinity });
    const wrote: Wrote = {
      ...message,
      now: early.length > 0 ? now : { text: name, at },
      changed: early.length > 0,
      changing: !early.every(({ known }) => known),
      may: new Set(),
      said: new Set(),
      must: false,
      due: null,
      again: false,
      begun: this.acts || (this.asks && this.of(pair).some((before) => before.answerable && before.begun)),
      over: false,
    };
    this.messages.push(wrote);
    this.#restarts[pair] = (this.#restarts[pair] ?? 0) + 1;
    if (!answerable || this.isPersons(pair)) return;
    if (now.text !== null) this.#says(wrote, now.text);
    wrote.must = now.text !== null;
    // While somebody else looks at the change, the message may be taken in without it.
    if (!early.every(({ known }) => known) && (wrote.begun || this.#isTired(pair))) {
      for (const text of [name, ...early.map((change) => change.text)]) if (text !== null) this.#says(wrote, text);
      if (early.some((change) => change.text === null)) wrote.must = false;
    }
  }

  change(wamid: string, version: Version): void {
    const message = this.messages.find((one) => one.wamid === wamid);
    if (!message) {
      this.#early.set(wamid, [...(this.#early.get(wamid) ?? []), { ...version, known: false }]);
      return;
    }
    const { pair, now, may } = message;
    const reads = message.changed ? later(now, version) : version;
    const stoodFirst = message.changing && reads !== version;
    message.changed = true;
    message.changing = true;
    message.now = reads;
    this.#restarts[pair] = (this.#restarts[pair] ?? 0) + 1;
    if (message.over || may.size === 0) return;
    message.due = message.begun ? null : reads.text;
    // What was taken back is answered by nobody, unless the answer may be on its way.
    const still = message.begun || (reads.text !== null && (this.#paused || this.#isTired(pair)));
    if (!still) may.clear();
    if (reads.text === null) message.must = false;
    else this.#says(message, reads.text);
    if (stoodFirst && version.text !== null) {
      message.said.add(version.text);
      if (still) may.add(version.text);
    }
    message.again ||= still && reads.text !== null;
  }

  #says({ may, said }: Wrote, text: string): void {
    may.add(text);
    said.add(text);
  }

  paused(): void {
    this.#paused = true;
    // What was changed before may be looked at only now.
    for (const message of this.messages) {
      if (message.over || message.may.size === 0) continue;
      for (const text of message.said) message.may.add(text);
      message.again ||= message.said.size > 1;
    }
  }

  /** All that has arrived is taken in. */
  settled(): void {
    for (const change of [...this.#early.values()].flat()) change.known = true;
    for (const message of this.messages) message.changing = false;
  }

  opened(): void {
    this.acts = true;
    for (const message of this.messages) message.begun = true;
  }

  /** All that there was to do is done. */
  rested(): void {
    for (const message of this.messages) message.over = true;
    this.#restarts.fill(0);
    this.#paused = false;
  }

  /** A person takes the conversation: what has not been answered is theirs, and what is on its way may come or not. */
  assigned(pair: number): void {
    this.#persons.add(pair);
    for (const message of this.of(pair)) if (!message.over) message.must = false;
  }
  released = (pair: number): void => void this.#persons.delete(pair);

  /** What an answer under way is not begun anew for. */
  #isTired = (pair: number): boolean => this.firm || (this.#restarts[pair] ?? 0) > 3;
}

/** The one that stands of two changes. */
const later = (a: Version, b: Version): Version => {
  if (a.text === null || b.text === null) return a.text === null ? a : b;
  return b.at >= a.at ? b : a;
};

/** What a customer got in one go: a line for each message of theirs that it is about. */
export interface Answer {
  readonly lines: readonly string[];
  /** It takes what they wrote for the answer to a question: it goes before what waits for a run of its own, and after a run that is at work. */
  readonly reply: boolean;
}

/** What is wrong with the answers that one customer got from one number, in order; empty when nothing is. */
export function faults(messages: readonly Wrote[], answers: readonly Answer[]): string[] {
  const wrong: string[] = [];
  const at = new Map<string, readonly [number, number]>();
  const said = new Map<string, readonly string[]>();
  answers.forEach(({ lines }, answer) =>
    lines.forEach((line, place) => {
      const name = /^m\d+/.exec(line)?.[0] ?? '';
      const message = messages.find((one) => one.name === name);
      if (!message) return wrong.push(`nobody wrote ${line}`);
      const before = said.get(name) ?? [];
      if (before.length > 0 && (!message.again || before.includes(line))) wrong.push(`${line} is answered twice`);
      said.set(name, [...before, line]);
      if (before.length === 0) at.set(name, [answer, place]);
      if (!message.may.has(line))
        wrong.push(`${line} is answered where ${[...message.may].join(' or ') || 'nothing'} is due`);
    }),
  );
  for (const { name, must, due } of messages) {
    if (must && !at.has(name)) wrong.push(`${name} is not answered`);
    else if (must && due !== null && said.get(name)?.at(-1) !== due) wrong.push(`${due} is not answered at last`);
  }
  messages.forEach((first, index) => {
    for (const second of messages.slice(index + 1)) {
      const [a, b] = [at.get(first.name), at.get(second.name)];
      if (!a || !b || (a[0] !== b[0] && (first.arrival === second.arrival || first.at > second.at))) continue;
      if (answers[a[0]]?.reply !== answers[b[0]]?.reply) continue;
      const [due, unclear] = [first.at <= second.at, first.at === second.at && first.arrival === second.arrival];
      const came = a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
      if (came !== due && !(unclear && first.arrival === second.arrival))
        wrong.push(`${first.name} and ${second.name} are out of order`);
    }
  });
  return wrong;
}
