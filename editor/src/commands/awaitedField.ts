/** Milliseconds in which a field that a command opens is there, on a slow machine too. */
const latest = 4_000;

/**
 * Keeps what is typed between a command that opens something to write in and the moment it has the focus: its code may still be on the way, and
 * letters would be commands anywhere else.
 */
export class AwaitedField {
  #typed = '';
  #until = 0;

  /** From here on what is typed is for a field that comes. */
  begin(): void {
    this.#typed = '';
    this.#until = performance.now() + latest;
  }

  /** It does not come any more, or one goes elsewhere. */
  end(): void {
    this.#until = 0;
    this.#typed = '';
  }

  get isAwaited(): boolean {
    return performance.now() < this.#until;
  }

  /** Takes a key for the field. False when it is none that writes. */
  take({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
    if (!this.isAwaited) return false;
    if (key === 'Enter') return true;
    if (ctrlKey || metaKey || altKey) return false;
    if (key === 'Backspace') this.#typed = this.#typed.slice(0, -1);
    else if (key.length === 1) this.#typed += key;
    // What would go through the field is nothing before it is there, and must not take a step away.
    else return key === 'Delete';
    return true;
  }

  /** A field has the focus now: writes there what was typed for it, as a hand does, so that whoever listens to it hears of it. */
  arrive(): void {
    const typed = this.isAwaited ? this.#typed : '';
    this.end();
    if (typed !== '') document.execCommand('insertText', false, typed);
  }
}
