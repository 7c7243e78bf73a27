import type { MessageView } from '../api/types.js';

/** Where a customer says that something is. */
export interface Place {
  /** As they call it; empty when they only marked a point. */
  readonly name: string;
  /** Opens a map there. Nothing of it is asked for before somebody follows it. */
  readonly map: string;
}

/** Degrees, as the channel gives them. */
const POINT = /^-?\d{1,2}(\.\d+)?, -?\d{1,3}(\.\d+)?$/;

/** The place that a message tells of; `null` when it tells of none. Source of the address: Google's "Maps URLs", which phones open in their app. */
export function placeOf({ kind, text, changed }: Pick<MessageView, 'kind' | 'text' | 'changed'>): Place | null {
  if (kind !== 'location' || changed === 'deleted' || !text) return null;
  const lines = text.split('\n');
  const point = lines.find((line) => POINT.test(line));
  const name = lines.filter((line) => line !== point).join(', ');
  return {
    name,
    map: `https://www.google.com/maps/search/?${new URLSearchParams({ api: '1', query: point ?? name })}`,
  };
}
