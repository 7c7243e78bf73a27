/** A piece of a source that is found and quoted as one. */
export interface Chunk {
  /** Headings above it, outermost first, joined by ` > `; empty without any. */
  readonly heading: string;
  /** Markdown, or plain text as it came. */
  readonly content: string;
}

/** Most words of a chunk: enough for a whole thought, little enough that a match says where it is. */
const mostWords = 180;
/** Words of the end of a chunk that the next one of the same section repeats, in whole sentences. */
const overlapWords = 30;

const count = (text: string): number => text.match(/\S+/g)?.length ?? 0;

interface Section {
  readonly heading: string;
  readonly lines: string[];
}

function sectionsOf(text: string): Section[] {
  const path: string[] = [];
  const sections: Section[] = [{ heading: '', lines: [] }];
  let fenced = false;
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    if (/^\s*(?:```|~~~)/.test(line)) fenced = !fenced;
    const heading = fenced ? null : /^(#{1,6})\s+(.+?)\s*#*$/.exec(line);
    if (heading) {
      path.length = Math.min(path.length, (heading[1] ?? '').length - 1);
      path.push((heading[2] ?? '').replaceAll(' > ', ' › '));
      sections.push({ heading: path.join(' > '), lines: [] });
    } else sections.at(-1)?.lines.push(line);
  }
  return sections;
}

/** The smallest pieces that may not be torn apart, with the table header that must stand above them. */
interface Piece {
  readonly text: string;
  readonly header: string;
  /** What joins it to the piece before: a table row and a list item by a line, a sentence by a space, a paragraph by a blank line. */
  readonly joint: '\n' | ' ' | '\n\n';
}

/** Cuts a text without a sentence end in sight into runs of words. */
function cut(sentence: string): string[] {
  const words = sentence.split(/\s+/);
  return Array.from({ length: Math.ceil(words.length / mostWords) }, (_, at) =>
    words.slice(at * mostWords, (at + 1) * mostWords).join(' '),
  );
}

function paragraphPieces(paragraph: string): Piece[] {
  if (count(paragraph) <= mostWords) return [{ text: paragraph, header: '', joint: '\n\n' }];
  const sentences = paragraph
    .split(/(?<=[.!?])\s+(?=[\p{Lu}\d"“¿])/u)
    .flatMap((sentence) => (count(sentence) > mostWords ? cut(sentence) : [sentence]));
  return sentences.map((text, index) => ({ text, header: '', joint: index === 0 ? '\n\n' : ' ' }));
}

function piecesOf(lines: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  let paragraph: string[] = [];
  let table: string[] = [];
  const flush = (): void => {
    if (paragraph.length) pieces.push(...paragraphPieces(paragraph.join('\n')));
    paragraph = [];
  };
  lines.forEach((line, index) => {
    const isRow = /^\s*\|.*\|\s*$/.test(line);
    const isItem = /^\s*(?:[-*+•]|\d+[.)])\s+/.test(line);
    if (!isRow) table = [];
    if (isRow || isItem || !line.trim()) flush();
    if (isRow) {
      if (table.length < 2) {
        table.push(line.trim());
        // Without the dashes under its first row a table has no header: that row is one like the others.
        const dashed = /^\s*\|(?:\s*:?-+:?\s*\|)+\s*$/.test(lines[index + 1] ?? '');
        if (table.length === 1 && !dashed) pieces.push({ text: line.trim(), header: '', joint: '\n' });
      } else
        pieces.push({
          text: line.trim(),
          header: /-/.test(table[1] ?? '') && /^\|[\s:|-]+\|$/.test(table[1] ?? '') ? table.join('\n') : '',
          joint: '\n',
        });
    } else if (isItem) pieces.push({ text: line.trimEnd(), header: '', joint: '\n' });
    else if (line.trim()) paragraph.push(line.trim());
  });
  flush();
  return pieces.filter(({ text }) => text !== '');
}

function pack(pieces: readonly Piece[]): string[] {
  const chunks: string[] = [];
  let current: Piece[] = [];
  let size = 0;
  const write = (): void => {
    let text = '';
    let header = '';
    for (const piece of current) {
      if (piece.header && piece.header !== header) text += `${text ? '\n\n' : ''}${piece.header}\n${piece.text}`;
      else text += `${text ? (header && !piece.header ? '\n\n' : piece.joint) : ''}${piece.text}`;
      header = piece.header;
    }
    if (text) chunks.push(text);
  };
  for (const piece of pieces) {
    const words = count(piece.text);
    if (size > 0 && size + words > mostWords) {
      write();
      const tail = current.at(-1);
      current = tail && !tail.header && count(tail.text) <= overlapWords ? [tail] : [];
      size = current.reduce((total, one) => total + count(one.text), 0);
    }
    current.push(piece);
    size += words;
  }
  write();
  return chunks;
}

/**
 * Cuts a source into chunks of at most about 180 words, never across headings. Headings are kept as a path, a table goes row by row
 * under its header, and a long section's chunks share their border sentence. An empty text gives none.
 */
export function chunk(text: string): Chunk[] {
  return sectionsOf(text).flatMap(({ heading, lines }) =>
    pack(piecesOf(lines)).map((content) => ({ heading, content })),
  );
}
