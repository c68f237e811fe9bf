// BOT002 and the first half of BOT005: confirmation password and e-mail code make the issue. Everything it relies on is asked
// again in its one transaction; the code is looked at only after the password was right, so that a miss there uses none up.
import { issueFactsOf } from '../../rules/sign-in-facts.ts';
import { hasUsableToken } from '../../rules/person-facts.ts';
import { epochHolds } from '../../rules/standing.ts';
import {
  hasLapsed,
  kindsOffered,
  noProgress,
  purposeOf,
  type IssueDetails,
  type IssueKind,
} from '../../rules/token-issue.ts';
import type { AccountRow } from '../../store/account.ts';
import type { Tables } from '../../store/store.ts';
import { oweMail } from '../mail.ts';
import { writeRecord } from '../record.ts';
import { advanced, refused, type Answer, type FormError } from '../sign-in/answer.ts';
import type { Act, Tools } from '../tools.ts';
import { askConfirmation, readConfirmation } from './confirm.ts';
import { checkTokenCode, codeHeldUp, readTokenCode } from './email-code.ts';
import { endIssue } from './end-issue.ts';
import { issuePage, type IssueFront } from './front.ts';
import { kindOf } from './prepare.ts';

const pages = { app: 'issue-token-check', authenticator: 'authenticator-qr' } as const;

type Outcome = 'made' | 'gone' | { readonly word: 'form' | 'credentials'; readonly error: FormError };

/** Makes the issue. Pressed twice, or from two tabs, it makes one. */
export async function confirmIssue(
  tools: Tools,
  act: Act,
  front: IssueFront,
  typed: {
    readonly confirmation: string;
    readonly emailCode: string;
    /** Which details the page showed; null: it showed none. */
    readonly shown?: string | null;
  },
): Promise<Answer> {
  const { kind } = kindOf(tools, act, front);
  const { details } = front.progress ?? { details: null };
  if (kind === null || kind === 'hardware' || !details || front.progress?.codeSent !== true) return advanced;
  if (issuePage(tools, act, front) !== pages[kind] || front.progress.issued !== null) return advanced;
  // Entered anew in another tab: what is confirmed is looked at first.
  if (kind === 'app' && typed.shown !== undefined && typed.shown !== details.id) return advanced;
  const mistake = readConfirmation(typed.confirmation);
  const read = readTokenCode(tools, typed.emailCode);
  const errors = [...(mistake ? [mistake] : []), ...(read.ok ? [] : [read.error])];
  if (!read.ok || errors.length > 0) return refused('form', ...errors);
  const wrong = await askConfirmation(tools, act, front.person, typed.confirmation, 'issue-token');
  if (wrong) return refused('credentials', wrong);

  const outcome = await tools.store.transaction((tables) => make(tools, tables, act, front, kind, details, read.code));
  if (outcome === 'gone') {
    // Where a wait or the guard came between, the first page says so.
    await front.keep(() => ({ ...noProgress, kind }));
    return advanced;
  }
  if (outcome !== 'made') return refused(outcome.word, outcome.error);
  await front.keep((progress) => ({ ...progress, telling: true, issued: details.id }));
  return advanced;
}

/** BOT003 「次へ」. */
export async function acknowledgeIssue(front: IssueFront): Promise<Answer> {
  await front.keep((progress) => ({ ...progress, telling: false }));
  return advanced;
}

async function make(
  tools: Tools,
  tables: Tables,
  act: Act,
  front: IssueFront,
  kind: IssueKind,
  details: IssueDetails,
  code: string,
): Promise<Outcome> {
  const account = await tables.account.lock(front.person.account.id);
  if (!(await mayIssue(tools, tables, act, front, account, kind))) return 'gone';
  if (await tables.tokenIssue.find(details.id)) return 'made';
  const missed = await checkTokenCode(tools, act, account, purposeOf(kind), code);
  if (missed) return missed;
  const earlier = await tables.tokenIssue.lockOpen(account.id);
  if (earlier) await endIssue(tables, act, account, earlier, hasLapsed(earlier, act.now) ? 'lapsed' : 'replaced');
  const tokenId = tools.secrets.id();
  await tables.token.add({
    id: tokenId,
    companyId: account.companyId,
    kind: 'software',
    serial: null,
    secret: tools.secrets.newTokenSecret(tokenId),
    algorithm: 'SHA1',
    digits: tools.policy.otp.digits,
    period: tools.policy.otp.period / second,
    drift: 0,
    lastStep: null,
    lastStepBy: null,
    expiresAt: null,
    retiredAt: null,
  });
  const userId = kind === 'app' ? await freeUserId(tools, tables) : null;
  const expiresAt = act.now + tools.policy.issue.lapse;
  await tables.tokenIssue.add({
    id: details.id,
    tokenId,
    accountId: account.id,
    kind,
    userId,
    activation: kind === 'app' ? details.activation : null,
    address: kind === 'app' ? details.address : null,
    issuedAt: act.now,
    expiresAt,
  });
  if (userId !== null) await oweIssued(tools, tables, act, account, { userId, address: details.address, expiresAt });
  await writeRecord(tables, act, {
    event: 'token.issued',
    companyId: account.companyId,
    accountId: account.id,
    actor: { kind: 'account', id: account.id },
    data: {
      issue: details.id,
      token: tokenId,
      kind,
      until: expiresAt,
      proof: tools.policy.issue.proof,
      by: front.login,
      route: front.route,
    },
  });
  return 'made';
}

const second = 1000;

/** What the pages before have judged, once more under the lock. */
async function mayIssue(
  tools: Tools,
  tables: Tables,
  act: Act,
  { stamp, progress }: IssueFront,
  account: AccountRow,
  kind: IssueKind,
): Promise<boolean> {
  const person = await tables.account.person(account.id);
  if (!stamp || !epochHolds(stamp, account) || !person || account.otpStoppedAt !== null) return false;
  if (account.stoppedAt !== null || hasUsableToken(person, act.now)) return false;
  if (account.waitsUntil !== null && account.waitsUntil > act.now) return false;
  if (codeHeldUp(tools, act, account, purposeOf(kind)) !== null) return false;
  return kindsOffered(issueFactsOf(progress, person, tools.policy, act.now)).includes(kind);
}

/** ユーザID that nobody has or had. */
async function freeUserId(tools: Tools, tables: Tables): Promise<string> {
  for (;;) {
    const userId = tools.secrets.tokenUserId();
    if (!(await tables.tokenIssue.byUserId(userId))) return userId;
  }
}

/** 「トークン発行のお知らせ」 to the address that was entered; never the activation password. */
export function oweIssued(
  tools: Tools,
  tables: Tables,
  act: Act,
  account: AccountRow,
  issue: { readonly userId: string; readonly address: string; readonly expiresAt: number },
): Promise<void> {
  const facts = { userId: issue.userId, until: issue.expiresAt };
  return oweMail(tools, tables, act, account, 'token-issued', facts, 'self', issue.address);
}
