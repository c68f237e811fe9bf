// What a portal demands of a sign-in, from everything it can say: acr_values, the acr claim, its registration. Pure. Any
// OTP value in acr_values is a demand, even beside others (spec §3): who does not want it does not name it.
import { acrDemand, acrMeanings, isAcr, type Acr, type AcrDemand } from '../rules/acr.ts';
import type { Route } from '../rules/sign-in-record.ts';

export interface Demand extends AcrDemand {
  /** Values that the finished login's `acr` must be one of; null when any will do. */
  readonly acceptable: readonly Acr[] | null;
}

const all = Object.keys(acrMeanings).filter(isAcr);

/** The values that are at least this one; a federated sign-in is more than a password, and OTP is more than none. */
const atLeast = {
  'urn:renkei:acr:federated': ['urn:renkei:acr:federated', 'urn:renkei:acr:federated-otp'],
  'urn:renkei:acr:federated-otp': ['urn:renkei:acr:federated-otp'],
  'urn:renkei:acr:password': all,
  'urn:renkei:acr:password-otp': ['urn:renkei:acr:password-otp', 'urn:renkei:acr:federated-otp'],
} as const satisfies Record<Acr, readonly Acr[]>;

const routesOf = (values: readonly Acr[]): readonly Route[] =>
  (['federated', 'direct'] as const).filter((route) => values.some((value) => acrMeanings[value].route === route));

/** `values`: acr_values and the voluntary claim; `essential`: the essential claim's; `minimum`: the registration's. */
export function demandOf(asked: {
  readonly values: readonly string[];
  readonly essential: readonly string[] | null;
  readonly always: boolean;
  readonly minimum: Acr | null;
}): Demand {
  const wish = acrDemand({ values: asked.values, essential: null, always: asked.always });
  const named = asked.essential !== null && asked.essential.length > 0 ? asked.essential.filter(isAcr) : null;
  if (named === null && asked.minimum === null) return { ...wish, acceptable: null };

  const floor: readonly Acr[] = asked.minimum === null ? all : atLeast[asked.minimum];
  const acceptable = floor.filter((value) => named === null || named.includes(value));
  const withOtp = acceptable.filter((value) => acrMeanings[value].otp);
  const plain = acceptable.filter((value) => !acrMeanings[value].otp);
  const otpDemanded = wish.otpDemanded || plain.length === 0;
  // Routes that meet it without a code come first, unless a code is demanded anyway.
  const possible = routesOf(otpDemanded ? withOtp : plain);
  const wished = possible.filter((route) => wish.routes.includes(route));
  const routes = wished.length > 0 ? wished : possible;
  return { otpDemanded, routes, unmeetable: possible.length === 0, acceptable };
}
