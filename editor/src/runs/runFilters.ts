import { runStatuses, type RunStatus } from '#engine/graph/statuses.js';
import type { RunsQuery } from '../api/types.js';

export const triggers = ['whatsapp', 'schedule', 'webhook', 'manual'] as const;
export const origins = ['first', 'replayed', 'forked'] as const;
export const periods = { hour: 3_600_000, day: 86_400_000, week: 604_800_000, month: 2_592_000_000 } as const;
export type Period = keyof typeof periods;

/** What a list of runs is narrowed to. Lives in the address, so that a list can be sent to somebody. */
export interface RunFilters {
  readonly status?: RunStatus | undefined;
  readonly trigger?: (typeof triggers)[number] | undefined;
  /** 0 is a draft that was tried. */
  readonly version?: number | undefined;
  /** Whether it repeats another. */
  readonly origin?: (typeof origins)[number] | undefined;
  readonly period?: Period | undefined;
  readonly q?: string | undefined;
  readonly failedFirst?: true | undefined;
  readonly uncertain?: true | undefined;
  /** Only where somebody of the house must act. */
  readonly yours?: true | undefined;
  readonly department?: string | undefined;
  /** The list, or what happened on the drawing of the live version. */
  readonly view?: 'traffic' | undefined;
}

const oneOf = <Value extends string>(values: readonly Value[], given: unknown): Value | undefined =>
  values.find((value) => value === given);

/** Reads an address as somebody may have written it: what is no filter is `undefined`, and is said to be, for a page is given the address itself where it is not. */
export function readRunFilters(search: Record<string, unknown>): RunFilters {
  const { version, q, department } = search;
  return {
    status: oneOf(runStatuses, search['status']),
    trigger: oneOf(triggers, search['trigger']),
    version: typeof version === 'number' && Number.isInteger(version) && version >= 0 ? version : undefined,
    origin: oneOf(origins, search['origin']),
    period: oneOf(Object.keys(periods) as Period[], search['period']),
    q: typeof q === 'string' && q.trim() ? q.slice(0, 200) : typeof q === 'number' ? String(q) : undefined,
    failedFirst: search['failedFirst'] === true ? true : undefined,
    uncertain: search['uncertain'] === true ? true : undefined,
    yours: search['yours'] === true ? true : undefined,
    department: typeof department === 'string' && /^[0-9a-f-]{36}$/i.test(department) ? department : undefined,
    view: oneOf(['traffic'] as const, search['view']),
  };
}

/** How many of them narrow the list. What a route is given may hold more than filters. */
export function countFilters(given: RunFilters): number {
  const { failedFirst: _order, view: _view, ...narrowing } = readRunFilters({ ...given });
  return Object.values(narrowing).filter((value) => value !== undefined).length;
}

/** The question to the API. `now` in milliseconds since 1970; periods begin on a whole minute, so that one answer serves for a while. */
export function queryOf(filters: RunFilters, departmentId: string | undefined, now: number): RunsQuery {
  const { status, trigger, version, origin, period, q, failedFirst, uncertain, yours, department } = filters;
  const text = q?.trim();
  return {
    ...((departmentId ?? department) && { departmentId: departmentId ?? department }),
    ...(status && { status }),
    ...(trigger && { trigger: `trigger.${trigger}` }),
    ...(version !== undefined && { version }),
    ...(origin && { origin }),
    ...(period && { from: new Date(Math.floor((now - periods[period]) / 60_000) * 60_000).toISOString() }),
    ...(text && { q: text }),
    ...(failedFirst && { order: 'failedFirst' as const }),
    ...(yours && { needs: 'person' as const }),
    ...(uncertain && { effects: 'uncertain' as const }),
  };
}
