import { ProtocolViolation } from './protocol.js';

const protocolVersion3 = 196_608;
const sslRequest = 80_877_103;
const gssRequest = 80_877_104;
const cancelRequest = 80_877_102;

export type Startup =
  | { kind: 'encryption' }
  | { kind: 'cancel' }
  | {
      kind: 'start';
      user: string;
      /** What this connection's session begins with, and goes back to on RESET. */ settings: Map<string, string>;
    };

/** Parameters of the startup packet that name the connection and are not settings. */
const notSettings = new Set(['user', 'database', 'options', 'replication']);

/**
 * Reads the first packet of a connection.
 * `options` follows libpq: `-c name=value` or `--name=value`, a backslash before a space that belongs to the value.
 * https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNECT-OPTIONS
 */
export function readStartup(body: Buffer): Startup {
  const code = body.readInt32BE(0);
  if (code === sslRequest || code === gssRequest) return { kind: 'encryption' };
  if (code === cancelRequest) return { kind: 'cancel' };
  if (code >> 16 !== protocolVersion3 >> 16) throw new ProtocolViolation(`protocol version ${code}`);
  const words = body.toString('utf8', 4).split('\0');
  const parameters = new Map<string, string>();
  for (let at = 0; words[at]; at += 2) parameters.set(words[at] ?? '', words[at + 1] ?? '');
  const settings = readOptions(parameters.get('options') ?? '');
  for (const [name, value] of parameters) if (!notSettings.has(name)) settings.set(name.toLowerCase(), value);
  return { kind: 'start', user: parameters.get('user') ?? '', settings };
}

function readOptions(options: string): Map<string, string> {
  const words = options.match(/(?:\\[\s\S]|[^\s\\])+/g)?.map((word) => word.replace(/\\([\s\S])/g, '$1')) ?? [];
  const settings = new Map<string, string>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const pair =
      word === '-c' ? (words[++at] ?? '') : word.startsWith('-c') || word.startsWith('--') ? word.slice(2) : '';
    const equals = pair.indexOf('=');
    if (equals <= 0) throw new ProtocolViolation(`the option ${word}`);
    settings.set(pair.slice(0, equals).replaceAll('-', '_').toLowerCase(), pair.slice(equals + 1));
  }
  return settings;
}
