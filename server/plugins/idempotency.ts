import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Keyring } from '#db/seal.js';
import { wholeOf, type Database } from '#db/connect.js';
import { ApiError } from '../errors.js';
import { statementOf } from '../sql.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set while the first request of an Idempotency-Key is at work: the key as it is stored. */
    idempotencyKey: string | null;
  }
}

/** A first request that has said nothing for this long was lost with its process; the next may try. */
const LOST_AFTER_SECONDS = 60;
/** After this a key is as if it had never been used. */
const GOOD_HOURS = 24;
const keyPattern = /^[\x21-\x7e]{1,200}$/;

interface IdempotencyDeps {
  readonly db: Database;
  readonly keyring: Keyring;
}

/**
 * A write with an `Idempotency-Key` happens once: the same request again gets the first one's answer, another request with the same
 * key gets a 409. A key belongs to one caller, a person or an API key, in one organization, for a day. Answers of 500 and above are
 * not kept. What is kept is sealed, and of the request only a keyed hash: either may hold a password, a token, a key shown once.
 */
export function rememberWrites(app: FastifyInstance, deps: IdempotencyDeps): void {
  const { db, keyring } = deps;
  app.decorateRequest('idempotencyKey', null);

  app.addHook('preHandler', async (request, reply) => {
    const given = request.headers['idempotency-key'];
    const { session } = request;
    if (given === undefined || !session || request.method === 'GET' || request.method === 'HEAD') return;
    if (typeof given !== 'string' || !keyPattern.test(given)) {
      throw new ApiError('bad_input', {
        details: [{ path: 'Idempotency-Key', message: '1 to 200 visible characters' }],
      });
    }
    const key = `${session.apiKey ? `key:${session.apiKey.id}` : `person:${session.userId}`}:${given}`;
    const before = await claim(deps, session.organizationId, key, hashOf(request, keyring));
    if (before === 'mine') {
      request.idempotencyKey = key;
      return;
    }
    reply.header('idempotency-replayed', 'true').code(before.statusCode);
    return reply
      .serializer((body: string) => body)
      .type('application/json; charset=utf-8')
      .send(before.body);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const { idempotencyKey: key, session } = request;
    if (!key || !session) return payload;
    const { organizationId } = session;
    await db.withOrganization(session, async (trx) => {
      if (reply.statusCode >= 500) {
        return trx.raw(
          'delete from platform.idempotency_keys where organization_id = ? and key = ? and status_code is null',
          [organizationId, key],
        );
      }
      const sealed = await keyring.seal(statementOf(trx), organizationId, typeof payload === 'string' ? payload : '');
      return trx.raw(
        'update platform.idempotency_keys set status_code = ?, sealed_response = ? where organization_id = ? and key = ?',
        [reply.statusCode, sealed, organizationId, key],
      );
    });
    return payload;
  });
}

function hashOf({ method, url, body }: FastifyRequest, keyring: Keyring): Buffer {
  return keyring.mac('idempotency', Buffer.from(JSON.stringify([method, url, body ?? null])));
}

interface KeyRow {
  readonly request_hash: Buffer;
  readonly status_code: number | null;
  readonly sealed_response: Buffer | null;
}

/** Takes the key, or gives the answer that it already has. Throws `idempotency_mismatch` and `idempotency_in_progress`. */
async function claim(
  { db, keyring }: IdempotencyDeps,
  organizationId: string,
  key: string,
  hash: Buffer,
): Promise<'mine' | { readonly statusCode: number; readonly body: string }> {
  return db.withOrganization(wholeOf(organizationId), async (trx) => {
    const taken = await trx.raw<{ rows: unknown[] }>(
      `insert into platform.idempotency_keys as k (organization_id, key, request_hash) values (:organizationId, :key, :hash)
       on conflict (organization_id, key) do update
         set created_at = now(), request_hash = excluded.request_hash, status_code = null, sealed_response = null
         where k.created_at < now() - make_interval(hours => :hours)
           or k.status_code is null and k.request_hash = excluded.request_hash and k.created_at < now() - make_interval(secs => :lost)
       returning key`,
      { organizationId, key, hash, hours: GOOD_HOURS, lost: LOST_AFTER_SECONDS },
    );
    if (taken.rows.length > 0) return 'mine';
    const { rows } = await trx.raw<{ rows: KeyRow[] }>(
      'select request_hash, status_code, sealed_response from platform.idempotency_keys where organization_id = ? and key = ?',
      [organizationId, key],
    );
    const [row] = rows;
    if (row && !row.request_hash.equals(hash)) throw new ApiError('idempotency_mismatch');
    if (!row || row.status_code === null || !row.sealed_response) {
      throw new ApiError('idempotency_in_progress', { retryAfterSeconds: 1 });
    }
    return {
      statusCode: row.status_code,
      body: await keyring.open(statementOf(trx), organizationId, row.sealed_response),
    };
  });
}
