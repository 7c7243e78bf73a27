import { z } from 'zod';
import { givenName, id, page, time } from '../common.js';

const password = z.string().max(200).meta({ description: 'Yours, as it is now' });
const base64url = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[\w-]+$/, 'base64url');
const secret = z.string().min(1).max(200);

export const passwordConfirmation = z.strictObject({ password }).meta({ id: 'PasswordConfirmation' });

export const factorNames = ['totp', 'passkey', 'recovery_code'] as const;
export type Factor = (typeof factorNames)[number];

export const challengeView = z
  .object({
    challenge: z.string().meta({ description: 'Give it back with an answer. Good for 10 minutes and 5 wrong codes' }),
    factors: z.array(z.enum(factorNames)).readonly(),
  })
  .meta({ id: 'Challenge', description: 'The password was right; one of these factors is still to be shown' });

export type Challenge = z.infer<typeof challengeView>;

export const codeBody = z
  .strictObject({
    challenge: secret,
    code: z
      .string()
      .trim()
      .min(1)
      .max(40)
      .meta({ description: 'Six digits of the authenticator app, or a recovery code', examples: ['123456'] }),
  })
  .meta({ id: 'CodeBody' });
export type CodeBody = z.infer<typeof codeBody>;

export const totpSecret = z
  .object({
    secret: z.string().meta({ description: 'Base 32, for typing', examples: ['JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'] }),
    uri: z.string().meta({ description: 'What the QR code says' }),
  })
  .meta({ id: 'TotpSecret' });
export const totpConfirmBody = z.strictObject({ code: codeBody.shape.code }).meta({ id: 'TotpConfirmBody' });

export const recoveryCodes = z
  .object({ recoveryCodes: z.array(z.string()).readonly() })
  .meta({ id: 'RecoveryCodes', description: 'Shown this once. Each is good once; earlier ones are dead' });

export const passkeyView = z
  .object({
    id,
    name: z.string(),
    backedUp: z.boolean().meta({ description: "Kept by the device's maker too, and so on the person's other devices" }),
    createdAt: time,
    lastUsedAt: time.nullable(),
  })
  .meta({ id: 'Passkey' });
export type PasskeyView = z.infer<typeof passkeyView>;
export const passkeyList = page(passkeyView).meta({ id: 'PasskeyList' });

/** Ours to hand to the browser's WebAuthn functions, which know what is inside. */
const browserOptions = z.looseObject({ challenge: z.string() });
export const registrationOptions = z
  .object({ handle: z.string(), options: browserOptions })
  .meta({ id: 'PasskeyRegistrationOptions', description: '`options` is for `navigator.credentials.create`' });
export const requestOptions = z
  .object({ handle: z.string(), options: browserOptions })
  .meta({ id: 'PasskeyRequestOptions', description: '`options` is for `navigator.credentials.get`' });

const transport = z.string().max(30);
/** What browsers make of a credential (`toJSON`). Members that we do not know are left out: browsers add some. */
const credential = {
  id: base64url(1400),
  rawId: base64url(1400),
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).nullish(),
  clientExtensionResults: z.looseObject({}).default({}),
};
export const registrationResponse = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url(8000),
    attestationObject: base64url(20_000),
    transports: z.array(transport).max(10).optional(),
  }),
});
export const assertionResponse = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url(8000),
    authenticatorData: base64url(4000),
    signature: base64url(2000),
    userHandle: base64url(200).nullish(),
  }),
});

export const passkeyBody = z
  .strictObject({ name: givenName(60), handle: secret, response: registrationResponse })
  .meta({ id: 'PasskeyBody' });
export type PasskeyBody = z.infer<typeof passkeyBody>;
export const newPasskey = passkeyView
  .extend({ recoveryCodes: recoveryCodes.shape.recoveryCodes.nullable() })
  .meta({ id: 'NewPasskey', description: '`recoveryCodes` come with the first factor, this once' });
export type NewPasskey = z.infer<typeof newPasskey>;

export const passkeyOptionsBody = z.strictObject({ challenge: secret.optional() }).nullish().meta({
  description: 'With the `challenge` of a sign-in by password, a passkey of that person; without, of anybody',
});
export const passkeyLoginBody = z
  .strictObject({ handle: secret, response: assertionResponse })
  .meta({ id: 'PasskeyLoginBody' });
export type PasskeyLoginBody = z.infer<typeof passkeyLoginBody>;
