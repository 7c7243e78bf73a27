import { wholeOf } from '#db/connect.js';
import { uuidv7 } from 'uuidv7';
import type { Json } from '#nodes/sdk/json.js';
import type { AppDeps } from '../../deps.js';
import { found, notFound } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { liveVersion } from '../departments/liveVersion.js';
import { startLive } from '../departments/starts.js';
import { hookToken, readHookToken } from './address.js';
import type { HooksView } from './schemas.js';

type HookDeps = Pick<AppDeps, 'db' | 'keyring' | 'admission' | 'bus'>;
const TRIGGER = 'trigger.webhook';
const WAIT = 'logic.waitForEvent';

const PREFIX = '/api/v1/webhooks';

/** Addresses of the live version's webhook triggers, and of its nodes that wait for an event. */
export async function listHooks({ db, keyring }: HookDeps, session: Session, departmentId: string): Promise<HooksView> {
  const { definition } = await db.withOrganization(session, async (trx) => liveVersion(trx, departmentId));
  const { organizationId } = session;
  const items = definition.nodes.flatMap(({ id: nodeId, type }) => {
    const hook = { organizationId, departmentId, nodeId };
    if (type === TRIGGER) {
      return { nodeId, does: 'start' as const, path: `${PREFIX}/departments/${hookToken(keyring, 'hook', hook)}` };
    }
    if (type !== WAIT) return [];
    return { nodeId, does: 'report' as const, path: `${PREFIX}/events/${hookToken(keyring, 'event', hook)}` };
  });
  return { items };
}

/** Starts a run of the live version; on record before this resolves. Throws `not_found`, `not_published`, `department_paused`. */
export async function pullHook(
  { db, keyring, admission, bus }: HookDeps,
  token: string,
  input: { readonly body: Json; readonly query: Readonly<Record<string, string>> },
): Promise<{ run: { id: string } }> {
  const { organizationId, departmentId, nodeId } = found(readHookToken(keyring, 'hook', token));
  const id = uuidv7();
  await startLive(
    { db, keyring },
    {
      id,
      scope: wholeOf(organizationId),
      caller: null,
      departmentId,
      runOn({ definition }) {
        if (!definition.nodes.some((node) => node.id === nodeId && node.type === TRIGGER)) throw notFound();
        return { triggerNode: nodeId, input };
      },
    },
  );
  admission.wake(organizationId);
  bus.publish(organizationId, { type: 'run', run: { id, departmentId, conversationId: null, status: 'queued' } });
  return { run: { id } };
}
