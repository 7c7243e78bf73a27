import { ExpressionError } from './expressionError.js';
import { expressionLimits } from './limits.js';

/** What one evaluation may still do. */
export class Budget {
  #left: number = expressionLimits.work;
  readonly #expression: string;

  constructor(expression: string) {
    this.#expression = expression;
  }

  /** Takes `units` of work; throws `too_much_work` when there is none left. */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw this.fail('too_much_work');
  }

  /** Takes the work of making or reading a string of this length, and refuses one that is too long before it is made. */
  spendText(length: number): void {
    if (length > expressionLimits.string) throw this.fail('too_big', `${length}`);
    this.spend(1 + length / 32);
  }

  fail(code: ConstructorParameters<typeof ExpressionError>[0], detail?: string): ExpressionError {
    return new ExpressionError(code, this.#expression, detail);
  }
}
