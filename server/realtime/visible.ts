import type { Database } from '#db/connect.js';
import type { LiveEvent } from '#engine/graph/events.js';
import type { Session } from '../plugins/authenticate.js';

type Scoped = Pick<Session, 'organizationId' | 'departments'>;

/** What is known of a conversation or a run is believed for so long, in milliseconds: a conversation can move to another department. */
const BELIEVED_MS = 20_000;
const MOST_KEPT = 1_000;

/**
 * Passes on, in order, what the session may see. To whom all departments are open gets everything at once; for the others the department of
 * an event decides, and where an event names only a conversation or a run, the database does, by the same policies as everywhere.
 */
export function onlyVisible(
  db: Database,
  session: Scoped,
  send: (event: LiveEvent) => void,
  onError: (error: unknown) => void,
): (event: LiveEvent) => void {
  if (session.departments === null) return send;
  const departments = new Set(session.departments);
  const known = new Map<string, { readonly seen: Promise<boolean>; readonly until: number }>();

  const ask = async (table: 'conversations' | 'runs', id: string): Promise<boolean> => {
    const rows: unknown[] = await db.withOrganization(session, (trx) =>
      trx.withSchema('platform').from(table).select(trx.raw('1')).where({ id }),
    );
    return rows.length > 0;
  };
  const sees = (table: 'conversations' | 'runs', id: string): Promise<boolean> => {
    const entry = known.get(id);
    if (entry && entry.until > Date.now()) return entry.seen;
    if (known.size >= MOST_KEPT) known.clear();
    const seen = ask(table, id);
    known.set(id, { seen, until: Date.now() + BELIEVED_MS });
    return seen;
  };
  const isVisible = (event: LiveEvent): boolean | Promise<boolean> => {
    switch (event.type) {
      case 'gap':
        return true;
      case 'run':
        return departments.has(event.run.departmentId);
      case 'step':
      case 'pruned':
        return departments.has(event.departmentId);
      case 'comment':
        return departments.has(event.comment.departmentId);
      case 'department':
        return departments.has(event.department.id);
      case 'token':
        return sees('runs', event.runId);
      case 'message':
        return sees('conversations', event.message.conversationId);
      case 'conversation':
        return sees('conversations', event.conversation.id);
      case 'alert':
        return event.alert.runId !== undefined && sees('runs', event.alert.runId);
    }
  };

  let last = Promise.resolve();
  return (event) => {
    last = last.then(async () => {
      if (await isVisible(event)) send(event);
    }, onError);
    last.catch(onError);
  };
}
