// The schema of policy.yaml and the profiles: it yields exactly what rules/policy.ts wants, and refuses numbers that no
// bank can mean.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { mergeObjects, type Layer } from './config-layers.ts';
import type { Mistake } from './config-mistakes.ts';
import { count, duration, mistakesOf, timeOfDay } from './config-values.ts';
import { acts as permissionActs, neverToOneself, whos } from './rules/permission.ts';
import type { Policy } from './rules/policy.ts';

/** The acts that a bank may put behind the one-time password (spec §5, OTP operations). */
const acts = [
  'create-user',
  'change-user',
  'delete-user',
  'change-password-of-others',
  'revoke-token',
  'unlink',
  'change-company-settings',
] as const;

const released = z.enum(['company', 'operator']);

const shape = z.strictObject({
  loginId: z.strictObject({ min: count(6, 32), max: count(6, 64) }),
  password: z.strictObject({
    min: count(8, 64),
    max: count(8, 128),
    printable: z.boolean(),
    refuseCommon: z.boolean(),
    history: count(0, 24),
    expiry: duration('1d', '3650d').optional(),
    warnBefore: duration('0d', '90d'),
  }),
  issuedValid: duration('1d', '400d'),
  locks: z.strictObject({ tries: count(3, 10), lock: duration('1m', '24h'), stopAt: count(1, 10) }),
  firstLink: z.strictObject({ triesPerDay: count(1, 100) }),
  otp: z.strictObject({
    at: z.enum(['login', 'operations']),
    tries: count(3, 10),
    digits: count(6, 8),
    period: duration('30s', '60s'),
    resyncSteps: count(2, 100),
  }),
  grace: z.strictObject({
    afterArrival: duration('0d', '90d'),
    afterApplication: duration('0d', '180d'),
    then: z.enum(['block-otp-operations', 'block-login']),
    extension: duration('1d', '180d'),
  }),
  fees: z.strictObject({ free: count(0, 1000), token: count(0, 1_000_000), reissue: count(0, 1_000_000) }),
  sharing: z.array(z.enum(['one_for_all', 'some', 'one_each'])).min(1, { error: 'Name at least one way of sharing.' }),
  tokenExpiry: z.strictObject({ warnBefore: duration('0d', '365d') }),
  device: z.strictObject({
    allowed: z.boolean(),
    absolute: duration('1d', '400d'),
    unused: duration('1d', '400d'),
    overlap: duration('0s', '10m'),
    perBrowser: count(1, 20),
  }),
  link: z.strictObject({ linksPerAccount: count(1, 10), unused: duration('1d', '3650d'), companyClaim: z.boolean() }),
  emailCode: z.strictObject({
    digits: count(6, 10),
    valid: duration('1m', '1h'),
    tries: count(1, 10),
    resendAfter: duration('10s', '10m'),
    perHour: count(1, 60),
  }),
  source: z.strictObject({ window: duration('1m', '24h'), failures: count(1, 100_000), ids: count(1, 100_000) }),
  attempt: z.strictObject({ lifetime: duration('1m', '2h'), setup: duration('1m', '4h') }),
  session: z.strictObject({
    idle: duration('1m', '10h'),
    consoleIdle: duration('1m', '10h'),
    absolute: duration('1m', '24h'),
    perAccount: count(1, 100),
  }),
  release: z.strictObject({ softwareOtp: released, hardwareOtp: released }),
  issue: z.strictObject({
    proof: z.enum(['email-code+confirmation']),
    lapse: duration('1h', '14d'),
    tries: count(3, 10),
    fetchAgain: duration('0s', '1h'),
    kinds: z.array(z.enum(['app', 'authenticator'])).min(1, { error: 'Name app, authenticator, or both.' }),
  }),
  revoke: z.strictObject({
    proof: z.enum(['confirmation+otp', 'confirmation']),
    wait: z.union([
      z.literal('none').transform(() => null),
      z.strictObject({ after: duration('0s', '24h'), nightFrom: timeOfDay, nightUntil: timeOfDay }),
    ]),
  }),
  otpOperations: z.array(z.enum(acts)),
  permissions: z
    .partialRecord(z.enum(permissionActs), z.array(z.enum(whos)))
    .superRefine((rows, context) => {
      for (const act of neverToOneself)
        if (rows[act]?.includes('self') === true)
          context.addIssue({ code: 'custom', path: [act], message: 'Nobody does this to oneself: remove self.' });
    })
    .default({}),
  bulkCheck: z.enum(['page', 'list']),
  forcedChange: z.enum(['fixed', 'free']),
  spray: z.strictObject({ people: count(2, 1000), window: duration('1m', '24h'), quiet: duration('1m', '7d') }),
  takeover: z.strictObject({ emailWait: duration('0s', '7d'), window: duration('1h', '30d') }),
  hours: z.strictObject({ from: timeOfDay, to: timeOfDay }).optional(),
});

type Values = z.infer<typeof shape>;

/** Pairs that must be in order; the remedy names both. */
const ordered: readonly (readonly [path: readonly string[], holds: (v: Values) => boolean, remedy: string])[] = [
  [['loginId', 'max'], (v) => v.loginId.min <= v.loginId.max, 'Make it at least loginId.min.'],
  [['password', 'max'], (v) => v.password.min <= v.password.max, 'Make it at least password.min.'],
  [['device', 'unused'], (v) => v.device.unused <= v.device.absolute, 'Make it at most device.absolute.'],
  [['session', 'idle'], (v) => v.session.idle <= v.session.absolute, 'Make it at most session.absolute.'],
  [['session', 'consoleIdle'], (v) => v.session.consoleIdle <= v.session.idle, 'Make it at most session.idle.'],
  [['attempt', 'setup'], (v) => v.attempt.lifetime <= v.attempt.setup, 'Make it at least attempt.lifetime.'],
  [
    ['hours', 'to'],
    (v) => v.hours === undefined || v.hours.from !== v.hours.to,
    'Make it differ from hours.from, or remove hours.',
  ],
];

const schema = shape.superRefine((values, context) => {
  for (const [path, holds, remedy] of ordered) {
    if (!holds(values)) context.addIssue({ code: 'custom', path: [...path], message: remedy });
  }
});

/** The policy of the merged layers, or null with what is wrong added to `mistakes`. */
export function readPolicy(layers: readonly Layer[], profile: string, mistakes: Mistake[]): Policy | null {
  const merged = mergeObjects(layers, mistakes);
  const result = schema.safeParse(merged.value);
  if (!result.success) {
    mistakes.push(...mistakesOf(result.error, merged));
    return null;
  }
  const { hours = null, ...values } = result.data;
  const rest = { ...values, password: { ...values.password, expiry: values.password.expiry ?? null }, hours };
  return { version: `${profile}-${fingerprint(rest)}`, ...rest };
}

/** The same for the same values, whatever the order in the files. */
function fingerprint(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 12);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${keys.map(([key, inside]) => `${JSON.stringify(key)}:${canonical(inside)}`).join(',')}}`;
}
