import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { originOf } from '../../plugins/authenticate.js';
import { createMemoryCounters } from '../../plugins/counters.js';
import { perMinute } from '../../plugins/rateLimit.js';
import { session } from '../auth/schemas.js';
import { errorBody } from '../common.js';
import { publicErrors } from '../errorResponses.js';
import { ApiError } from '../../errors.js';
import { askPasskey, loginWithCode, loginWithPasskey } from './login.js';
import { relyingParty } from './relyingParty.js';
import { codeBody, passkeyLoginBody, passkeyOptionsBody, requestOptions } from './schemas.js';

const tags = ['auth'];
const refusals = { ...publicErrors, 401: errorBody, 403: errorBody, 413: errorBody, 415: errorBody } as const;

/** A challenge is dead after five tries. Whoever sends this many in a quarter of an hour is no person, and is not looked up any more. */
const MOST_LOOKS = 20;
const WINDOW_MS = 15 * 60_000;

/** Spares the database a flood; what counts the tries stands there. Kept apart, so that made-up challenges push nothing else out of memory. */
function sparing() {
  const looks = createMemoryCounters(10_000);
  return async (challenge: string): Promise<void> => {
    const [look] = await looks.count([{ key: challenge, windowMs: WINDOW_MS, by: 1 }]);
    if (look && look.count > MOST_LOOKS)
      throw new ApiError('rate_limited', { retryAfterSeconds: Math.max(1, Math.ceil(look.resetMs / 1000)) });
  };
}

export async function factorLoginRoutes(app: App, deps: AppDeps): Promise<void> {
  const look = sparing();
  app.post(
    '/auth/login/totp',
    {
      config: { access: { public: 'the second half of a sign-in' }, rateLimit: perMinute(60, 'always') },
      schema: {
        tags,
        summary: 'Sign in: the code',
        description:
          'A code of the authenticator app, or a recovery code. After five wrong ones the challenge is dead; after ten in a quarter of an hour the person waits.',
        body: codeBody,
        response: { 200: session, ...refusals },
      },
    },
    async (request) => {
      await look(request.body.challenge);
      return loginWithCode(deps, request.body, originOf(request));
    },
  );
  app.post(
    '/auth/passkeys/options',
    {
      config: { access: { public: 'a session begins here' }, rateLimit: perMinute(120) },
      schema: {
        tags,
        summary: 'Begin to sign in with a passkey',
        description:
          'Give `options` to the browser and its answer, with `handle`, to `POST /auth/passkeys/login` within 5 minutes.',
        body: passkeyOptionsBody,
        response: { 200: requestOptions, ...refusals, 409: errorBody },
      },
    },
    (request) => askPasskey(deps, relyingParty(deps.publicUrl, request.headers.host), request.body?.challenge),
  );
  app.post(
    '/auth/passkeys/login',
    {
      config: { access: { public: 'the passkey is the credential' }, rateLimit: perMinute(60, 'always') },
      schema: {
        tags,
        summary: 'Sign in with a passkey',
        description: 'Alone, or as the second factor of a sign-in by password.',
        body: passkeyLoginBody,
        response: { 200: session, ...refusals, 409: errorBody },
      },
    },
    (request) =>
      loginWithPasskey(deps, relyingParty(deps.publicUrl, request.headers.host), request.body, originOf(request)),
  );
}
