import type { Problem } from '#engine/graph/definition.js';
import type { Definition } from '../api/types.js';
import type { CheckerStart, FromWorker, QuestionName, Questions, ToWorker } from './checking.js';

/** As much of a Worker as is needed; tests bring their own. */
export interface WorkerLike {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => unknown) | null;
}

/** Milliseconds without an edit before the whole department is looked through. */
const calm = 120;

/** Looks for problems beside the page. Only the newest definition counts: answers about older ones are dropped. */
export class Checker {
  readonly #worker: WorkerLike;
  readonly #onProblems: (problems: readonly Problem[]) => void;
  readonly #waiting = new Map<number, (answer: unknown) => void>();
  #definition: Definition | null = null;
  #loaded: Definition | null = null;
  #started = false;
  #revision = 0;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(worker: WorkerLike, onProblems: (problems: readonly Problem[]) => void) {
    this.#worker = worker;
    this.#onProblems = onProblems;
    worker.onmessage = ({ data }) => this.#hear(data);
  }

  start(against: CheckerStart): void {
    this.#started = true;
    this.#worker.postMessage({ kind: 'start', with: against });
    if (this.#definition) this.#later();
  }

  /** Looks this one through as soon as edits pause, and it is known which types there are: before, every step would be of an unknown one. */
  check(definition: Definition): void {
    this.#definition = definition;
    this.#later();
  }

  /** A question about one field of the newest definition. */
  ask<Name extends QuestionName>(name: Name, question: Questions[Name]['ask']): Promise<Questions[Name]['answer']> {
    this.#load();
    const id = ++this.#asked;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve as (answer: unknown) => void);
      this.#worker.postMessage({ kind: 'ask', id, name, with: question });
    });
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#worker.terminate();
  }

  #later(): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (!this.#started) return;
    this.#timer = setTimeout(() => {
      this.#load();
      this.#worker.postMessage({ kind: 'check', revision: ++this.#revision });
    }, calm);
  }

  #load(): void {
    if (!this.#definition || this.#loaded === this.#definition) return;
    this.#loaded = this.#definition;
    this.#worker.postMessage({ kind: 'load', definition: this.#definition });
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'checked') {
      if (message.revision === this.#revision) this.#onProblems(message.problems);
      return;
    }
    this.#waiting.get(message.id)?.(message.answer);
    this.#waiting.delete(message.id);
  }
}
