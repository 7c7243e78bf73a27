import { rowsOf, type Query } from '#db/query.js';
import { detail } from '#nodes/sdk/details.js';
import { NodeError } from '#nodes/sdk/errors.js';

interface OwnKey {
  readonly apiKey: string;
  readonly baseUrl: string | null;
  readonly version: string;
}

/** Reads the keys that organizations have for providers of models. Throws `NodeError` `connection_unreadable`. */
export function createOwnKeys(
  query: Query,
  open: (organizationId: string, sealed: Buffer) => Promise<string>,
): (organizationId: string, provider: string) => Promise<OwnKey | null> {
  return async (organizationId, provider) => {
    const [row] = await rowsOf<{ id: string; sealed: Buffer; baseUrl: string | null; version: string }>(
      query,
      `select id, sealed_secret as sealed, settings ->> 'baseUrl' as "baseUrl", extract(epoch from updated_at)::text as version
       from platform.connections where organization_id = $1 and provider = $2`,
      [organizationId, provider],
    );
    if (!row) return null;
    const version = `${row.id} ${row.version}`;
    return { apiKey: await reveal(open(organizationId, row.sealed)), baseUrl: row.baseUrl, version };
  };
}

/** The secret, or an error that says who must act when it does not open any more. */
export async function reveal(opening: Promise<string>): Promise<string> {
  try {
    return await opening;
  } catch (error) {
    if ((error as Error).name !== 'CannotOpen') throw error;
    throw new NodeError(detail('connection.unreadable'), {
      code: 'connection_unreadable',
      actor: 'author',
      retryable: false,
      cause: error,
    });
  }
}
