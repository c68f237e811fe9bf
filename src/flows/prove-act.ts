// The proof for an act on its check page: the confirmation password, and where the policy says so a code of the token, or one
// sent by mail (spec §5, OTP operations). A code is looked at only after the password was right: a miss there uses none up.
import { whomToAsk } from '../rules/ask.ts';
import type { AuditEvent } from '../rules/audit-event.ts';
import { graceState, personalGrace } from '../rules/grace.ts';
import { lockState, type LockState } from '../rules/lock.ts';
import type { LoginRecord } from '../rules/login.ts';
import { readEmailCode, readOtp } from '../rules/otp-token.ts';
import { judgeTypedPassword } from '../rules/password.ts';
import {
  proofFor,
  type Act as ActName,
  type Actor,
  type OtpStanding,
  type Proof,
  type Target,
} from '../rules/permission.ts';
import { hasUsableToken } from '../rules/person-facts.ts';
import type { Policy } from '../rules/policy.ts';
import type { Person } from '../store/account.ts';
import { guess } from './guess.ts';
import { checkOtp, nowStep } from './otp.ts';
import { writeRecord } from './record.ts';
import type { FormError, ScreenWord } from './sign-in/answer.ts';
import { checkTokenCode } from './token/email-code.ts';
import type { Act, Tools } from './tools.ts';

/** What a person who is signed in is to the permission table. */
export function actorOf({ account }: Person): Actor {
  return {
    kind: 'account',
    id: account.id,
    companyId: account.companyId,
    role: account.role,
    viewsRecords: account.viewsRecords,
  };
}

/** A person as the target of an act, as the store knows them. */
export function targetOf({ account }: Pick<Person, 'account'>): Target {
  return { companyId: account.companyId, accountId: account.id, role: account.role };
}

/** A person's company as the target of an act. */
export function companyOf({ account }: Pick<Person, 'account'>): Target {
  return { companyId: account.companyId, accountId: null, role: null };
}

/** How a person stands with one-time passwords now (spec §5: grace and companies without OTP). */
export function otpStandingOf(person: Person, policy: Pick<Policy, 'grace'>, now: number): OtpStanding {
  if (person.company.otpApplication === 'none') return 'not-applied';
  if (hasUsableToken(person, now)) return 'usable';
  const grace = graceState(personalGrace(person, policy.grace), now);
  return grace === 'open' || grace === 'last' ? 'grace' : 'none';
}

/** What the check page of an act asks of this person. */
export function proofOf(tools: Tools, act: Act, person: Person, name: ActName, target: Target): Proof {
  return proofFor(actorOf(person), name, target, otpStandingOf(person, tools.policy, act.now), tools.policy);
}

/** The token whose code is asked, as the page names it. */
export interface CodeAsked {
  readonly kind: 'hardware' | 'software';
  readonly last4: string;
  /** The code it shows now was used already: the next one is to be typed. */
  readonly afterLogin: boolean;
}

export function codeAsked(act: Act, { token }: Person): CodeAsked | null {
  if (!token) return null;
  const shown = nowStep(act, token) + token.drift;
  return {
    kind: token.kind,
    last4: token.serial?.slice(-4) ?? '',
    afterLogin: token.lastStep !== null && token.lastStep >= shown,
  };
}

export type ProvenAct =
  | { readonly verdict: 'proven' }
  | { readonly verdict: 'refused'; readonly word: ScreenWord; readonly errors: readonly FormError[] }
  /** The last wrong code ended everything, or the token is gone: look again who is signed in, and what is asked. */
  | { readonly verdict: 'look-again' };

/** What was typed on a check page; what the page did not ask is not looked at. */
export interface TypedProof {
  readonly confirmation: string;
  readonly otp: string;
  readonly emailCode?: string;
}

type Refused = Extract<ProvenAct, { readonly verdict: 'refused' }>;

const asks: readonly Proof[] = ['confirmation', 'confirmation+otp', 'confirmation+email-code'];

/**
 * Judges what was typed on a check page. Form first (never counted), then the password, then the code; every miss is counted
 * by the one counter of its kind, and a success is recorded with what it proved.
 * @param about facts for the record: whom the act is for
 */
