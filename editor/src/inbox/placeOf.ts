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

/** Whether a line among words is a point that came along with them: degrees as exact as channels give them, which nobody writes for anything else. */
export const isPoint = (line: string): boolean => POINT.test(line) && /\.\d{3,}, .*\.\d{3}/.test(line);

/** The place that a message tells of; `null` when it tells of none. Source of the address: Google's "Maps URLs", which phones open in their app. */
export function placeOf({ kind, text, changed }: Pick<MessageView, 'kind' | 'text' | 'changed'>): Place | null {
  if (kind !== 'location' || changed === 'deleted' || !text) return null;
  const lines = text.split('\n');
  const point = lines.find((line) => POINT.test(line));
  const name = lines.filter((line) => !POINT.test(line)).join(', ');
  return {
    name,
    map: `https://www.google.com/maps/search/?${new URLSearchParams({ api: '1', query: point ?? name })}`,
  };
}
