// What an operator decides about a forgotten master password (spec §2), and which requests wait. Approved: a new issued
// password goes out by post. Decision: it stands beside the present one and takes its place when it is first used
// (flows/reset/take-up.ts), so that 「現在のパスワードは届くまで変わりません」 is true: nobody is kept out, or asked to change
// a password that is still in the post. What is released at once is the login password's lock or stop, else the letter could
// not be used; the confirmation password stays as it is.
import { statesOf, type AccountState } from '../../rules/account.ts';
import type { AuditActor } from '../../rules/audit-event.ts';
import { clearCounter } from '../../rules/lock.ts';
import { letterDigits, readRequestNumber } from '../../rules/reset-request.ts';
import type { Instant } from '../../rules/sign-in-record.ts';
import type { AccountRow } from '../../store/account.ts';
import type { ResetRequestRow } from '../../store/reset-request.ts';
import type { Tables } from '../../store/store.ts';
import { oweMail } from '../mail.ts';
import { writeRecord } from '../record.ts';
import type { Act, Tools } from '../tools.ts';

/** What the letter says; `password` is told to nobody but the one who posts it, once. */
export interface ResetLetter {
  readonly number: string;
  readonly company: string;
  readonly contractNumber: string;
  readonly name: string;
  readonly loginId: string;
  readonly password: string;
  readonly issuedAt: Instant;
  readonly until: Instant;
  readonly language: 'ja' | 'en' | null;
}

export interface OpenRequest {
  readonly number: string;
  readonly askedAt: Instant;
  readonly company: string;
  readonly contractNumber: string;
  readonly name: string;
  readonly loginId: string;
  readonly states: readonly AccountState[];
  /** Others of the company who can release now: with one of them, a reset is the longer way. */
  readonly otherReleasers: number;
}

/** The oldest first, at most 200. */
export async function openRequests(tools: Tools, act: Act): Promise<readonly OpenRequest[]> {
  const found: OpenRequest[] = [];
  for (const row of await tools.store.resetRequest.open(200)) {
    const person = await tools.store.account.person(row.accountId);
    if (!person) continue;
    found.push({
      number: row.number,
      askedAt: row.askedAt,
      company: person.company.name,
      contractNumber: person.company.contractNumber,
      name: person.account.name,
      loginId: person.account.loginName,
      states: statesOf(person, act.now),
      otherReleasers: await tools.store.company.releasers(row.companyId, row.accountId),
    });
  }
  return found;
}

/** `unknown`: no such number, or an account that was deleted; `decided`: by somebody else before. */
export type Undecided = 'unknown' | 'decided';

export async function approveReset(
  tools: Tools,
  act: Act,
  asked: { readonly number: string; readonly actor: AuditActor },
): Promise<ResetLetter | Undecided> {
  const request = await openRequest(tools, asked.number);
  if (typeof request === 'string') return request;
  const fresh = await newLetter(tools, act);
  return tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(request.accountId);
    if (account.deletedAt !== null) return 'unknown';
    if (!(await tables.resetRequest.decide(request.id, decided(act, asked.actor, 'approved', null)))) return 'decided';
    await tables.credential.change(account.id, 'login', () => ({
      keep: { ...clearCounter, announcedAt: null, letterHash: fresh.hash, letterUntil: fresh.until },
      verdict: true,
    }));
    await tables.guessBudget.clear(account.id);
    const { number } = request;
    await oweMail(tools, tables, act, account, 'reset-decided', { number, approved: true, why: null }, 'desk');
    await recordLetter(tables, act, account, asked.actor, { request: request.id, number, until: fresh.until });
    return letterTo(tables, act, account, number, fresh);
  });
}

/**
 * A new letter for an approved request, in place of one that was lost or never printed: the former password is void at once.
 * `decided` also when the request was refused or a later one approved, and when its letter was used, has lapsed, or something
 * else took the password's place: then a new request is needed.
 */
