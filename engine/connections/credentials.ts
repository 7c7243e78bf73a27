import { fitsHosts } from '#engine/graph/hosts.js';
import { rowsOf, type Query } from '#db/query.js';
import type { Egress } from '#engine/egress/egress.js';
import { detail } from '#nodes/sdk/details.js';
import { NodeError } from '#nodes/sdk/errors.js';
import type { ConnectionKind, ConnectionSettings, OpenConnection } from './connection.js';
import { admittanceOf, type Admittance } from './headers.js';
import { reveal } from './ownKeys.js';
import { createTokens } from './tokens.js';

/** What a request takes along, to the connection's own hosts. */
export interface Credentials {
  /** Throws `NodeError` `connection_unknown`, `connection_other_host`, `connection_refused` or `connection_unreadable`. */
  admit(organizationId: string, connectionId: string, url: URL): Promise<Admittance>;
  /** The other side answered 401: what was derived from the secret is asked for anew the next time. */
  refused(organizationId: string, connectionId: string): Promise<void>;
}

export interface CredentialsDeps {
  /** A session that sees the connections: a worker's, or one of the organization itself. */
  readonly query: Query;
  /** Opens what was sealed for the organization. */
  readonly open: (organizationId: string, sealed: Buffer) => Promise<string>;
  readonly egress: Egress;
}

interface Row {
  readonly provider: ConnectionKind;
  readonly hosts: string[];
  readonly settings: ConnectionSettings;
  readonly sealed: Buffer;
  readonly version: string;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** The last use is written down once in this long. */
const TOUCH_MS = 60_000;
const MOST_TOUCHED = 10_000;

export function createCredentials({ query, open, egress }: CredentialsDeps): Credentials {
  const tokens = createTokens(egress);
  const touched = new Map<string, number>();

  const find = async (organizationId: string, id: string): Promise<OpenConnection> => {
    const [row] = uuid.test(id)
      ? await rowsOf<Row>(
          query,
          `select provider, hosts, settings, sealed_secret as sealed, extract(epoch from updated_at)::text as version
           from platform.connections where id = $1 and organization_id = $2 and provider <> 'whatsapp'`,
          [id, organizationId],
        )
      : [];
    if (!row) throw unknown();
    const { provider: kind, hosts, settings, sealed, version } = row;
    return { id, organizationId, kind, hosts, settings, version, secret: await reveal(open(organizationId, sealed)) };
  };

  /** A courtesy to whoever looks at the list: never waited for. */
  const touch = (organizationId: string, id: string): void => {
    const key = `${organizationId} ${id}`;
    if ((touched.get(key) ?? 0) > Date.now() - TOUCH_MS) return;
    if (touched.size >= MOST_TOUCHED) touched.clear();
    touched.set(key, Date.now());
    Promise.resolve(
      query('update platform.connections set last_used_at = now() where id = $1 and organization_id = $2', [
        id,
        organizationId,
      ]),
    ).catch(() => touched.delete(key));
  };

  return {
    async admit(organizationId, connectionId, url) {
      const connection = await find(organizationId, connectionId);
      if (!fitsHosts(connection.hosts, url)) throw otherHost(url, connection.hosts);
      const admittance = await admittanceOf(connection, tokens);
      touch(organizationId, connectionId);
      return admittance;
    },
    async refused(organizationId, connectionId) {
      tokens.forget(await find(organizationId, connectionId));
    },
  };
}

const unknown = (): NodeError =>
  new NodeError(detail('connection.unknown'), {
    code: 'connection_unknown',
    actor: 'author',
    retryable: false,
  });

const otherHost = (url: URL, hosts: readonly string[]): NodeError =>
  new NodeError(detail('connection.other_host', { hosts: hosts.slice(0, 5).join(', '), host: url.host }), {
    code: 'connection_other_host',
    actor: 'author',
    retryable: false,
  });
