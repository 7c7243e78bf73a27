import { setFlagsFromString } from 'node:v8';

/**
 * Node 20 optimizes WebAssembly after 1,800,000 bytes of it were executed, so a start spends a second of processor time on functions that only a start
 * calls. 13,000,000 is what V8 itself came to (Node 24: `node --v8-options`). Flags hold for modules compiled from here on.
 */
export function tierLater(): void {
  if (Number.parseInt(process.versions.node) < 22) setFlagsFromString('--wasm-tiering-budget=13000000');
}
