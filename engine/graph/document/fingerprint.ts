import { canonicalJson } from '../checksum.js';
import type { Definition } from '../definition.js';
import { sha256 } from '../sha256.js';

/** Hexadecimal digits of a part's checksum that count: 128 bits. */
const DIGITS = 32;

interface FingerprintSettings {
  /** SHA-256 of a text, in hex; slow ones are the same everywhere. */
  readonly hash?: (text: string) => string;
  /** Checksums of parts that were looked at before: what did not change is the same object. */
  readonly known?: WeakMap<object, string>;
}

/** What a draft reads, in 64 hexadecimal digits: the same for all who see the same steps, edges and settings in the same order. */
export function fingerprint(definition: Definition, { hash = sha256, known }: FingerprintSettings = {}): string {
  const of = (part: object): string => {
    const before = known?.get(part);
    if (before !== undefined) return before;
    const checksum = hash(canonicalJson(part)).slice(0, DIGITS);
    known?.set(part, checksum);
    return checksum;
  };
  const { nodes, edges, settings } = definition;
  return hash(`${nodes.map(of).join('')} ${edges.map(of).join('')} ${of(settings)}`);
}
