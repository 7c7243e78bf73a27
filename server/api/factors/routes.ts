import { z } from 'zod';
import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { personOf } from '../../plugins/authenticate.js';
import { limitFailures } from '../../plugins/attempts.js';
import { idParams, shortListQuery } from '../common.js';
import { pageOf } from '../paging.js';
import { bodyErrors, errors, itemBodyErrors } from '../errorResponses.js';
import { relyingParty } from './relyingParty.js';
import {
  newPasskey,
  passkeyBody,
  passkeyList,
  passwordConfirmation,
  recoveryCodes,
  registrationOptions,
  totpConfirmBody,
  totpSecret,
} from './schemas.js';
import {
  addPasskey,
  addTotp,
  beginPasskey,
  confirmTotp,
  dropPasskey,
  dropTotp,
  listPasskeys,
  renewRecoveryCodes,
} from './service.js';

const tags = ['account'];
const config = { access: { person: "a person's own account" } } as const;
const done = z.null().meta({ description: 'Done' });

/** Second factors of whoever is signed in. Every change asks for the password again: an open session is not yet the person. */
export async function factorRoutes(app: App, deps: AppDeps): Promise<void> {
  // One name for all of them, and whatever else asks for the password of a session: guesses add up.
  const passwords = limitFailures(app, { name: 'password', accountOf: (request) => personOf(request).userId });

  app.post(
    '/account/totp',
    {
      config,
      schema: {
        tags,
        summary: 'Add an authenticator app',
        description: 'Nothing changes until a code of it has been confirmed.',
        body: passwordConfirmation,
        response: { 200: totpSecret, ...bodyErrors },
      },
    },
    (request) => passwords.guard(request, () => addTotp(deps, personOf(request), request.body.password)),
  );
  app.post(
    '/account/totp/confirm',
    {
      config,
      schema: {
        tags,
        summary: 'Turn the authenticator app on',
        description:
          'From here on a sign-in by password asks for a second factor. Recovery codes of before are replaced.',
        body: totpConfirmBody,
        response: { 200: recoveryCodes, ...bodyErrors },
      },
    },
    async (request) => ({ recoveryCodes: await confirmTotp(deps, personOf(request), request.body.code) }),
  );
  app.delete(
    '/account/totp',
    {
      config,
      schema: {
        tags,
        summary: 'Turn the authenticator app off',
        body: passwordConfirmation,
        response: { 204: done, ...itemBodyErrors },
      },
    },
    async (request, reply) => {
      await passwords.guard(request, () => dropTotp(deps, personOf(request), request.body.password));
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/account/recovery-codes',
    {
      config,
      schema: {
        tags,
        summary: 'New recovery codes',
        description: 'Ten, each good once in place of another factor. Those of before are dead.',
        body: passwordConfirmation,
        response: { 200: recoveryCodes, ...bodyErrors },
      },
    },
    (request) =>
      passwords.guard(request, async () => ({
        recoveryCodes: await renewRecoveryCodes(deps, personOf(request), request.body.password),
      })),
  );
  app.get(
    '/account/passkeys',
    {
      config,
      schema: {
        tags,
        summary: 'My passkeys, the oldest first',
        querystring: shortListQuery,
        response: { 200: passkeyList, ...errors },
      },
    },
    async (request) => pageOf(await listPasskeys(deps, personOf(request)), request.query, ({ id }) => id),
  );
  app.post(
    '/account/passkeys/options',
    {
      config,
      schema: {
        tags,
        summary: 'Begin to add a passkey',
        description:
          'Give `options` to the browser and its answer, with `handle`, to `POST /account/passkeys` within 5 minutes.',
        body: passwordConfirmation,
        response: { 200: registrationOptions, ...bodyErrors },
      },
    },
    (request) =>
      passwords.guard(request, () =>
        beginPasskey(
          deps,
          personOf(request),
          relyingParty(deps.publicUrl, request.headers.host),
          request.body.password,
        ),
      ),
  );
  app.post(
    '/account/passkeys',
    {
      config,
      schema: { tags, summary: 'Add a passkey', body: passkeyBody, response: { 201: newPasskey, ...bodyErrors } },
    },
    async (request, reply) => {
      const party = relyingParty(deps.publicUrl, request.headers.host);
      return reply.code(201).send(await addPasskey(deps, personOf(request), party, request.body));
    },
  );
  app.delete(
    '/account/passkeys/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Remove a passkey',
        params: idParams,
        body: passwordConfirmation,
        response: { 204: done, ...itemBodyErrors },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await passwords.guard(request, () => dropPasskey(deps, personOf(request), id, request.body.password));
      return reply.code(204).send(null);
    },
  );
}
