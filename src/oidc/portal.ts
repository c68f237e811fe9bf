// From a portal's configuration to the client metadata of the provider library, with our defaults. What the library must
// not see (the `renkei` part, and http addresses that only the demo has) is left out here.
import type { ClientMetadata } from 'oidc-provider';
import { approvalType } from '../rules/approval.ts';
import type { Portal } from '../rules/portal.ts';
import { scopes } from './claims.ts';
import { ownClientId } from './own-client.ts';

/** How long a replaced refresh token still works, in milliseconds (spec §9). */
const overlap = 10_000;

const isPublic = (portal: Portal): boolean => portal.token_endpoint_auth_method === 'none';

/** The time in which a lost answer may be asked for again: none for public portals. */
export function overlapOf(portal: Portal | undefined): number {
  return portal && !isPublic(portal) && portal.renkei.rotation === 'overlap' ? overlap : 0;
}

/** Public portals always rotate. */
export function rotates(portal: Portal | undefined): boolean {
  return !portal || isPublic(portal) || portal.renkei.rotation !== 'none';
}

/** `optional` counts for confidential portals only (spec §9). */
export function needsPkce(portal: Portal | undefined): boolean {
  return !portal || isPublic(portal) || portal.renkei.pkce !== 'optional';
}

/** Members that are not given stay away, so that the library's own defaults (those of the standard) count. */
export function clientMetadata(portal: Portal): ClientMetadata {
  // initiate_login_uri is our own use of the registration (spec §3); the library would refuse the demo's http.
  const { renkei: _ours, initiate_login_uri: _initiate, scope, ...registered } = portal;
  const given = Object.fromEntries(Object.entries(registered).filter(([, value]) => value !== undefined));
  // structuredClone: the library fills in what it is given, and ours is frozen.
  return structuredClone({
    subject_type: 'pairwise',
    // Every portal may ask its people for an approval; the library's own default is none.
    ...(portal.client_id === ownClientId ? {} : { authorization_details_types: [approvalType] }),
    ...given,
    ...(scope === undefined ? {} : { scope: supported(scope) }),
    // A logout token without `sid` means every session of the person, and a portal that knows its sessions by the ID
    // token's `sid` finds none by it (Back-Channel Logout 1.0 §2.4); ours is always about one session.
    ...(portal.backchannel_logout_uri === undefined ? {} : { backchannel_logout_session_required: true }),
    client_id: portal.client_id,
  });
}

/** A registration may name standard scopes that we don't have (phone, offline_access): they are simply never granted. */
function supported(scope: string): string {
  return scope
    .split(' ')
    .filter((name) => scopes.includes(name))
    .join(' ');
}
