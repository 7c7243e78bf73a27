import { baseUrlOf, isModelProvider, type ModelBaseUrls } from '#engine/connections/connection.js';
import { createCredentials } from '#engine/connections/credentials.js';
import { parseAllow } from '#engine/egress/allow.js';
import { openEgress, type Egress } from '#engine/egress/egress.js';
import { NodeError } from '#nodes/sdk/errors.js';
import { audit } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import { ApiError } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';
import { statementOf } from '../../sql.js';
import { getConnection } from './service.js';
import type { ConnectionTest, ConnectionTested, ConnectionView } from './schemas.js';

type Deps = Pick<AppDeps, 'db' | 'keyring' | 'egress' | 'modelBaseUrls'>;

const TEST_MS = 15_000;
const TEST_BYTES = 1_000_000;

/** Knocks at the other side with the connection. Throws `not_found`, and `bad_input` when nothing says where to knock. */
export async function testConnection(
  deps: Deps,
  session: Session,
  id: string,
  { url }: ConnectionTest,
): Promise<ConnectionTested> {
  const { db } = deps;
  const connection = await getConnection(deps, session, id);
  const tested = await knock(deps, session, connection, url ?? doorOf(connection, deps.modelBaseUrls));
  await db.withOrganization(session, (trx) =>
    audit(trx, session, {
      action: 'connection.test',
      target: { type: 'connection', id, name: connection.name },
      details: { ok: tested.ok },
    }),
  );
  return tested;
}

/** Where to knock when nobody says. */
function doorOf({ kind, hosts, baseUrl }: ConnectionView, operators: ModelBaseUrls): string {
  if (isModelProvider(kind)) return `${(baseUrl ?? baseUrlOf(kind, operators)).replace(/\/+$/, '')}/models`;
  const host = hosts.find((each) => !each.startsWith('*'));
  if (host !== undefined) return `https://${host}/`;
  throw new ApiError('bad_input', {
    details: [{ path: 'url', message: 'needed: the connection names no single host' }],
  });
}

async function knock(deps: Deps, session: Session, connection: ConnectionView, url: string): Promise<ConnectionTested> {
  const { organizationId } = session;
  const { db, keyring } = deps;
  const egress = egressFor(deps, connection, url);
  // Each statement in a transaction of its own: nobody waits for the network inside one.
  const query = (text: string, values: unknown[]) =>
    db.withOrganization(session, (trx) => statementOf(trx)(text, values));
  const credentials = createCredentials({ query, open: (of, sealed) => keyring.open(query, of, sealed), egress });
  try {
    const { status } = await egress.request({
      url,
      timeoutMs: TEST_MS,
      maxBytes: TEST_BYTES,
      headersFor: async (to) => (await credentials.admit(organizationId, connection.id, to)).headers,
    });
    return judge(status);
  } catch (error) {
    if (error instanceof NodeError) return failure(error);
    throw error;
  }
}

/** An address that operators set for a provider may be a private one. */
function egressFor({ egress, modelBaseUrls }: Deps, { kind, baseUrl }: ConnectionView, url: string): Egress {
  if (!isModelProvider(kind) || baseUrl !== undefined || modelBaseUrls[kind] === undefined) return egress;
  const operators = new URL(modelBaseUrls[kind]);
  if (!URL.canParse(url) || new URL(url).origin !== operators.origin) return egress;
  const port = operators.port || (operators.protocol === 'http:' ? '80' : '443');
  return openEgress({ allow: parseAllow(`${operators.hostname}:${port}`) });
}

function judge(status: number): ConnectionTested {
  if (status === 401 || status === 403)
    return {
      ok: false,
      outcome: 'refused',
      status,
      message: `The other side answered ${status}: it did not take the key.`,
    };
  if (status >= 500) return { ok: false, outcome: 'failed', status, message: `The other side answered ${status}.` };
  return { ok: true, outcome: 'accepted', status, message: `The other side answered ${status}.` };
}

const outcomes: Readonly<Record<string, ConnectionTested['outcome']>> = {
  egress_refused: 'not_allowed',
  connection_other_host: 'not_allowed',
  connection_refused: 'refused',
  egress_failed: 'unreachable',
  egress_timeout: 'unreachable',
};

const failure = ({ code, message }: NodeError): ConnectionTested => ({
  ok: false,
  outcome: outcomes[code] ?? 'failed',
  status: null,
  message,
});