export async function proveAct(
  tools: Tools,
  act: Act,
  by: { readonly person: Person; readonly login: LoginRecord },
  asked: { readonly act: ActName; readonly proof: Proof; readonly about: Readonly<Record<string, unknown>> },
  typed: TypedProof,
): Promise<ProvenAct> {
  const { person, login } = by;
  if (asked.proof === 'none') return { verdict: 'proven' };
  if (!asks.includes(asked.proof)) return { verdict: 'look-again' };
  const code = codeTyped(tools, asked.proof, typed);
  const passwordError = judgeTypedPassword(typed.confirmation);
  const errors: FormError[] = [];
  if (passwordError) errors.push({ field: 'confirmation_password', key: passwordError });
  if (code && !code.read.ok) errors.push({ field: code.field, key: code.read.error });
  if (errors.length > 0) return { verdict: 'refused', word: 'form', errors };

  const guessed = await guess(tools, act, person.account.id, 'confirmation', typed.confirmation);
  if (guessed.verdict !== 'right') {
    await record(tools, act, person, 'confirmation.missed', { for: asked.act, compared: guessed.verdict === 'wrong' });
    const error =
      guessed.verdict === 'wrong' && guessed.state === 'open'
        ? { field: 'confirmation_password', key: 'confirm.wrong', values: { n: guessed.remaining } }
        : await confirmationClosed(tools, person, guessed.state, guessed.until);
    return { verdict: 'refused', word: 'credentials', errors: [error] };
  }

  if (code?.read.ok === true) {
    const missed =
      code.field === 'otp'
        ? await tokenCodeMissed(tools, act, by, code.read.code)
        : await mailedCodeMissed(tools, act, person, code.read.code);
    if (missed) return missed;
  }
  await record(tools, act, person, 'act.proven', {
    ...asked.about,
    for: asked.act,
    proof: asked.proof,
    otp: otpStandingOf(person, tools.policy, act.now),
    login: login.id,
  });
  return { verdict: 'proven' };
}

/** The code that the proof asks, read by its form; null where it asks none. */
function codeTyped({ policy }: Tools, proof: Proof, typed: TypedProof) {
  const digits = policy.emailCode.digits;
  if (proof === 'confirmation+otp')
    return { field: 'otp', read: readOtp(typed.otp, policy.otp.digits, digits) } as const;
  if (proof === 'confirmation+email-code')
    return { field: 'email_code', read: readEmailCode(typed.emailCode ?? '', digits) } as const;
  return null;
}

async function tokenCodeMissed(
  tools: Tools,
  act: Act,
  { person, login }: { readonly person: Person; readonly login: LoginRecord },
  code: string,
): Promise<Exclude<ProvenAct, { readonly verdict: 'proven' }> | null> {
  const judged = await checkOtp(tools, act, person.account.id, code, null, login.route);
  if (judged.verdict === 'gone' || judged.verdict === 'stop') return { verdict: 'look-again' };
  if (judged.verdict === 'used')
    return { verdict: 'refused', word: 'otp-used', errors: [{ field: 'otp', key: 'otp.used' }] };
  if (judged.verdict !== 'wrong') return null;
  const error = { field: 'otp', key: 'otp.wrong', values: { n: judged.remaining } };
  return { verdict: 'refused', word: 'otp-wrong', errors: [error] };
}

async function mailedCodeMissed(tools: Tools, act: Act, { account }: Person, code: string): Promise<Refused | null> {
  const missed = await checkTokenCode(tools, act, account, 'revoke', code);
  return missed && { verdict: 'refused', word: missed.word, errors: [missed.error] };
}

/** Why the confirmation password can't be asked now, as the page tells it before anything is typed; null while it can. */
export async function confirmationTrouble(tools: Tools, act: Act, person: Person): Promise<FormError | null> {
  const { confirmation } = person;
  const state = confirmation === null ? 'stopped' : lockState(confirmation, act.now);
  return state === 'open' ? null : confirmationClosed(tools, person, state, confirmation?.lockedUntil ?? null);
}

/** A person without a confirmation password can do no more than one whose password is stopped. */
async function confirmationClosed(
  tools: Tools,
  person: Person,
  state: LockState,
  until: number | null,
): Promise<FormError> {
  const others = await tools.store.company.releasers(person.account.companyId, person.account.id);
  const ask = whomToAsk('password', others, tools.policy.release);
  return state === 'locked' && until !== null
    ? { field: null, key: 'confirm.locked', values: { until, ask } }
    : { field: null, key: 'confirm.stopped', values: { ask } };
}

async function record(
  tools: Tools,
  act: Act,
  { account }: Person,
  event: AuditEvent,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tools.store.transaction((tables) =>
    writeRecord(tables, act, {
      event,
      companyId: account.companyId,
      accountId: account.id,
      actor: { kind: 'account', id: account.id },
      data,
    }),
  );
}
