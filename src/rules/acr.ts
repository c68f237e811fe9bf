// What the tokens say of a sign-in: acr and amr, and which routes can give what a portal demands (spec §3). They tell what
// was proven now; what was proven once, on a remembered device, is never said.
import type { Route } from './sign-in-record.ts';

export type Acr = `urn:renkei:acr:${'federated' | 'federated-otp' | 'password' | 'password-otp'}`;
export type Amr = 'fed' | 'pwd' | 'otp' | 'mfa';

interface Meaning {
  readonly route: Route;
  readonly otp: boolean;
}

/** Every value this provider gives, weakest first within a route. */
export const acrMeanings = {
  'urn:renkei:acr:federated': { route: 'federated', otp: false },
  'urn:renkei:acr:federated-otp': { route: 'federated', otp: true },
  'urn:renkei:acr:password': { route: 'direct', otp: false },
  'urn:renkei:acr:password-otp': { route: 'direct', otp: true },
} as const satisfies Record<Acr, Meaning>;

export interface Proven {
  readonly route: Route;
  /** Null: none was typed in this session, whatever a device said. */
  readonly otp: { readonly shared: boolean } | null;
  /** The first-link check of a federated sign-in proved the password too. */
  readonly passwordProven: boolean;
}

/** A token shared by several people proves a factor but not the person: no `mfa` (spec §3). A device adds nothing. */
export function acrAndAmr({ route, otp, passwordProven }: Proven): { readonly acr: Acr; readonly amr: readonly Amr[] } {
  const name = route === 'federated' ? 'federated' : 'password';
  const first: readonly Amr[] = route === 'direct' ? ['pwd'] : passwordProven ? ['fed', 'pwd'] : ['fed'];
  if (!otp) return { acr: `urn:renkei:acr:${name}`, amr: first };
  return { acr: `urn:renkei:acr:${name}-otp`, amr: otp.shared ? [...first, 'otp'] : [...first, 'otp', 'mfa'] };
}

export interface AcrRequest {
  /** `acr_values`, or the voluntary `acr` claim. */
  readonly values: readonly string[];
  /** The essential `acr` claim's value or values; null when it was not asked. */
  readonly essential: readonly string[] | null;
  /** The portal's registration: `otp: always`. */
  readonly always: boolean;
}

export interface AcrDemand {
  readonly otpDemanded: boolean;
  /** Routes that can give a demanded value; both when none was demanded. */
  readonly routes: readonly Route[];
  /** No route can give an essential value. */
  readonly unmeetable: boolean;
}

/**
 * Reads a portal's demand (spec §3): any known value with OTP demands an OTP of this session, and then only the routes of
 * such values are offered; unknown values are ignored unless essential.
 */
export function acrDemand({ values, essential, always }: AcrRequest): AcrDemand {
  // An essential claim without a value asks only that acr is told, which it always is.
  const asked = essential !== null && essential.length > 0 ? essential : values;
  const known = asked.filter(isAcr).map((value): Meaning => acrMeanings[value]);
  const unmeetable = essential !== null && essential.length > 0 && known.length === 0;
  const withOtp = known.filter((meaning) => meaning.otp);
  const wanted = withOtp.length > 0 ? withOtp : known;
  const both: readonly Route[] = ['federated', 'direct'];
  const routes = wanted.length === 0 ? both : both.filter((route) => wanted.some((meaning) => meaning.route === route));
  return { otpDemanded: always || withOtp.length > 0, routes, unmeetable };
}

/** A value of this provider. */
export function isAcr(value: string): value is Acr {
  return Object.hasOwn(acrMeanings, value);
}
