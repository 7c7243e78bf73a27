import type { LiveEvent } from '#engine/graph/events.js';

/** Tokens of one step that come within this time travel as one event: below what an eye tells apart. */
const TOKEN_MS = 30;

type Send = (organizationId: string, event: LiveEvent) => void;
type Token = Extract<LiveEvent, { type: 'token' }>;

/** Joins tokens on their way to `send`. Any other event of the organization sends its waiting tokens first, so order is kept. */
export function coalesce(send: Send): { publish: Send; flush(): void } {
  const waiting = new Map<string, Map<string, Token>>();
  let timer: NodeJS.Timeout | null = null;

  const flushOne = (organizationId: string): void => {
    const tokens = waiting.get(organizationId);
    if (!tokens) return;
    waiting.delete(organizationId);
    for (const token of tokens.values()) send(organizationId, token);
  };
  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    for (const organizationId of waiting.keys()) flushOne(organizationId);
  };

  const publish: Send = (organizationId, event) => {
    if (event.type !== 'token') {
      flushOne(organizationId);
      send(organizationId, event);
      return;
    }
    const tokens = waiting.get(organizationId) ?? new Map<string, Token>();
    const key = `${event.runId}/${event.path}`;
    const before = tokens.get(key);
    tokens.set(key, before ? { ...before, delta: before.delta + event.delta } : event);
    waiting.set(organizationId, tokens);
    timer ??= setTimeout(flush, TOKEN_MS);
  };
  return { publish, flush };
}
