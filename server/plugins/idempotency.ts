import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Database } from '#db/connect.js';
import { ApiError } from '../errors.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set while the first request of an Idempotency-Key is at work. */
    idempotencyKey: string | null;
  }
}

/** A first request that has said nothing for this long was lost with its process; the next may try. */
const LOST_AFTER_SECONDS = 60;
const keyPattern = /^[\x21-\x7e]{1,200}$/;

/**
 * A write with an `Idempotency-Key` happens once: the same request again gets the first one's answer, another request with the same
 * key gets a 409. Keys belong to an organization. Answers of 500 and above are not kept.
 */
export function rememberWrites(app: FastifyInstance, db: Database): void {
  app.decorateRequest('idempotencyKey', null);

  app.addHook('preHandler', async (request, reply) => {
    const key = request.headers['idempotency-key'];
    if (key === undefined || !request.session || request.method === 'GET' || request.method === 'HEAD') return;
    if (typeof key !== 'string' || !keyPattern.test(key)) {
      throw new ApiError('bad_input', {
        details: [{ path: 'Idempotency-Key', message: '1 to 200 visible characters' }],
      });
    }
    const before = await claim(db, request.session.organizationId, key, hashOf(request));
    if (before === 'mine') {
      request.idempotencyKey = key;
      return;
    }
    reply.header('idempotency-replayed', 'true').code(before.statusCode);
    return reply
      .serializer((body: unknown) => JSON.stringify(body))
      .type('application/json; charset=utf-8')
      .send(before.response);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const key = request.idempotencyKey;
    if (!key || !request.session) return payload;
    const { organizationId } = request.session;
    if (reply.statusCode >= 500) {
      await db.withOrganization(organizationId, (trx) =>
        trx.raw('delete from platform.idempotency_keys where organization_id = ? and key = ? and status_code is null', [
          organizationId,
          key,
        ]),
      );
      return payload;
    }
    await db.withOrganization(organizationId, (trx) =>
      trx.raw(
        'update platform.idempotency_keys set status_code = ?, response = ?::jsonb where organization_id = ? and key = ?',
        [reply.statusCode, typeof payload === 'string' && payload !== '' ? payload : 'null', organizationId, key],
      ),
    );
    return payload;
  });
}

function hashOf(request: FastifyRequest): Buffer {
  const { method, url, body } = request;
  return createHash('sha256')
    .update(JSON.stringify([method, url, body ?? null]))
    .digest();
}

interface KeyRow {
  readonly request_hash: Buffer;
  readonly status_code: number | null;
  readonly response: unknown;
}

/** Takes the key, or gives the answer that it already has. Throws `idempotency_mismatch` and `idempotency_in_progress`. */
async function claim(
  db: Database,
  organizationId: string,
  key: string,
  hash: Buffer,
): Promise<'mine' | { readonly statusCode: number; readonly response: unknown }> {
  return db.withOrganization(organizationId, async (trx) => {
    const taken = await trx.raw<{ rows: unknown[] }>(
      `insert into platform.idempotency_keys as k (organization_id, key, request_hash) values (?, ?, ?)
       on conflict (organization_id, key) do update set created_at = now()
         where k.status_code is null and k.request_hash = excluded.request_hash and k.created_at < now() - make_interval(secs => ?)
       returning key`,
      [organizationId, key, hash, LOST_AFTER_SECONDS],
    );
    if (taken.rows.length > 0) return 'mine';
    const { rows } = await trx.raw<{ rows: KeyRow[] }>(
      'select request_hash, status_code, response from platform.idempotency_keys where organization_id = ? and key = ?',
      [organizationId, key],
    );
    const [row] = rows;
    if (row && !row.request_hash.equals(hash)) throw new ApiError('idempotency_mismatch');
    if (!row || row.status_code === null) throw new ApiError('idempotency_in_progress', { retryAfterSeconds: 1 });
    return { statusCode: row.status_code, response: row.response };
  });
}
