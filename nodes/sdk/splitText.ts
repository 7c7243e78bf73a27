/**
 * Cuts a text into pieces of at most `limit` characters, at a blank line, a line end, a sentence or a space, in that order of liking.
 * Nothing is lost but the white space at the cuts; a text within the limit comes back whole.
 */
export function splitText(text: string, limit: number): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest.length > limit) {
    const head = rest.slice(0, limit + 1);
    const cut = ['\n\n', '\n', '. ', ' ']
      .map((mark) => head.lastIndexOf(mark) + (mark === '. ' ? 1 : 0))
      .find((at) => at > limit / 2);
    const at = cut ?? wholeCharacters(rest, limit);
    pieces.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  return rest === '' ? pieces : [...pieces, rest];
}

/** The last place up to `limit` that does not fall inside a surrogate pair. */
function wholeCharacters(text: string, limit: number): number {
  const code = text.charCodeAt(limit - 1);
  return code >= 0xd800 && code <= 0xdbff ? limit - 1 : limit;
}
