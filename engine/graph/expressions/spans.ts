/** Where an expression of a template stands: `start` to `end` of what is between the braces. `closed` is false while it is being written. */
export interface ExpressionSpan {
  readonly start: number;
  readonly end: number;
  readonly closed: boolean;
}

/** The expressions of a text, found as the engine finds them. Never throws: the last one may lack its closing braces. */
export function expressionSpans(text: string): readonly ExpressionSpan[] {
  const spans: ExpressionSpan[] = [];
  for (let open = text.indexOf('{{'); open !== -1;) {
    const close = closingBraces(text, open + 2);
    spans.push({ start: open + 2, end: close === -1 ? text.length : close, closed: close !== -1 });
    open = close === -1 ? -1 : text.indexOf('{{', close + 2);
  }
  return spans;
}

/** Where the `}}` stands that ends an expression begun at `start`: not inside a string literal, not the end of a map literal. -1 without one. */
export function closingBraces(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"' || character === "'") at = endOfString(text, at);
    else if (character === '{') depth += 1;
    else if (character === '}' && depth > 0) depth -= 1;
    else if (character === '}' && text[at + 1] === '}') return at;
  }
  return -1;
}

/** The position of the quote that ends the string literal begun at `open`; the end of the text without one. */
function endOfString(text: string, open: number): number {
  const quote = text[open] ?? '"';
  const triple = text.startsWith(quote.repeat(3), open);
  const end = triple ? quote.repeat(3) : quote;
  for (let at = open + end.length; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text.startsWith(end, at)) return at + end.length - 1;
  }
  return text.length;
}

/** The quotation mark of a string literal that is still open where the text ends; empty outside of one. */
export function openQuote(text: string): string {
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (quote === '') {
      if (character === '"' || character === "'") quote = character;
    } else if (character === '\\') at += 1;
    else if (character === quote) quote = '';
  }
  return quote;
}
