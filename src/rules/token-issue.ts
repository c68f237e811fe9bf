// トークン発行: which page of the issue comes next, at a sign-in and in the self-service alike, from what was chosen and proven
// so far (spec §5; guides S1, S2). Pure. What an issue may be ended by stands here too.
import type { Policy } from './policy.ts';
import type { Instant } from './sign-in-record.ts';

/** Who keeps the secret: the built-in token app, or a standard authenticator. */
export type IssueKind = 'app' | 'authenticator';

/** What may be chosen on BOT011. */
export type ChosenKind = IssueKind | 'hardware';

export type IssueEnd = 'activated' | 'void' | 'lapsed' | 'cancelled' | 'replaced' | 'revoked';

/** Purposes of e-mail codes about tokens: a code proves the address for one of them alone. */
export type TokenCodePurpose = 'issue' | 'authenticator' | 'register' | 'revoke';

/**
 * What was entered on BOT001, kept until BOT002 proves it. `activation` is its mark, bound to `id`; never the digits. An
 * authenticator has neither address nor activation password: both are empty.
 */
export interface IssueDetails {
  /** The issue's id to be: two presses of one button make one issue. */
  readonly id: string;
  readonly address: string;
  readonly activation: string;
}

/** How far a person is; in the record of an attempt, or in a draft of a login. Nothing in it came from a hidden field. */
export interface IssueProgress {
  /** Null: to be chosen on BOT011. */
  readonly kind: ChosenKind | null;
  /** OK was pressed on BOT012: a code was sent for this kind. */
  readonly codeSent: boolean;
  readonly details: IssueDetails | null;
  /** The details were entered; 「戻る」 takes it back. */
  readonly checking: boolean;
  /** The result page BOT003 was not acknowledged yet. */
  readonly telling: boolean;
  /** The issue that was made here: its secret is shown to nobody else who reaches the page. */
  readonly issued: string | null;
}

export const noProgress: IssueProgress = {
  kind: null,
  codeSent: false,
  details: null,
  checking: false,
  telling: false,
  issued: null,
};

export interface IssueFacts {
  readonly application: 'none' | 'software' | 'hardware' | 'both';
  /** Software kinds that the bank offers. */
  readonly kinds: Policy['issue']['kinds'];
  /** One's own lost token: whatever comes next wants an e-mail code. */
  readonly lost: boolean;
  /** The kind of the issue that is open. */
  readonly open: IssueKind | null;
  readonly progress: IssueProgress | null;
}

export type RegistrationSlug =
  | 'register-token'
  | 'choose-token-kind'
  | 'send-email-code'
  | 'issue-token'
  | 'issue-token-check'
  | 'issue-token-done'
  | 'activate-token'
  | 'authenticator-qr';

/** What a person of this company may choose, in the order in which it is shown. */
export function kindsOffered({ application, kinds }: Pick<IssueFacts, 'application' | 'kinds'>): readonly ChosenKind[] {
  const software = application === 'software' || application === 'both' ? kinds : [];
  return application === 'hardware' || application === 'both' ? [...software, 'hardware'] : software;
}

/**
 * The page that leads on to a token. With one kind nothing is chosen (guide S2); a company with both begins at the key-fob's
 * page, which offers the app (screens.md TKN001).
 */
export function registrationPage(facts: IssueFacts): RegistrationSlug {
  const { open, progress, lost } = facts;
  if (open === 'authenticator') return 'authenticator-qr';
  if (open === 'app') return progress?.telling === true ? 'issue-token-done' : 'activate-token';
  const offered = kindsOffered(facts);
  const kind = chosenOf(offered, progress);
  if (kind === null) return 'choose-token-kind';
  const sent = progress?.codeSent === true && progress.kind === kind;
  if (kind === 'hardware') return lost && !sent ? 'send-email-code' : 'register-token';
  if (!sent) return 'send-email-code';
  if (kind === 'authenticator') return 'authenticator-qr';
  return progress.checking && progress.details !== null ? 'issue-token-check' : 'issue-token';
}

/** What was entered for an issue that has ended since is nobody's any more: one begins anew. */
export function standingProgress(progress: IssueProgress | null, open: IssueKind | null): IssueProgress | null {
  return progress !== null && progress.issued !== null && open === null ? noProgress : progress;
}

/** The kind that is meant; null: it has to be chosen. What is not offered was not chosen. */
export function chosenOf(offered: readonly ChosenKind[], progress: IssueProgress | null): ChosenKind | null {
  if (progress?.kind && offered.includes(progress.kind)) return progress.kind;
  if (offered.length === 1) return offered[0] ?? null;
  return progress === null && offered.includes('hardware') ? 'hardware' : null;
}

/** What the codes of a kind are for: BOT012 sends them, one page after it asks them. */
export function purposeOf(kind: ChosenKind): TokenCodePurpose {
  return kind === 'app' ? 'issue' : kind === 'authenticator' ? 'authenticator' : 'register';
}

/** Not finished within its time: nothing of it can be used any more (spec §5, 72 hours). */
export function hasLapsed(issue: { readonly expiresAt: Instant }, now: Instant): boolean {
  return issue.expiresAt <= now;
}
