import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Knex } from 'knex';
import { withBeforeCommit } from '#db/beforeCommit.js';
import type { Keyring } from '#db/seal.js';
import { stepInto, wholeOf, type Database, type Scope } from '#db/connect.js';
import { isOrphaned } from '#db/errors.js';
import { ApiError, notFound } from '../errors.js';
import { statementOf } from '../sql.js';
import type {} from './authenticate.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set while the first request of an Idempotency-Key is at work. */
    idempotencyClaim: Claim | null;
  }
  interface FastifyContextConfig {
    /** Of a route without a session: whose the keys of a request are; `null` when its address is nobody's. */
    keyHolder?: (request: FastifyRequest) => KeyHolder | null;
  }
}

/** Whom the keys of a request belong to: each holder has its own, in one organization. */
export interface KeyHolder {
  readonly scope: Scope;
  readonly name: string;
}

/** A first request that has said nothing for this long was lost with its process; if it had done nothing either, the next may try. */
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
 * not kept. Who calls an address instead of signing in is a caller too: its route says whose (`keyHolder`). There a request that was refused is as if it had
 * never come, so that it can be sent again once the department is back, and another request with the same key gets a 422, as the
 * draft of the standard has it (draft-ietf-httpapi-idempotency-key-header-07). Every transaction of the request that writes marks the key in itself: when the process dies between that and the answer, the next
 * request is told so (`idempotency_lost`) and nothing happens twice. What is kept is sealed, and of the request only a keyed hash: either may hold a password, a token, a key shown once.
 */
export function rememberWrites(app: FastifyInstance, deps: IdempotencyDeps): void {
  const { db, keyring } = deps;
  app.decorateRequest('idempotencyClaim', null);

  // With a callback: only what is called inside of `withBeforeCommit` is followed by it.
  app.addHook('preHandler', (request, reply, next) => void proceed(request, reply, next));

  async function proceed(request: FastifyRequest, reply: FastifyReply, next: (error?: Error) => void): Promise<void> {
    let taken: Claim | 'free' | 'answered';
    try {
      taken = await take(request, reply);
    } catch (error) {
      return next(error as Error);
    }
    if (taken === 'free') return next();
    if (taken !== 'answered') withBeforeCommit({ of: taken, write: markDone }, next);
  }

  async function take(request: FastifyRequest, reply: FastifyReply): Promise<Claim | 'free' | 'answered'> {
    const given = request.headers['idempotency-key'];
    if (given === undefined || request.method === 'GET' || request.method === 'HEAD') return 'free';
    const holder = holderOf(request);
    if (!holder) return 'free';
    if (typeof given !== 'string' || !keyPattern.test(given)) {
      throw new ApiError('bad_input', {
        details: [{ path: 'Idempotency-Key', message: '1 to 200 visible characters' }],
      });
    }
    const mine: Claim = { scope: holder.scope, key: keyOf(holder, given), signedIn: request.session !== null };
    const before = await claim(deps, mine, hashOf(request, keyring)).catch((error: unknown) => {
      // An address of a house that is not there any more; whoever signed in there hears that their session ended.
      throw !request.session && isOrphaned(error) ? notFound() : error;
    });
    if (before === 'mine') return (request.idempotencyClaim = mine);
    reply.header('idempotency-replayed', 'true').code(before.statusCode);
    reply
      .serializer((body: string) => body)
      .type('application/json; charset=utf-8')
      .send(before.body);
    return 'answered';
  }

  app.addHook('onSend', (request, reply, payload, done) => {
    const { idempotencyClaim: mine } = request;
    if (!mine) return done();
    // Fastify goes on when what it is given is settled.
    return keep(mine, reply.statusCode, payload);
  });

  async function keep({ scope, key, signedIn }: Claim, statusCode: number, payload: unknown): Promise<void> {
    const { organizationId } = scope;
    await db.withOrganization(scope, async (trx) => {
      if (statusCode >= (signedIn ? 500 : 400)) {
        // What has been written before it went wrong stays: the next request hears of it at once.
        await trx.raw(
          'delete from platform.idempotency_keys where organization_id = ? and key = ? and status_code is null and done_at is null',
          [organizationId, key],
        );
        return trx.raw(
          `update platform.idempotency_keys set created_at = now() - make_interval(secs => ?)
           where organization_id = ? and key = ? and status_code is null`,
          [LOST_AFTER_SECONDS + 1, organizationId, key],
        );
      }
      const sealed = await keyring.seal(statementOf(trx), organizationId, typeof payload === 'string' ? payload : '');
      return trx.raw(
        'update platform.idempotency_keys set status_code = ?, sealed_response = ? where organization_id = ? and key = ?',
        [statusCode, sealed, organizationId, key],
      );
    });
  }
}

