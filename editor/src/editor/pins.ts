import { useSyncExternalStore } from 'react';
import type { Json } from '#nodes/sdk/json.js';

/** What stands for a step in a test: what it gave, and the way it left by where that is known. */
export interface Pin {
  readonly value: Json;
  readonly port?: string;
}
/** Results kept to test with, by step. They are test data of this person in this browser: nothing that runs for a customer knows them. */
export type Pins = Readonly<Record<string, Pin>>;

const none: Pins = {};
const prefix = 'pinned:';
const keyOf = (departmentId: string): string => `${prefix}${departmentId}`;
const listeners = new Set<() => void>();
const known = new Map<string, { readonly text: string | null; readonly pins: Pins }>();

/** A pin larger than this would fill the browser's room for everybody's. */
const most = 200_000;

function read(departmentId: string): Pins {
  const text = localStorage.getItem(keyOf(departmentId));
  const before = known.get(departmentId);
  if (before && before.text === text) return before.pins;
  let pins = none;
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) pins = value as Pins;
  } catch {
    // Somebody else's words under our key.
  }
  known.set(departmentId, { text, pins });
  return pins;
}

/** Keeps a step's result, or lets it go with `undefined`. False when it is too big to keep. */
export function pin(departmentId: string, nodeId: string, value: Pin | undefined): boolean {
  const { [nodeId]: _, ...rest } = read(departmentId);
  const next = value === undefined ? rest : { ...rest, [nodeId]: value };
  const text = JSON.stringify(next);
  if (text.length > most) return false;
  try {
    localStorage.setItem(keyOf(departmentId), text);
  } catch {
    return false;
  }
  for (const listener of listeners) listener();
  return true;
}

export const usePins = (departmentId: string): Pins =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read(departmentId),
  );

/** Lets go of everything that anybody pinned in this browser. */
export function forgetPins(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  for (const listener of listeners) listener();
}

/** The results alone, by step: what expressions see. */
export const pinnedValues = (pins: Pins): Readonly<Record<string, Json>> =>
  Object.fromEntries(Object.entries(pins).map(([id, { value }]) => [id, value]));
