import { createContext, useContext } from 'react';
import type { Problem } from '#engine/graph/definition.js';
import type { Json } from '#nodes/sdk/json.js';
import type { Checker } from '../problems/Checker.js';
import type { SampleValues } from '../problems/checking.js';

export type Path = readonly string[];

/** Somebody else who has this field open. */
export interface Guest {
  readonly name: string;
  readonly color: string;
}

/** What the fields of one node share. Paths are below `config`. */
export interface FieldSurroundings {
  readonly nodeId: string;
  readonly readOnly: boolean;
  readonly checker: Checker;
  /** What the last run, or a pin, would give the names of an expression. */
  readonly sample: SampleValues | null;
  readonly problemsAt: (path: Path) => readonly Problem[];
  readonly guestsAt: (path: Path) => readonly Guest[];
  /** `undefined` takes the field away, so that its default counts. */
  readonly set: (path: Path, value: Json | undefined) => void;
  /** The same for a text that is written key by key, given what the field said before: it merges with what others write in it. */
  readonly write: (path: Path, text: string | undefined, seen: string) => void;
  readonly onFocus: (path: Path | null) => void;
  readonly fix: (problem: Problem) => void;
}

const context = createContext<FieldSurroundings | null>(null);
export const FieldSurroundingsProvider = context.Provider;

export function useField(): FieldSurroundings {
  const found = useContext(context);
  if (!found) throw new Error('A field outside an inspector');
  return found;
}
