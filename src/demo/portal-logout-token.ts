// Judges a back-channel logout token as a careful relying party does (OIDC Back-Channel Logout 1.0 §2.6). Ends no session.
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const MAX_AGE_SECONDS = 300;
const ALGORITHMS = ['ES256', 'ES384', 'ES512', 'PS256', 'RS256', 'EdDSA', 'Ed25519'];

const payload = z.looseObject({
  iat: z.number(),
  jti: z.string().min(1),
  sub: z.string().min(1).optional(),
  sid: z.string().min(1).optional(),
  events: z.looseObject({ [EVENT]: z.looseObject({}) }),
  nonce: z.undefined().optional(),
});

export interface LogoutOrder {
  readonly sub: string | null;
  readonly sid: string | null;
}

export interface LogoutTokens {
  /**
   * Whom to log out.
   * @throws when the token isn't the gateway's, isn't for this portal, is old or future, or came before
   */
  judge(token: string, issuer: string, jwksUri: string): Promise<LogoutOrder>;
}

/** @param clock milliseconds since the epoch */
export function logoutTokens(clientId: string, clock: () => number): LogoutTokens {
  const seen = new Map<string, number>();
  let keys: { readonly uri: string; readonly get: JWTVerifyGetKey } | null = null;

  return {
    judge: async (token, issuer, jwksUri) => {
      if (keys?.uri !== jwksUri)
        keys = { uri: jwksUri, get: createRemoteJWKSet(new URL(jwksUri), { cooldownDuration: 1_000 }) };
      const { payload: claims, protectedHeader } = await jwtVerify(token, keys.get, {
        issuer,
        audience: clientId,
        algorithms: ALGORITHMS,
        maxTokenAge: MAX_AGE_SECONDS,
        clockTolerance: 10,
        currentDate: new Date(clock()),
      });
      if (protectedHeader.typ !== undefined && !/^(logout\+)?jwt$/i.test(protectedHeader.typ))
        throw new Error('wrong typ');
      const { jti, sub = null, sid = null } = payload.parse(claims);
      if (sub === null && sid === null) throw new Error('neither sub nor sid');
      for (const [id, until] of seen) if (until <= clock()) seen.delete(id);
      if (seen.has(jti)) throw new Error('jti came before');
      seen.set(jti, clock() + 2 * MAX_AGE_SECONDS * 1000);
      return { sub, sid };
    },
  };
}
