// The schema of upstreams.yaml: OIDC registration names and, under `renkei`, what is ours (spec §12). An entry that is
// switched off needs nothing but its issuer, and is gone before anybody could use it.
import { z } from 'zod';
import { mergeLists, type Layer } from './config-layers.ts';
import type { Mistake } from './config-mistakes.ts';
import { addressProblem, mistakesOf } from './config-values.ts';
import { signingAlgorithms, type UpstreamConfig } from './rules/upstream.ts';

export interface Names {
  readonly ja: string;
  readonly en: string;
}

const text = z.string().min(1, { error: 'Write something between the quotes.' });

/** `http` accepts plain http on loopback hosts: demo and tests alone. */
function entrySchema(http: boolean, fallback: Names) {
  return z.strictObject({
    issuer: z.string().superRefine((issuer, context) => {
      const problem =
        addressProblem(issuer, http) ?? (issuer.includes('?') ? 'Write the issuer without a query (?…).' : null);
      if (problem) context.addIssue({ code: 'custom', message: problem });
    }),
    client_id: text,
    client_secret: text,
    token_endpoint_auth_method: z.enum(['client_secret_basic', 'client_secret_post']).default('client_secret_basic'),
    scope: z
      .string()
      .refine((scope) => scope.split(' ').includes('openid'), {
        error: 'Write scopes separated by spaces, with openid among them.',
      })
      .default('openid'),
    name: z
      .union([text.transform((name): Names => ({ ja: name, en: name })), z.strictObject({ ja: text, en: text })])
      .default(fallback),
    id_token_signed_response_alg: z.enum(signingAlgorithms).optional(),
    renkei: z
      .strictObject({
        enabled: z.literal(true).default(true),
        display_claim: text.nullable().default(null),
        company_claim: text.nullable().default(null),
        trust: z
          .strictObject({ auth_time: z.boolean().default(false), otp: z.literal('none').default('none') })
          .prefault({}),
      })
      .prefault({}),
  });
}

const isOff = (entry: unknown): boolean =>
  z.object({ renkei: z.object({ enabled: z.literal(false) }) }).safeParse(entry).success;

/** The upstreams that are switched on; what is wrong with an entry is added to `mistakes`. */
export function readUpstreams(
  layers: readonly Layer[],
  options: { readonly http: boolean; readonly name: Names },
  mistakes: Mistake[],
): readonly UpstreamConfig[] {
  const schema = entrySchema(options.http, options.name);
  return mergeLists(layers, 'issuer', mistakes).flatMap((entry): readonly UpstreamConfig[] => {
    if (isOff(entry.value)) return [];
    const result = schema.safeParse(entry.value);
    if (result.success) return [result.data];
    mistakes.push(...mistakesOf(result.error, entry));
    return [];
  });
}