/** Whose key is at work. */
interface Claim {
  readonly scope: Scope;
  /** As it is stored. */
  readonly key: string;
  readonly signedIn: boolean;
}

const keyOf = ({ name }: KeyHolder, given: string): string => `${name}:${given}`;

/** Of who signed in, or of the address that was called. */
function holderOf(request: FastifyRequest): KeyHolder | null {
  const { session } = request;
  if (!session) return request.routeOptions.config.keyHolder?.(request) ?? null;
  return { scope: session, name: session.apiKey ? `key:${session.apiKey.id}` : `person:${session.userId}` };
}

/** In the transaction that writes for these, all under the same rights: that it has. One that only reads has no id and marks nothing. */
async function markDone(trx: Knex.Transaction, claims: readonly Claim[]): Promise<void> {
  const [first] = claims;
  if (!first) return;
  const { rows } = await trx.raw<{ rows: { writes: boolean }[] }>(
    'select pg_current_xact_id_if_assigned() is not null as writes',
  );
  if (!rows[0]?.writes) return;
  await stepInto(trx, first.scope);
  await trx.raw(
    'update platform.idempotency_keys set done_at = now() where organization_id = ? and key = any(?) and status_code is null and done_at is null',
    [first.scope.organizationId, claims.map(({ key }) => key)],
  );
}

function hashOf({ method, url, body }: FastifyRequest, keyring: Keyring): Buffer {
  return keyring.mac('idempotency', Buffer.from(JSON.stringify([method, url, body ?? null])));
}

interface KeyRow {
  readonly request_hash: Buffer;
  readonly status_code: number | null;
  /** Something of the request has been written. */
  readonly done: boolean;
  /** Nobody answers for it any more. */
  readonly lost: boolean;
  readonly sealed_response: Buffer | null;
}

/** Takes the key, or gives the answer that it already has. Throws `idempotency_mismatch`, `idempotency_reused`, `idempotency_in_progress` and `idempotency_lost`. */
async function claim(
  { db, keyring }: IdempotencyDeps,
  { scope: { organizationId }, key, signedIn }: Claim,
  hash: Buffer,
): Promise<'mine' | { readonly statusCode: number; readonly body: string }> {
  return db.withOrganization(wholeOf(organizationId), async (trx) => {
    const taken = await trx.raw<{ rows: unknown[] }>(
      `insert into platform.idempotency_keys as k (organization_id, key, request_hash) values (:organizationId, :key, :hash)
       on conflict (organization_id, key) do update
         set created_at = now(), request_hash = excluded.request_hash, status_code = null, sealed_response = null, done_at = null
         where k.created_at < now() - make_interval(hours => :hours)
           or k.status_code is null and k.done_at is null and k.request_hash = excluded.request_hash and k.created_at < now() - make_interval(secs => :lost)
       returning key`,
      { organizationId, key, hash, hours: GOOD_HOURS, lost: LOST_AFTER_SECONDS },
    );
    if (taken.rows.length > 0) return 'mine';
    const { rows } = await trx.raw<{ rows: KeyRow[] }>(
      `select request_hash, status_code, sealed_response, done_at is not null as done,
         created_at < now() - make_interval(secs => ?) as lost
       from platform.idempotency_keys where organization_id = ? and key = ?`,
      [LOST_AFTER_SECONDS, organizationId, key],
    );
    const [row] = rows;
    if (row && !row.request_hash.equals(hash))
      throw new ApiError(signedIn ? 'idempotency_mismatch' : 'idempotency_reused');
    if (row?.status_code === null && row.done && row.lost) throw new ApiError('idempotency_lost');
    if (!row || row.status_code === null || !row.sealed_response) {
      throw new ApiError('idempotency_in_progress', { retryAfterSeconds: 1 });
    }
    return {
      statusCode: row.status_code,
      body: await keyring.open(statementOf(trx), organizationId, row.sealed_response),
    };
  });
}