export async function renewLetter(
  tools: Tools,
  act: Act,
  asked: { readonly number: string; readonly actor: AuditActor },
): Promise<ResetLetter | Undecided> {
  const number = readRequestNumber(asked.number);
  const request = number === null ? null : await tools.store.resetRequest.byNumber(number);
  if (!request) return 'unknown';
  const fresh = await newLetter(tools, act);
  return tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(request.accountId);
    if (account.deletedAt !== null) return 'unknown';
    const newest = await tables.resetRequest.newestApproved(account.id);
    const renewed =
      newest?.id === request.id &&
      (await tables.credential.change(account.id, 'login', ({ letterHash, letterUntil }) =>
        (letterHash ?? null) === null || (letterUntil ?? 0) <= act.now
          ? { keep: {}, verdict: false }
          : { keep: { letterHash: fresh.hash, letterUntil: fresh.until }, verdict: true },
      ));
    if (renewed !== true) return 'decided';
    const facts = { request: request.id, number: request.number, until: fresh.until, again: true };
    await recordLetter(tables, act, account, asked.actor, facts);
    return letterTo(tables, act, account, request.number, fresh);
  });
}

interface FreshLetter {
  readonly password: string;
  readonly hash: string;
  readonly until: Instant;
}

async function newLetter(tools: Tools, act: Act): Promise<FreshLetter> {
  const password = tools.secrets.digits(letterDigits);
  return { password, hash: await tools.secrets.hasher.hash(password), until: act.now + tools.policy.issuedValid };
}

async function letterTo(
  tables: Tables,
  act: Act,
  account: AccountRow,
  number: string,
  { password, until }: FreshLetter,
): Promise<ResetLetter> {
  const company = await tables.company.find(account.companyId);
  return {
    number,
    company: company?.name ?? '',
    contractNumber: company?.contractNumber ?? '',
    name: account.name,
    loginId: account.loginName,
    password,
    issuedAt: act.now,
    until,
    language: account.language,
  };
}

const recordLetter = (
  tables: Tables,
  act: Act,
  account: AccountRow,
  actor: AuditActor,
  data: Readonly<Record<string, unknown>>,
): Promise<void> =>
  writeRecord(tables, act, {
    event: 'reset.approved',
    companyId: account.companyId,
    accountId: account.id,
    actor,
    data,
  });

/** Sent back: nothing changes but the request; the person is told why, in the words given. */
export async function refuseReset(
  tools: Tools,
  act: Act,
  asked: { readonly number: string; readonly why: string; readonly actor: AuditActor },
): Promise<'refused' | Undecided> {
  const request = await openRequest(tools, asked.number);
  if (typeof request === 'string') return request;
  const { number } = request;
  return tools.store.transaction(async (tables) => {
    const account = await tables.account.lock(request.accountId);
    if (!(await tables.resetRequest.decide(request.id, decided(act, asked.actor, 'refused', asked.why))))
      return 'decided';
    if (account.deletedAt === null) {
      const facts = { number, approved: false, why: asked.why };
      await oweMail(tools, tables, act, account, 'reset-decided', facts, 'desk');
    }
    await writeRecord(tables, act, {
      event: 'reset.refused',
      companyId: account.companyId,
      accountId: account.id,
      actor: asked.actor,
      data: { request: request.id, number, why: asked.why },
    });
    return 'refused';
  });
}

async function openRequest(tools: Tools, typed: string): Promise<ResetRequestRow | Undecided> {
  const number = readRequestNumber(typed);
  const request = number === null ? null : await tools.store.resetRequest.byNumber(number);
  if (!request) return 'unknown';
  return request.decidedAt === null ? request : 'decided';
}

const decided = (act: Act, actor: AuditActor, decision: 'approved' | 'refused', why: string | null) => ({
  decision,
  decidedBy: actor.id ?? actor.kind,
  why,
  decidedAt: act.now,
});
