// The provider's verbs as handlers use them: on a koa context, with our login record.
import type { Context } from 'koa';
import type { Approved } from '../rules/approval.ts';
import type { LiveLogin, PortalRequest } from '../rules/sign-in-record.ts';
import type { LoginRecord } from '../rules/login.ts';
import type { Provider } from './site.ts';

type Req = Context['req'];
type Res = Context['res'];

/** What oidc/rim.ts offers, as far as handlers need it. */
export interface Rim {
  middleware(ctx: Context, next: () => Promise<unknown>): Promise<unknown>;
  openAttempt(
    req: Req,
    res: Res,
    uid: string,
  ): Promise<{
    readonly request: PortalRequest;
    readonly live: LiveLogin | null;
    readonly finished: boolean;
    readonly startedAt: number;
  } | null>;
  foresee(uid: string): void;
  finish(req: Req, res: Res, uid: string, login: LoginRecord, approved: Approved | null): Promise<string | null>;
  cancel(req: Req, res: Res, uid: string, error: string, description: string): Promise<string | null>;
  currentSession(
    req: Req,
    res: Res,
  ): Promise<{ readonly loginId: string; readonly sessionUid: string; readonly accountId: string } | null>;
  endSession(req: Req, res: Res): Promise<{ readonly portals: readonly { readonly clientId: string }[] } | null>;
}

export function providerVerbs(rim: Rim): Provider {
  return {
    openAttempt: (ctx, uid) => rim.openAttempt(ctx.req, ctx.res, uid),
    foresee: (uid) => rim.foresee(uid),
    finish: (ctx, uid, login, approved) => rim.finish(ctx.req, ctx.res, uid, login, approved),
    cancel: (ctx, uid, error, description) => rim.cancel(ctx.req, ctx.res, uid, error, description),
    session: (ctx) => rim.currentSession(ctx.req, ctx.res),
    endSession: async (ctx) =>
      (await rim.endSession(ctx.req, ctx.res))?.portals.map(({ clientId }) => clientId) ?? null,
    handle: (ctx, next) => rim.middleware(ctx, next),
  };
}
