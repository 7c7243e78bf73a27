import { uuidv7 } from 'uuidv7';
import type { Question } from '#nodes/sdk/context.js';
import type { Json } from '#nodes/sdk/json.js';
import { Batch } from './batch.js';
import type { History } from './history.js';
import { jsonbBytes, recorded, type Recorded } from './json.js';
import type { Journal } from './journal.js';
import type { Entry } from './journalEntries.js';
import type { RunRow } from './rows.js';
import { entryOf, type StepRecord } from './stepRecord.js';
import type { StepsShown } from './stepsShown.js';

export interface RecordsOptions {
  readonly run: RunRow;
  readonly history: Pick<History, 'lastMoment'>;
  readonly journal: Journal;
  /** Told once, when the first step that ends in this execution is on record. */
  readonly progressed?: (() => void) | null;
}

/** What a run that is at work writes down of its steps and waits, in its order: durable later, see `written`. */
export class Records {
  readonly #run: RunRow;
  readonly #journal: Journal;
  readonly #shown: StepsShown;
  readonly #lost: (error: unknown) => void;
  readonly #opened = new Set<string>();
  #progressed: (() => void) | null;
  #moment: number;
  /** What has been recorded since the last flush. */
  #batch: Batch | null = null;
  #written: Promise<unknown> = Promise.resolve();
  #unwritten = 0;
  /** What the last step made, which most often is what the next one is given. */
  #lastMade: { readonly value: Json; readonly recorded: Recorded } | null = null;

  /** @param lost hears why something could not be written: then nothing more is */
  constructor(
    { run, journal, history, progressed }: RecordsOptions,
    shown: StepsShown,
    lost: (error: unknown) => void,
  ) {
    this.#run = run;
    this.#journal = journal;
    this.#shown = shown;
    this.#lost = lost;
    this.#moment = history.lastMoment;
    this.#progressed = progressed ?? null;
  }

  /** Milliseconds since 1970; never the same twice, so that steps on record sort in the order they began. */
  moment(): number {
    this.#moment = Math.max(Date.now(), this.#moment + 0.001);
    return this.#moment;
  }

  /** Keeps a step's record and shows it. */
  step(record: StepRecord): void {
    const input = this.#lastMade?.value === record.input ? this.#lastMade.recorded : recorded(record.input);
    // A step may write into what it was given and hand that on, so what it made is never known before.
    const output = recorded(record.output);
    this.#lastMade = { value: record.output, recorded: output };
    this.#write(entryOf(this.#run, record, { input, output }, this.moment()), patienceWith(record));
    if (this.#progressed !== null && record.port !== null) {
      this.#written.then(this.#progressed, () => {});
      this.#progressed = null;
    }
    const isCut = input.whole !== null || output.whole !== null;
    const shown = isCut ? { ...record, input: input.view, output: output.view } : record;
    this.#shown.show(shown, record.status, record.durationMs);
  }

  /** The step at the path waits, for somebody who is asked, or for a time. */
  wait(
    path: string,
    of: Question['of'] | 'time',
    question: Question | null,
    wakeAt: number | null,
    event: string | null = null,
  ): void {
    if (this.#opened.has(path)) return;
    this.#opened.add(path);
    const { id: run, organizationId: organization, conversationId: conversation } = this.#run;
    const asked: Json =
      question === null ? null : { ...question, options: question.options?.map((option) => ({ ...option })) ?? [] };
    const bytes = asked === null ? null : jsonbBytes(asked);
    this.#write({
      kind: 'wait',
      run,
      organization,
      id: uuidv7(),
      path,
      of,
      conversation,
      question: bytes,
      wakeAt,
      event,
    });
  }

  /** Resolves when all of it is durable; rejects when some of it could not be written. */
  async written(): Promise<void> {
    if (this.#unwritten > 0) await this.#written;
  }

  #write(entry: Entry, patience = 0): void {
    if (this.#batch?.add(entry, patience)) return;
    this.#batch = new Batch(entry, patience);
    this.#unwritten += 1;
    const written = this.#journal.add(this.#batch);
    // Flushes keep their order, so the last one stands for all before it; a failed one stops the run.
    this.#written = written;
    written.then(
      () => (this.#unwritten -= 1),
      (error: unknown) => {
        this.#unwritten -= 1;
        this.#lost(error);
      },
    );
  }
}

/**
 * How long a step's record may wait for what its run does next, in milliseconds: should the worker die meanwhile, it is done once more. What was only computed costs
 * nothing, however often. What was paid for waits just long enough for what mostly follows at once, the intent of an answer.
 */
const COMPUTED_MS = 50;
const PAID_MS = 4;

function patienceWith({ node: { type }, error, status }: StepRecord): number {
  if (error !== null || status === 'waiting') return 0;
  return type.kind === 'pure' || type.kind === 'trigger' ? COMPUTED_MS : PAID_MS;
}
