/** Lets Excel know that what follows is UTF-8. */
export const BOM = '\uFEFF';

/** What spreadsheets take for the beginning of a formula, full-width forms included. https://owasp.org/www-community/attacks/CSV_Injection */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

/** One line of RFC 4180. A cell that a spreadsheet would run begins with an apostrophe, so that it is shown instead. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
