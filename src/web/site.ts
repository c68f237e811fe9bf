// What every handler is given: flows' tools, the provider's verbs, brand and the few secrets of the browser rim.
import type { Brand } from '../../views/messages/texts.ts';
import type { Tools } from '../flows/tools.ts';
import type { Approved } from '../rules/approval.ts';
import type { DeskHours } from '../rules/desk.ts';
import type { LoginRecord } from '../rules/login.ts';
import type { LiveLogin, PortalRequest } from '../rules/sign-in-record.ts';
import type { Context } from 'koa';

/** The provider's verbs (oidc/), handed in by gateway.ts. */
export interface Provider {
  /** The interaction that this browser holds under this uid; null when it holds none, or another. */
  openAttempt(
    ctx: Context,
    uid: string,
  ): Promise<{
    readonly request: PortalRequest;
    readonly live: LiveLogin | null;
    /** Somebody has proven everything: what is left is to go on to the portal. */
    readonly finished: boolean;
    readonly startedAt: number;
  } | null>;
  /** Says that this request will open or finish the interaction, so that it is read meanwhile. */
  foresee(uid: string): void;
  /** Where to send the browser when an attempt has finished. Null when the interaction is gone. */
  finish(ctx: Context, uid: string, login: LoginRecord, approved: Approved | null): Promise<string | null>;
  cancel(ctx: Context, uid: string, error: string, description: string): Promise<string | null>;
  /** The live session of this browser, if its login stands. */
  session(
    ctx: Context,
  ): Promise<{ readonly loginId: string; readonly sessionUid: string; readonly accountId: string } | null>;
  /** Ends the provider's session of this browser; the portals that are told, or null when nobody was signed in. */
  endSession(ctx: Context): Promise<readonly string[] | null>;
  /** Answers the provider's own addresses; others go to `next`. */
  handle(ctx: Context, next: () => Promise<unknown>): Promise<unknown>;
}

export interface Site {
  readonly tools: Tools;
  /** Runs one request; when it resolves, everything that it wrote to the state store stands. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T>;
  /** Handles a request whose answer has ended when `answered` resolves: some work is left until then. */
  readonly answering: <T>(answered: Promise<void>, work: () => Promise<T>) => Promise<T>;
  /** Waits until what the present request wrote there so far stands; what others wrote meanwhile is seen from then on. */
  readonly settle: () => Promise<void>;
  readonly provider: Provider;
  readonly issuer: string;
  readonly origin: string;
  readonly https: boolean;
  readonly hosts: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly environment: 'demo' | null;
  readonly brand: Brand;
  /** サービスID: what token apps know this deployment by. */
  readonly serviceId: string;
  /** The domain from which our mails come, as pages name it. */
  readonly mailDomain: string;
  /** When the desk answers; null: not told. */
  readonly deskHours: DeskHours | null;
  /** The authorization request of our own built-in client. */
  signInUrl(ask: { readonly state: string; readonly language: 'ja' | 'en'; readonly upstream?: string }): string;
  readonly clock: () => number;
  /** Enabled upstreams, the first one preferred; `down` while its circuit is open. */
  upstreams(): readonly {
    readonly issuer: string;
    readonly id: string;
    readonly name: { readonly ja: string; readonly en: string };
    readonly down: boolean;
  }[];
  /** `8:00〜21:00`, or null where the service never closes. */
  readonly serviceHours: string | null;
  newValue(): string;
  newReference(): string;
  digest(value: string): string;
  mark(purpose: 'csrf' | 'device-cookie' | 'return' | 'edit', value: string): string;
  sameText(one: string, other: string): boolean;
  /** Whether an error means that a store does not answer, or that too much is asked at once. */
  isUnavailable(error: unknown): boolean;
  isOverloaded(error: unknown): boolean;
  log(event: string, fields: Readonly<Record<string, string | number | boolean | null>>): void;
  /** Demo: the clock of all processes, followed at each request. */
  readonly followClock: (() => Promise<void>) | null;
  /** Demo: seconds by which that clock runs ahead of the real one. */
  readonly demoOffset: (() => number) | null;
  health(): Promise<Readonly<Record<string, string>>>;
  /** Judges an upstream's logout token. */
  verifyUpstreamLogout(
    jwt: string,
  ): Promise<
    | { readonly verdict: 'good'; readonly issuer: string; readonly subject: string | null }
    | { readonly verdict: 'refused' | 'down' }
  >;
  /** Registered `initiate_login_uri`s by address. */
  readonly initiateLoginUris: ReadonlyMap<string, string>;
  /** Portals as the top page lists them. */
  readonly portalCards: readonly {
    readonly clientId: string;
    readonly open: boolean;
    readonly name: string;
    readonly href: string;
    readonly otp: boolean;
  }[];
  /** Where the upstream offers its own logout; null when it does not. */
  upstreamLogoutUrl(issuer: string, returnTo: string, language: 'ja' | 'en'): Promise<string | null>;
}
