import { useState } from 'react';
import { personas, type Persona } from './personas.js';

/** What a reload must not lose: who one is, since when, and the conversation of each. Lives as long as the tab. */
export interface Visit {
  readonly persona: Persona;
  /** When the rehearsal began, milliseconds since 1970: sets its customers apart from those of the last one. */
  readonly round: number;
  readonly conversations: Readonly<Record<string, string>>;
}

const keyOf = (room: string): string => `simulator:${room}`;

export const newVisit = (persona: Persona = 'customer'): Visit => ({ persona, round: Date.now(), conversations: {} });

function readVisit(room: string): Visit {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(room)) ?? 'null') as Partial<Visit> | null;
    const persona = personas.find((each) => each === kept?.persona);
    if (kept && persona && typeof kept.round === 'number' && typeof kept.conversations === 'object')
      return { persona, round: kept.round, conversations: kept.conversations };
  } catch {
    // Somebody else's words under our key: begin anew.
  }
  return newVisit();
}

function keepVisit(room: string, visit: Visit): Visit {
  sessionStorage.setItem(keyOf(room), JSON.stringify(visit));
  return visit;
}

/**
 * The visit to a room, a department or its draft, and how to change it. What changes is kept at once, so that an answer that arrives after the
 * page was left is found when it is opened again.
 */
export function useVisit(room: string): [Visit, (change: (visit: Visit) => Visit) => void] {
  const [visit, setVisit] = useState(() => keepVisit(room, readVisit(room)));
  return [visit, (change) => setVisit(keepVisit(room, change(readVisit(room))))];
}
