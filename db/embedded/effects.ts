/** What a statement's text says that it does beyond its own transaction. */
export interface Effects {
  /** Sets something that ends with the transaction: nothing to keep, nothing to undo. */
  readonly local: boolean;
  /** Calls set_config for the session, or might. */
  readonly setsSession: boolean;
  readonly listen: readonly string[];
  /** Channels left; '*' for all. */
  readonly unlisten: readonly string[];
  /** Why the embedded database cannot run it; null when it can. */
  readonly refused: string | null;
}

const none: Effects = { local: false, setsSession: false, listen: [], unlisten: [], refused: null };
const interesting = /\b(?:set|set_config|pg_settings|listen|unlisten|copy|discard|deallocate)\b/i;
const comments = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;
const localSetConfig = /\bset_config\s*\(\s*'[^']*'\s*,\s*(?:\$\d+|'(?:[^']|'')*')(?:::\w+)?\s*,\s*true\s*\)/gi;

/**
 * Reads one statement, or a simple query of several. Being wrong here costs a setting or some time, never isolation: what a
 * command really did is told by the tag the database answers with (see session.ts), and what is not known is reset.
 */
export function effectsOf(text: string): Effects {
  if (!interesting.test(text)) return none;
  const sql = text.replace(comments, '');
  return {
    local: /^set\s+local\b/i.test(sql) && !/;\s*\S/.test(sql),
    setsSession: count(sql, /set_config|pg_settings/gi) > count(sql, localSetConfig),
    listen: channels(sql, /\blisten\s+("(?:[^"]|"")+"|[\w$]+)/gi),
    unlisten: channels(sql, /\bunlisten\s+("(?:[^"]|"")+"|[\w$]+|\*)/gi),
    refused: refusal(sql),
  };
}

function refusal(sql: string): string | null {
  // PGlite would read on past the end of its input, and stop for good.
  if (/\bcopy\b[^;]*\bfrom\b[^;]*\bstdin\b/i.test(sql))
    return 'COPY FROM STDIN is not available on the embedded database';
  // All connections share one session: these would take the others' prepared statements away.
  if (/^(?:discard\s+(?:all|plans|temp)|deallocate\s+(?:prepare\s+)?all)\b/i.test(sql))
    return 'DISCARD and DEALLOCATE ALL are not available on the embedded database';
  return null;
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

function channels(sql: string, pattern: RegExp): string[] {
  return [...sql.matchAll(pattern)].map(([, name = '']) =>
    name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase(),
  );
}
