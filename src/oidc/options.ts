// What the protocol rim is handed: the questions it asks, the pages it has shown, what it reports. Types only; the rim
// itself knows no database and no view.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonWebKey } from 'node:crypto';
import type { LoginRecord } from '../rules/login.ts';
import type { Policy } from '../rules/policy.ts';
import type { PersonClaims, Portal } from '../rules/portal.ts';
import type { Instant, LiveLogin, PortalRequest } from '../rules/sign-in-record.ts';
import type { Step } from '../rules/sign-in.ts';
import type { State } from '../store/state.ts';

/** A provider session that ends, and whom it concerns. */
export interface EndingSession {
  readonly sessionUid: string;
  readonly accountId: string;
  /** The session's present login. Those that its portals were entered with `bindPortal` has named. */
  readonly loginIds: readonly string[];
  readonly portals: readonly { readonly clientId: string; readonly sid: string }[];
}

/** `signed-out`: on our own pages; `portal`: RP-initiated logout; `replaced`: another person signs in here. */
export type EndingReason = 'signed-out' | 'portal' | 'replaced';

export interface Standing {
  readonly accountId: string;
  readonly person?: PersonClaims;
}

export interface Questions {
  /**
   * Whether what a login proved still holds (house rule: asked for Session and Grant, nowhere else); null: it doesn't. Whoever
   * knows the person's claims by then may say them.
   */
  standing(loginId: string): Promise<Standing | null>;
  login(loginId: string): Promise<LoginRecord | null>;
  /** The sign-in table for a live session that meets a new request; `finish` means that no page is needed. */
  judge(request: PortalRequest, live: LiveLogin): Promise<Step>;
  person(accountId: string): Promise<PersonClaims | null>;
  /** Notes that a portal was entered and must be told when the login ends; false when the account may not enter it (any more). */
  bindPortal(login: LoginRecord, sessionUid: string, clientId: string, sid: string): Promise<boolean>;
  /** Called before a session is destroyed by the rim: end its logins and enqueue the back-channel logout there. */
  sessionEnding(session: EndingSession, reason: EndingReason): Promise<void>;
}

/** The part of koa's context that a page needs; koa's own satisfies it. `state` is the outer application's. */
export interface PageContext {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly path: string;
  readonly state: Record<string, unknown>;
  status: number;
  type: string;
  body: unknown;
  get(name: string): string;
  set(name: string, value: string): void;
}

/** A portal as a page names it. */
export interface NamedPortal {
  readonly clientId: string;
  readonly name: string;
  readonly uri: string | null;
}

export interface ConfirmLogoutView {
  /** Where the form is posted; the button `action=cancel` stays signed in. */
  readonly action: string;
  readonly hidden: Readonly<Record<string, string>>;
  /** Who asked; null when nobody can be named. */
  readonly portal: NamedPortal | null;
  /** Portals that the session has entered. */
  readonly entered: readonly NamedPortal[];
}

export interface SignedOutView {
  /** Where the person came from; null when nobody can be named. */
  readonly portal: NamedPortal | null;
  /** The upstream's own session, and a remembered device, are as they were. */
  readonly upstreamGoesOn: boolean;
  readonly deviceGoesOn: boolean;
}

export interface ErrorView {
  readonly error: string;
  readonly description: string | null;
  readonly portal: NamedPortal | null;
}

/** Each sets type and body of the answer; the status is set already and stays. */
export interface Pages {
  confirmLogout(ctx: PageContext, view: ConfirmLogoutView): void | Promise<void>;
  signedOut(ctx: PageContext, view: SignedOutView): void | Promise<void>;
  error(ctx: PageContext, view: ErrorView, error: Error): void | Promise<void>;
}

/** For log and metrics; no event carries a secret. */
export type RimEvent =
  | { readonly kind: 'unexpected'; readonly error: Error }
  | {
      readonly kind: 'refused';
      readonly at: string;
      readonly clientId: string | null;
      readonly error: string;
      readonly detail: string | null;
    }
  | { readonly kind: 'grant-revoked'; readonly clientId: string | null; readonly at: string }
  | { readonly kind: 'backchannel-failed'; readonly clientId: string; readonly error: Error };

/** Where the provider's own requests (back-channel logout, a portal's jwks_uri) may go. */
export interface Egress {
  /** Exact origins, `https://host[:port]`. */
  readonly allowedOrigins: readonly string[];
  /** Admits http for listed loopback origins. */
  readonly demo: boolean;
}

export interface OidcOptions {
  readonly issuer: string;
  readonly state: State;
  /** Waits until everything that this request wrote there stands; nothing is answered before. */
  readonly settle: () => Promise<void>;
  /** Must be the clock of `Date`: the provider library reads that one. */
  readonly clock: () => Instant;
  readonly policy: Pick<Policy, 'attempt' | 'session'>;
  readonly portals: readonly Portal[];
  /** Private keys, the newest of each algorithm first: that one signs. */
  readonly jwks: readonly JsonWebKey[];
  /** The first one signs cookies, all verify. */
  readonly cookieKeys: readonly string[];
  readonly pairwiseSalt: string;
  readonly questions: Questions;
  readonly pages: Pages;
  readonly egress: Egress;
  readonly report: (event: RimEvent) => void;
}
