// What the provider library tells of itself, as events for log and metrics: refused requests by their error word, revoked
// grants, and everything nobody foresaw. No event carries a code, a token or a parameter.
import type { EventEmitter } from 'node:events';
import type Provider from 'oidc-provider';
import type { errors, KoaContextWithOIDC } from 'oidc-provider';
import type { OidcOptions } from './options.ts';

export function reportEvents(provider: Provider, tell: OidcOptions['report']): void {
  const refused = (ctx: KoaContextWithOIDC, { error, error_detail: detail }: errors.OIDCProviderError): void =>
    tell({
      kind: 'refused',
      at: ctx.oidc.route,
      clientId: ctx.oidc.client?.clientId ?? null,
      error,
      detail: detail ?? null,
    });
  provider.on('authorization.error', refused);
  provider.on('pushed_authorization_request.error', refused);
  provider.on('grant.error', refused);
  provider.on('userinfo.error', refused);
  provider.on('introspection.error', refused);
  provider.on('revocation.error', refused);
  provider.on('end_session.error', refused);
  provider.on('server_error', (_ctx, error) => tell({ kind: 'unexpected', error }));
  provider.on('grant.revoked', (ctx) =>
    tell({ kind: 'grant-revoked', clientId: ctx.oidc.client?.clientId ?? null, at: ctx.oidc.route }),
  );
  // koa's own event, which the library's types leave out.
  const emitter: EventEmitter = provider;
  emitter.on('error', (error: Error) => tell({ kind: 'unexpected', error }));
}
