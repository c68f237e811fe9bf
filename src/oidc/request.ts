// From an authorization request to what the sign-in table is asked: read once, when the attempt begins, and frozen with
// the interaction. Everything here was validated by the provider library before.
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Portal } from '../rules/portal.ts';
import type { LiveLogin, PortalRequest } from '../rules/sign-in-record.ts';
import { approvalIn } from './approvals.ts';
import { demandOf, type Demand } from './demand.ts';
import { ownClientId } from './own-client.ts';

/** A request as it meets the live session, if there is one. */
export interface Asked {
  readonly request: PortalRequest;
  readonly live: LiveLogin | null;
  readonly acceptable: Demand['acceptable'];
  /** The `sub` that the claims parameter insists on. */
  readonly insistedSub: string | null;
}

const longestHint = 256;

const param = (ctx: KoaContextWithOIDC, name: string): string | null => {
  const value = ctx.oidc.params?.[name];
  return typeof value === 'string' ? value : null;
};
const words = (text: string | null): readonly string[] => text?.split(' ').filter(Boolean) ?? [];
const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
const strings = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string');

/** One claim of the claims parameter's `id_token` part: its value and values together. */
function claimAsked(
  ctx: KoaContextWithOIDC,
  name: string,
): { readonly essential: boolean; readonly values: readonly string[] } {
  const text = param(ctx, 'claims');
  const claim = text === null ? undefined : member(member(JSON.parse(text), 'id_token'), name);
  const values = [...strings(member(claim, 'value')), ...strings(member(claim, 'values'))];
  return { essential: member(claim, 'essential') === true, values };
}

function languageOf(ctx: KoaContextWithOIDC): 'ja' | 'en' | null {
  for (const tag of words(param(ctx, 'ui_locales'))) {
    const language = tag.toLowerCase().split('-')[0];
    if (language === 'ja' || language === 'en') return language;
  }
  return null;
}

function demandIn(ctx: KoaContextWithOIDC, portal: Portal): Demand {
  const acr = claimAsked(ctx, 'acr');
  return demandOf({
    values: [...words(param(ctx, 'acr_values')), ...(acr.essential ? [] : acr.values)],
    essential: acr.essential ? acr.values : null,
    always: portal.renkei.otp === 'always',
    minimum: portal.renkei.acr,
  });
}

/**
 * @param live the session's login, or null
 * @param liveSub what the live person is called towards this portal
 * @param done this pass comes from a finished sign-in: re-authentication and the choice of the person are behind us
 */
export function readRequest(
  ctx: KoaContextWithOIDC,
  about: {
    readonly portal: Portal;
    readonly live: LiveLogin | null;
    readonly liveSub: string | null;
    readonly done: boolean;
    readonly now: number;
  },
): Asked {
  const { portal, live, liveSub, done, now } = about;
  const { prompts } = ctx.oidc;
  const { acceptable, ...demand } = demandIn(ctx, portal);
  const own = portal.client_id === ownClientId;
  const maxAge = param(ctx, 'max_age') === null ? null : Number(param(ctx, 'max_age'));
  const insistedSub = claimAsked(ctx, 'sub').values[0] ?? null;
  const hintedSub = ctx.oidc.entities.IdTokenHint?.payload['sub'] ?? insistedSub;

  const tooOld = live !== null && maxAge !== null && now - live.authTime > maxAge * 1000;
  // A session of the wrong route can't be raised to a value that the portal insists on: it takes another sign-in.
  const wrongRoute = live !== null && acceptable !== null && !demand.unmeetable && !demand.routes.includes(live.route);
  return {
    live,
    acceptable,
    insistedSub,
    request: {
      ...demand,
      clientId: portal.client_id,
      portalName: portal.client_name ?? portal.client_id,
      own,
      reauthenticate: !done && (prompts.has('login') || tooOld || wrongRoute),
      maxAge,
      selectUser:
        !done && (prompts.has('select_account') || (liveSub !== null && hintedSub !== null && hintedSub !== liveSub)),
      loginHint: param(ctx, 'login_hint')?.slice(0, longestHint) ?? null,
      language: languageOf(ctx),
      upstream: own ? param(ctx, 'renkei_upstream') : null,
      approval: approvalIn(ctx),
      consentAsked: portal.renkei.consent === 'ask' || (!own && prompts.has('consent')),
    },
  };
}
