// What portals ask to have approved, by rich authorization requests (RFC 9396) that were pushed (RFC 9126): only the portal
// itself could write them, nobody on the way through the browser. What was approved is told with its receipt at the redemption
// of the code, once.
import { createHash } from 'node:crypto';
import type Provider from 'oidc-provider';
import {
  errors,
  type AuthorizationDetail,
  type Client,
  type Configuration,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import { approvalType, canonicalOf, readDetails, type Approval } from '../rules/approval.ts';
import { japanIso } from '../rules/japan-time.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import type { Storage } from './adapter.ts';
import { approvedOf } from './binding.ts';
import { assertRegisteredMethod } from './claims.ts';
import { ownClientId } from './own-client.ts';

/** All parameters of a pushed request together, in characters. */
const longestPushed = 16_384;

/**
 * The library ties rich requests to a resource server. Ours are about none: this name stands for them while a request is
 * looked at, and no token is ever made for it.
 */
const noResource = 'urn:renkei:approval:none';

/**
 * No portal names a resource server: whoever sends `resource` all the same is answered as if the library did not know the
 * parameter (RFC 6749 §3.1), which rich requests alone make it look at.
 */
export function ignoreResource(provider: Provider): void {
  const bodies = new WeakMap<object, unknown>();
  Object.defineProperty(provider.OIDCContext.prototype, 'body', {
    get(this: object): unknown {
      return bodies.get(this);
    },
    set(this: object, body: unknown) {
      if (typeof body === 'object' && body !== null) Reflect.deleteProperty(body, 'resource');
      bodies.set(this, body);
    },
  });
  provider.use(async (ctx, next) => {
    const { resource, ...query } = ctx.query;
    if (resource !== undefined) ctx.query = query;
    await next();
  });
}

const pushRoute = 'pushed_authorization_request';

/** The library has looked before at what every detail must have. */
const detailsIn = (ctx: KoaContextWithOIDC): readonly AuthorizationDetail[] | null => {
  const text = ctx.oidc.params?.['authorization_details'];
  return typeof text === 'string' ? JSON.parse(text) : null;
};

/** What the request asks to have approved; null: nothing. It was judged when it was pushed. */
export function approvalIn(ctx: KoaContextWithOIDC): Approval | null {
  const details = detailsIn(ctx);
  if (details === null) return null;
  const read = readDetails(details);
  if (!read.ok) throw new errors.InvalidAuthorizationDetails(read.mistake);
  const { items, until } = read;
  const digest = createHash('sha256').update(canonicalOf(items, until)).digest('base64url');
  return { items, until, digest };
}

/** A pushed request is taken up once, by one browser: a second approval of the same would be another one. */
export async function takePushed(ctx: KoaContextWithOIDC, claim: Storage['claimPushed']): Promise<void> {
  const { entities, route } = ctx.oidc;
  const pushed = entities.PushedAuthorizationRequest;
  if (!pushed || route !== 'authorization') return;
  if (!(await claim(pushed.jti, pushed.exp ?? 0)))
    throw new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used');
}

function assertPushed(ctx: KoaContextWithOIDC): void {
  const { entities, route } = ctx.oidc;
  if (route === 'authorization' && !entities.PushedAuthorizationRequest)
    throw new errors.InvalidRequest('authorization_details must be pushed (RFC 9126)');
}

/** For every authorization request, in the library's place for extra parameters. */
function checkRequest(now: () => Instant) {
  return (ctx: KoaContextWithOIDC, _value: unknown, client: Client): void => {
    const { body, params, route } = ctx.oidc;
    const asked: unknown = route === pushRoute ? body?.['authorization_details'] : ctx.query['authorization_details'];
    // An empty list is nothing to the library; who sends it means something that would not be approved.
    if (asked !== undefined && params?.['authorization_details'] === undefined) {
      assertPushed(ctx);
      if (route === pushRoute) throw new errors.InvalidAuthorizationDetails('nothing is asked to be approved');
    }
    if (route !== pushRoute) return;
    assertRegisteredMethod(ctx);
    if (client.clientId === ownClientId) throw new errors.UnauthorizedClient('this client pushes no requests');
    if (JSON.stringify(params).length > longestPushed) throw new errors.InvalidRequest('the request is too large');
    const until = approvalIn(ctx)?.until ?? null;
    if (until !== null && until <= now()) throw new errors.InvalidAuthorizationDetails('valid_until has passed');
  };
}

/** The part of the library's configuration that is about pushed and rich requests. */
export function approvals(clock: () => Instant) {
  return {
    extraParams: { renkei_upstream: checkRequest(clock) },
    pushedAuthorizationRequests: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (ctx: KoaContextWithOIDC) => (detailsIn(ctx) === null ? undefined : noResource),
      useGrantedResource: () => false,
      getResourceServerInfo: (ctx: KoaContextWithOIDC, resource: string) => {
        if (resource !== noResource || ctx.oidc.route === 'token') throw new errors.InvalidTarget();
        return { scope: '' };
      },
    },
    richAuthorizationRequests: {
      enabled: true,
      types: {
        [approvalType]: {
          validate: (ctx: KoaContextWithOIDC) => {
            if (ctx.oidc.route === 'token')
              throw new errors.InvalidAuthorizationDetails('nothing can be approved here');
            assertPushed(ctx);
          },
        },
      },
      authorizationDetailsForGrantSource: (ctx: KoaContextWithOIDC) => {
        const asked = approvalIn(ctx);
        const approved = approvedOf(ctx.oidc.result);
        if (!asked || approved?.digest !== asked.digest) throw new Error('a code for what nobody approved');
        const receipt = { receipt: approved.reference, approved_at: japanIso(approved.at) };
        return detailsIn(ctx)?.map((detail) => ({ ...detail, ...receipt }));
      },
      // Once, with the code: a token that is refreshed later tells of no approval.
      authorizationDetailsForAccessToken: (_ctx, _token, source, grantType) =>
        grantType === 'authorization_code' ? source?.rar : undefined,
      authorizationDetailsForIntrospection: (_ctx, token) => (token.kind === 'AccessToken' ? token.rar : undefined),
    },
  } satisfies NonNullable<Configuration['features']> & { readonly extraParams: object };
}
