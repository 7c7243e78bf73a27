import { personas, type Persona } from './personas.js';

/** What a reload must not lose: who one is, since when, and the conversation of each. Lives as long as the tab. */
export interface Visit {
  readonly persona: Persona;
  /** When the rehearsal began, milliseconds since 1970: sets its customers apart from those of the last one. */
  readonly round: number;
  readonly conversations: Readonly<Record<string, string>>;
}

const keyOf = (departmentId: string): string => `simulator:${departmentId}`;

export const newVisit = (persona: Persona = 'customer'): Visit => ({ persona, round: Date.now(), conversations: {} });

export function readVisit(departmentId: string): Visit {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(departmentId)) ?? 'null') as Partial<Visit> | null;
    const persona = personas.find((each) => each === kept?.persona);
    if (kept && persona && typeof kept.round === 'number' && typeof kept.conversations === 'object')
      return { persona, round: kept.round, conversations: kept.conversations };
  } catch {
    // Somebody else's words under our key: begin anew.
  }
  return newVisit();
}

export const writeVisit = (departmentId: string, visit: Visit): void =>
  sessionStorage.setItem(keyOf(departmentId), JSON.stringify(visit));
