// Which claim comes with which scope, and who `sub` is. Facts about the person are asked for when a token is issued or
// userinfo is read, never stored in a token.
import { createHmac } from 'node:crypto';
import { errors, type Client, type FindAccount, type KoaContextWithOIDC } from 'oidc-provider';
import type { Portal } from '../rules/portal.ts';
import type { Storage } from './adapter.ts';
import type { Questions } from './options.ts';

const claimsOfScopes = {
  openid: ['sub', 'acr', 'amr', 'auth_time', 'sid'],
  profile: ['preferred_username', 'name', 'role', 'company', 'link'],
  email: ['email', 'email_verified'],
  accounts: ['accounts'],
} as const;

/** For the library's configuration. */
export const claims: Readonly<Record<string, readonly string[]>> = claimsOfScopes;
export const scopes: readonly string[] = Object.keys(claims);

/** Claims that a portal may ask for one by one: those of the scopes it is registered for; all when it names none. */
export function releasable(portal: Portal | undefined): ReadonlySet<string> {
  const allowed = portal?.scope === undefined ? scopes : portal.scope.split(' ');
  return new Set(allowed.flatMap((scope) => claims[scope] ?? []));
}

/** `client_secret_post` is taken by the library where basic is registered, and the other way round: a registration counts. */
export function assertRegisteredMethod(ctx: KoaContextWithOIDC): void {
  // An authorization request's own parameters have no secret among them, pushed ones came with it.
  const posted = (ctx.oidc.body ?? ctx.oidc.params)?.['client_secret'] !== undefined;
  const method = ctx.oidc.client?.clientAuthMethod;
  const wrong = posted
    ? method === 'client_secret_basic'
    : method === 'client_secret_post' && ctx.get('authorization') !== '';
  if (wrong && ctx.oidc.route !== 'userinfo')
    throw new errors.InvalidClientAuth('authentication method is not the registered one');
}

/**
 * For the library's configuration. Never undefined, which would be a 500: that an account may no longer be used is
 * answered by the Session and Grant that are not found.
 */
export function accountFinder(questions: Questions, heardOf: Storage['heardOf']): FindAccount {
  return (ctx, accountId) => {
    assertRegisteredMethod(ctx);
    return {
      accountId,
      claims: async () => {
        const person = (await heardOf(accountId)) ?? (await questions.person(accountId));
        if (!person) throw ctx.oidc.route === 'userinfo' ? new errors.InvalidToken() : new errors.InvalidGrant();
        const { email, emailProven, ...facts } = person;
        return { sub: accountId, ...facts, ...(email === null ? {} : { email, email_verified: emailProven }) };
      },
    };
  };
}

/** For the library's configuration: tokens of another client are neither shown nor ended, resource servers excepted. */
export function ownTokens(resourceServer: (clientId: string) => boolean) {
  return (ctx: KoaContextWithOIDC, client: Client, token: object): boolean => {
    assertRegisteredMethod(ctx);
    return Reflect.get(token, 'clientId') === client.clientId || resourceServer(client.clientId);
  };
}

/** One person, one sector, one `sub`: nobody can tell from two portals' subs that they are one person (spec §9). */
export function pairwise(salt: string): (ctx: unknown, accountId: string, client: Client) => string {
  return (_ctx, accountId, client) =>
    createHmac('sha256', salt)
      .update(`${String(client['sectorIdentifier'])}\0${accountId}`)
      .digest('base64url');
}
