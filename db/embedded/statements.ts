import { effectsOf, type Effects } from './effects.js';
import { cstring, message, readCstring, simpleQuery, typeOf } from './protocol.js';

/**
 * Prepared statements of one connection. All connections share one session, so that every named statement gets its connection's
 * prefix on the way in; answers never carry the name. The unnamed one belongs to whoever parsed it last.
 */
export class Statements {
  readonly #prefix: string;
  readonly #effects = new Map<string, Effects>();

  constructor(connection: number) {
    this.#prefix = `c${connection}_`;
  }

  /** Names, as the session knows them, that must be closed when the connection goes. */
  get names(): string[] {
    return [...this.#effects.keys()].filter((name) => name !== '').map((name) => this.#prefix + name);
  }

  /** Rewrites one message of a client; answers the effects of what it is about to execute, if it executes anything. */
  translate(bytes: Buffer): { bytes: Buffer; effects?: Effects; parses?: 'unnamed'; binds?: 'unnamed' } {
    switch (typeOf(bytes)) {
      case 'Q': {
        const effects = effectsOf(readCstring(bytes, 5)[0]);
        return effects.refused ? { bytes: simpleQuery(raise(effects.refused)) } : { bytes, effects, parses: 'unnamed' };
      }
      case 'P': {
        const [name, afterName] = readCstring(bytes, 5);
        const [sql, afterSql] = readCstring(bytes, afterName);
        const effects = effectsOf(sql);
        this.#effects.set(name, effects);
        const known = name ? this.#prefix + name : '';
        const text = effects.refused ? cstring(raise(effects.refused)) : bytes.subarray(afterName, afterSql);
        const renamed = message('P', cstring(known), text, bytes.subarray(afterSql));
        return { bytes: name || effects.refused ? renamed : bytes, ...(name ? {} : { parses: 'unnamed' }) };
      }
      case 'B': {
        const [, afterPortal] = readCstring(bytes, 5);
        const [name, afterName] = readCstring(bytes, afterPortal);
        const effects = this.#effects.get(name);
        const renamed = name ? this.#rename(bytes, afterPortal, afterName, name) : bytes;
        return { bytes: renamed, ...(effects ? { effects } : {}), ...(name ? {} : { binds: 'unnamed' }) };
      }
      case 'D':
      case 'C': {
        const [name, afterName] = readCstring(bytes, 6);
        if (bytes[5] !== 0x53) return { bytes };
        if (!name) return typeOf(bytes) === 'D' ? { bytes, binds: 'unnamed' } : { bytes };
        if (typeOf(bytes) === 'C') this.#effects.delete(name);
        return { bytes: this.#rename(bytes, 6, afterName, name) };
      }
      default:
        return { bytes };
    }
  }

  #rename(bytes: Buffer, from: number, to: number, name: string): Buffer {
    return message(typeOf(bytes), bytes.subarray(5, from), cstring(this.#prefix + name), bytes.subarray(to));
  }
}

/** SQL that fails with this message, so that the database itself keeps the transaction's state right. */
function raise(text: string): string {
  return `do $raise$ begin raise exception using errcode = '0A000', message = '${text.replaceAll("'", "''")}'; end $raise$`;
}
