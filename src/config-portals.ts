// The schema of portals.yaml: OIDC registration names and, under `renkei`, what is ours (spec §12). Refuses here, with a
// remedy, what the provider library would refuse at the first sign-in.
import { z } from 'zod';
import { mergeLists, type Layer } from './config-layers.ts';
import type { Mistake } from './config-mistakes.ts';
import { addressProblem, count, mistakesOf } from './config-values.ts';
import type { Acr } from './rules/acr.ts';
import type { Portal } from './rules/portal.ts';

/** The built-in client of our own consoles: nobody else may be called so. */
const ownClient = 'renkei-web';

/** What authenticates a portal in production is at least this long, in characters. */
const secretLength = 32;

const acrs = [
  'urn:renkei:acr:federated',
  'urn:renkei:acr:federated-otp',
  'urn:renkei:acr:password',
  'urn:renkei:acr:password-otp',
] as const satisfies readonly Acr[];

const privateMembers = ['d', 'p', 'q', 'k'];

function entrySchema(http: boolean) {
  const address = z.string().superRefine((text, context) => {
    const problem = addressProblem(text, http);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });
  const acr = z.enum(acrs);
  const key = z.looseObject({ kty: z.string() }).refine((jwk) => !privateMembers.some((member) => member in jwk), {
    error: 'Write the public key: this one is private or shared.',
  });
  const secret = z
    .string()
    .regex(/^[\x21-\x7e]+$/, { error: 'Write printable ASCII without spaces.' })
    .refine((text) => http || text.length >= secretLength, {
      error: `Use at least ${secretLength} random characters.`,
    });
  return z.strictObject({
    client_id: z
      .string()
      .regex(/^[\x21-\x7e]{1,100}$/, { error: 'Write at most 100 printable ASCII characters without spaces.' })
      .refine((id) => id !== ownClient, { error: `Choose another: ${ownClient} is Renkei's own.` }),
    client_secret: secret.optional(),
    client_name: z.string().min(1).max(60, { error: 'Write at most 60 characters.' }).optional(),
    client_uri: address.optional(),
    redirect_uris: z.array(address).min(1, { error: 'Write at least one address.' }),
    post_logout_redirect_uris: z.array(address).optional(),
    jwks: z.strictObject({ keys: z.array(key).min(1) }).optional(),
    jwks_uri: address.optional(),
    token_endpoint_auth_method: z
      .enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'])
      .default('client_secret_basic'),
    grant_types: z.array(z.enum(['authorization_code', 'refresh_token'])).optional(),
    response_types: z.array(z.enum(['code', 'none'])).optional(),
    scope: z.string().optional(),
    subject_type: z.enum(['pairwise', 'public']).optional(),
    sector_identifier_uri: address.optional(),
    id_token_signed_response_alg: z.enum(['ES256', 'RS256']).optional(),
    default_acr_values: z.array(acr).optional(),
    default_max_age: count(0, 86_400).optional(),
    require_auth_time: z.boolean().optional(),
    authorization_details_types: z.array(z.literal('urn:renkei:approval')).optional(),
    initiate_login_uri: address.optional(),
    backchannel_logout_uri: address.optional(),
    backchannel_logout_session_required: z.boolean().optional(),
    renkei: z
      .strictObject({
        open: z.boolean().default(false),
        otp: z.enum(['always', 'asked']).default('asked'),
        acr: acr.nullable().default(null),
        consent: z.enum(['none', 'ask']).default('none'),
        pkce: z.enum(['required', 'optional']).default('required'),
        rotation: z.enum(['overlap', 'strict', 'none']).default('overlap'),
        resourceServer: z.boolean().default(false),
      })
      .prefault({}),
  });
}

type Entry = z.infer<ReturnType<typeof entrySchema>>;

const authenticatesBySecret = (e: Entry): boolean => e.token_endpoint_auth_method.startsWith('client_secret');
const hosts = (e: Entry): ReadonlySet<string> => new Set(e.redirect_uris.map((uri) => new URL(uri).host));

/** What must fit together in one entry; the first part of a path is the key to mend. */
const agreements: readonly (readonly [path: readonly string[], holds: (e: Entry) => boolean, remedy: string])[] = [
  [
    ['client_secret'],
    (e) => authenticatesBySecret(e) === (e.client_secret !== undefined),
    'Give one exactly if token_endpoint_auth_method is client_secret_basic (the default) or client_secret_post.',
  ],
  [
    ['jwks_uri'],
    (e) => e.token_endpoint_auth_method !== 'private_key_jwt' || (e.jwks === undefined) !== (e.jwks_uri === undefined),
    'With private_key_jwt give either jwks or jwks_uri.',
  ],
  [['grant_types'], (e) => e.grant_types?.includes('authorization_code') ?? true, 'Add authorization_code.'],
  [
    ['renkei', 'pkce'],
    (e) => e.renkei.pkce === 'required' || e.token_endpoint_auth_method !== 'none',
    'A portal without authentication must use PKCE: write required.',
  ],
  [
    ['sector_identifier_uri'],
    (e) => e.subject_type === 'public' || e.sector_identifier_uri !== undefined || hosts(e).size <= 1,
    'Its redirect_uris have several hosts: give a sector_identifier_uri, or subject_type: public.',
  ],
];

/** All portals; what is wrong with an entry is added to `mistakes`. `http`: accepted on loopback hosts. */
export function readPortals(
  layers: readonly Layer[],
  options: { readonly http: boolean },
  mistakes: Mistake[],
): readonly Portal[] {
  const schema = entrySchema(options.http).superRefine((entry, context) => {
    for (const [path, holds, remedy] of agreements) {
      if (!holds(entry)) context.addIssue({ code: 'custom', path: [...path], message: remedy });
    }
  });
  return mergeLists(layers, 'client_id', mistakes).flatMap((entry): readonly Portal[] => {
    const result = schema.safeParse(entry.value);
    if (result.success) return [result.data];
    mistakes.push(...mistakesOf(result.error, entry));
    return [];
  });
}
