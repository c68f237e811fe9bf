// A partner portal as the configuration names it: the names of OIDC registration, and Renkei's own choices under `renkei`
// (spec §12). A plain type; config.ts reads it and oidc/portal.ts hands it to the provider.
import { acrMeanings, type Acr } from './acr.ts';

/** A public key of a portal, as its JWKS states it. */
export interface PortalKey {
  readonly kty: string;
  readonly [member: string]: unknown;
}

export interface PortalRules {
  /** Admits every account; else only those it was granted to (サービス連携). */
  readonly open: boolean;
  /** `always`: a one-time password of this very session at every entry. */
  readonly otp: 'always' | 'asked';
  /** The least `acr` it accepts; null: any. */
  readonly acr: Acr | null;
  readonly consent: 'none' | 'ask';
  /** `optional` counts for confidential portals only. */
  readonly pkce: 'required' | 'optional';
  /**
   * How refresh tokens rotate: `overlap` accepts the replaced one for 10 seconds more, `strict` at no time, `none` keeps
   * one refresh token (FAPI 2.0). Public portals are always `strict`.
   */
  readonly rotation: 'overlap' | 'strict' | 'none';
  /** May introspect tokens of other portals, as a resource server of the bank. */
  readonly resourceServer: boolean;
}

export interface Portal {
  readonly client_id: string;
  readonly client_secret?: string | undefined;
  readonly client_name?: string | undefined;
  readonly client_uri?: string | undefined;
  readonly redirect_uris: readonly string[];
  readonly post_logout_redirect_uris?: readonly string[] | undefined;
  readonly jwks?: { readonly keys: readonly PortalKey[] } | undefined;
  readonly jwks_uri?: string | undefined;
  readonly token_endpoint_auth_method?:
    | 'client_secret_basic'
    | 'client_secret_post'
    | 'private_key_jwt'
    | 'none'
    | undefined;
  readonly grant_types?: readonly ('authorization_code' | 'refresh_token')[] | undefined;
  readonly response_types?: readonly ('code' | 'none')[] | undefined;
  readonly scope?: string | undefined;
  readonly subject_type?: 'pairwise' | 'public' | undefined;
  readonly sector_identifier_uri?: string | undefined;
  readonly id_token_signed_response_alg?: 'ES256' | 'RS256' | undefined;
  readonly default_acr_values?: readonly Acr[] | undefined;
  /** Seconds. */
  readonly default_max_age?: number | undefined;
  readonly require_auth_time?: boolean | undefined;
  readonly initiate_login_uri?: string | undefined;
  readonly backchannel_logout_uri?: string | undefined;
  readonly backchannel_logout_session_required?: boolean | undefined;
  /** RFC 9396 §10. Every portal may ask for approvals; one that names them here says that its people do approve. */
  readonly authorization_details_types?: readonly 'urn:renkei:approval'[] | undefined;
  readonly renkei: PortalRules;
}

/** By its registration its people need a one-time password: at every entry, or to approve something. */
export function demandsOtp({ renkei, authorization_details_types: approvals }: Portal): boolean {
  return (
    renkei.otp === 'always' || (renkei.acr !== null && acrMeanings[renkei.acr].otp) || (approvals ?? []).length > 0
  );
}

/** What portals may learn of a person, as far as their scopes go (spec §9). The Business Direct ID is never part of it. */
export interface PersonClaims {
  /** The login ID. */
  readonly preferred_username: string;
  readonly name: string;
  readonly email: string | null;
  readonly emailProven: boolean;
  readonly company: { readonly contract_number: string; readonly name: string };
  readonly role: 'master' | 'admin' | 'member';
  /** `since`: ISO 8601 with offset; null when there is no link. */
  readonly link: { readonly linked: boolean; readonly since: string | null };
  /** 利用可能口座 of the person, as the bank loaded them. */
  readonly accounts: readonly {
    readonly branch_code: string;
    readonly branch_name: string;
    readonly kind: string;
    readonly number: string;
  }[];
}
