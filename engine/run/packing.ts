/** A PostgreSQL array literal of values that need no quoting: numbers, booleans, uuids, names from our own lists. */
export const plainArray = (values: readonly (string | number | boolean)[]): string => `{${values.join(',')}}`;

/** A PostgreSQL array literal of any text. node-postgres escapes with regular expressions for every element; most need nothing. */
export function textArray(values: readonly (string | null)[]): string {
  let out = '{';
  for (const [index, value] of values.entries()) {
    if (index > 0) out += ',';
    if (value === null) out += 'NULL';
    else out += `"${value.includes('"') || value.includes('\\') ? value.replace(/(["\\])/g, '\\$1') : value}"`;
  }
  return `${out}}`;
}

/** Bytes of many rows as one parameter, because `bytea[]` travels as hex text, twice the size. SQL cuts it with `substring`. */
export interface Packed {
  readonly data: Buffer;
  /** Where each row begins, counted from 1 as SQL does. */
  readonly offsets: string;
  /** For each column, how many bytes each row has of it; 0 for none. The columns of a row stand one after another. */
  readonly lengths: readonly string[];
}

/** `rows` hold the bytes of each column, `null` for none. All rows have `columns` of them. */
export function pack(rows: readonly (readonly (Uint8Array | null)[])[], columns: number): Packed {
  const parts: Uint8Array[] = [];
  const offsets: number[] = [];
  const lengths = Array.from({ length: columns }, (): number[] => []);
  let at = 1;
  for (const row of rows) {
    offsets.push(at);
    for (let column = 0; column < columns; column += 1) {
      const bytes = row[column];
      lengths[column]?.push(bytes?.length ?? 0);
      if (!bytes) continue;
      parts.push(bytes);
      at += bytes.length;
    }
  }
  return { data: Buffer.concat(parts), offsets: plainArray(offsets), lengths: lengths.map((list) => plainArray(list)) };
}
