import { readHostPattern } from '#engine/graph/hosts.js';

/** The hosts in what somebody typed, apart by commas, spaces or lines, each once; `null` when one of them is none. */
export function hostsIn(typed: string): readonly string[] | null {
  const hosts = [...new Set(typed.split(/[\s,;]+/).filter(Boolean))];
  return hosts.some((host) => readHostPattern(host) === null) ? null : hosts;
}
