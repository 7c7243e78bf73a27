/**
 * Reads the top-level string field `name` out of a JSON object that arrives in pieces, and gives its text as soon as it is certain: escapes are
 * resolved, an escape or a surrogate pair cut by a piece's end waits for the next piece. Everything else in the object is skipped.
 */
export function createTextField(name: string): (piece: string) => string {
  let depth = 0;
  let inString = false;
  let escape = '';
  let highSurrogate = '';
  let string = '';
  let lastString = '';
  let isKey = true;
  let reading = false;
  let done = false;

  const closeString = (): void => {
    inString = false;
    if (reading) done = true;
    reading = false;
    lastString = string;
  };
  const decode = (sequence: string): string => {
    if (sequence[1] === 'u') return String.fromCharCode(Number.parseInt(sequence.slice(2), 16));
    return { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }[sequence[1] ?? ''] ?? sequence[1] ?? '';
  };
  const outside = (char: string): void => {
    if (char === '"') {
      inString = true;
      string = '';
      reading = depth === 1 && !isKey && lastString === name;
    } else if (char === '{' || char === '[') {
      depth += 1;
      isKey = char === '{';
    } else if (char === '}' || char === ']') depth -= 1;
    else if (char === ':') isKey = false;
    else if (char === ',') isKey = true;
  };

  return (piece) => {
    let out = '';
    const put = (unit: string): void => {
      if (!reading) {
        string += unit;
        return;
      }
      const code = unit.charCodeAt(0);
      if (code >= 0xd800 && code <= 0xdbff) {
        out += highSurrogate ? '\ufffd' : '';
        highSurrogate = unit;
        return;
      }
      const pair = code >= 0xdc00 && code <= 0xdfff;
      out += highSurrogate ? (pair ? highSurrogate + unit : `\ufffd${unit}`) : pair ? '\ufffd' : unit;
      highSurrogate = '';
    };
    for (let index = 0; index < piece.length && !done; index++) {
      const char = piece[index] ?? '';
      if (!inString) outside(char);
      else if (escape) {
        escape += char;
        if (escape[1] !== 'u' || escape.length === 6) {
          put(decode(escape));
          escape = '';
        }
      } else if (char === '\\') escape = char;
      else if (char === '"') closeString();
      else put(char);
    }
    return out;
  };
}
