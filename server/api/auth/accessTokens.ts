import { errors, jwtVerify, SignJWT } from 'jose';
import { ApiError } from '../../errors.js';
import { permissionsOf } from '../../permissions.js';
import type { Role } from '../../roles.js';
import type { SigningKeys } from './signingKeys.js';

const ISSUER = 'ai-departments';
/** A token is good for one purpose, named as its audience: one minted for another is refused here. */
const AUDIENCE = 'ai-departments:access';
const TYPE = 'at+jwt';
export const ACCESS_SECONDS = 15 * 60;

/** Who a request comes from, as its token says. The organization is never read from anywhere else. */
export interface AccessClaims {
  readonly userId: string;
  readonly organizationId: string;
  /** The sign-in that this token grew from. */
  readonly sessionId: string;
  readonly expiresAt: Date;
}

export interface AccessTokens {
  /** `role` goes into the token for whoever reads it there; what a request may do is decided by the role on record. */
  issue(claims: Omit<AccessClaims, 'expiresAt'> & { readonly role: Role }): Promise<string>;
  /** Throws `unauthenticated` for anything but a token that this platform issued for this purpose and that is still good. */
  verify(token: string): Promise<AccessClaims>;
}

/** Tokens already verified, by their whole text: a signature is checked once, its end and its key every time. */
const REMEMBERED = 10_000;

export function createAccessTokens(keys: SigningKeys, now: () => Date = () => new Date()): AccessTokens {
  const verified = new Map<string, { readonly claims: AccessClaims; readonly kid: string }>();
  const remember = (token: string, claims: AccessClaims, kid: string): AccessClaims => {
    if (verified.size >= REMEMBERED) verified.delete(verified.keys().next().value as string);
    verified.set(token, { claims, kid });
    return claims;
  };
  return {
    issue({ userId, organizationId, sessionId, role }) {
      const { id, privateKey } = keys.current();
      const seconds = Math.floor(now().getTime() / 1000);
      return new SignJWT({
        user_id: userId,
        organization_id: organizationId,
        roles: [role],
        permissions: permissionsOf(role),
        sid: sessionId,
      })
        .setProtectedHeader({ alg: 'EdDSA', typ: TYPE, kid: id })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + ACCESS_SECONDS)
        .sign(privateKey);
    },
    async verify(token) {
      const known = verified.get(token);
      if (known && known.claims.expiresAt > now() && (await keys.find(known.kid))) return known.claims;
      verified.delete(token);
      try {
        const { payload, protectedHeader } = await jwtVerify(
          token,
          async ({ kid }) => {
            const key = kid ? await keys.find(kid) : null;
            if (!key) throw new errors.JWKSNoMatchingKey();
            return key;
          },
          {
            algorithms: ['EdDSA'],
            issuer: ISSUER,
            audience: AUDIENCE,
            typ: TYPE,
            requiredClaims: ['exp', 'iat', 'sub', 'user_id', 'organization_id', 'sid'],
            currentDate: now(),
          },
        );
        const { sub, user_id: userId, organization_id: organizationId, sid: sessionId, exp, aud, iss } = payload;
        if (typeof aud !== 'string' || typeof iss !== 'string' || sub !== userId || !exp) throw new errors.JWTInvalid();
        if (typeof userId !== 'string' || typeof organizationId !== 'string' || typeof sessionId !== 'string') {
          throw new errors.JWTInvalid();
        }
        const claims = { userId, organizationId, sessionId, expiresAt: new Date(exp * 1000) };
        return remember(token, claims, String(protectedHeader.kid));
      } catch (error) {
        if (error instanceof errors.JOSEError) throw new ApiError('unauthenticated', { cause: error });
        // The keys could not be read: that is not the caller's fault.
        throw error;
      }
    },
  };
}
