import type { WorkerLike } from './Checker.js';

/** A worker that is fetched and begins with the first thing that is asked of it: until then it takes nothing from the page. */
export class LateWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  readonly #make: () => Worker;
  #worker: Worker | null = null;

  constructor(make: () => Worker) {
    this.#make = make;
  }

  postMessage(message: Parameters<WorkerLike['postMessage']>[0]): void {
    if (!this.#worker) {
      this.#worker = this.#make();
      this.#worker.onmessage = (event) => this.onmessage?.(event);
    }
    this.#worker.postMessage(message);
  }

  terminate(): void {
    this.#worker?.terminate();
  }
}
