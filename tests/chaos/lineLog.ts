import { closeSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';

/** A file into which others write a JSON value a line, read as it grows. */
export class LineLog<Line> {
  readonly #lines: Line[] = [];
  #read = 0;
  #rest = '';
  constructor(readonly file: string) {
    writeFileSync(file, '');
  }

  /** All lines that are whole by now. */
  lines(): readonly Line[] {
    const { size } = statSync(this.file);
    if (size > this.#read) {
      const more = Buffer.alloc(size - this.#read);
      const file = openSync(this.file, 'r');
      this.#read += readSync(file, more, 0, more.length, this.#read);
      closeSync(file);
      const parts = (this.#rest + more.toString()).split('\n');
      this.#rest = parts.pop() ?? '';
      this.#lines.push(...parts.map((line) => JSON.parse(line) as Line));
    }
    return this.#lines;
  }
}
