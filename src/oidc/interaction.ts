// The attempt's side of the provider: opening the interaction that a page belongs to, and ending it. The interaction
// cookie must name the interaction of the address; the library itself would trust the cookie alone.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { Interaction, InteractionResults, Session } from 'oidc-provider';
import type { Instant, LiveLogin, PortalRequest } from '../rules/sign-in-record.ts';
import type { Carried } from './binding.ts';
import { endSession, sessionOf, type SessionDeps } from './sessions.ts';

export interface OpenAttempt {
  readonly uid: string;
  /** Where the browser goes when the interaction is finished or cancelled. */
  readonly returnTo: string;
  /** As it was asked when the interaction began. */
  readonly request: PortalRequest;
  /** The login that was live then, if its session still is. */
  readonly live: LiveLogin | null;
  readonly prompt: { readonly name: string; readonly reasons: readonly string[] };
  /** Somebody has proven everything: what is left is to go on to the portal. */
  readonly finished: boolean;
  readonly startedAt: Instant;
  readonly expiresAt: Instant;
}

async function find(
  provider: Provider,
  req: IncomingMessage,
  res: ServerResponse,
  uid: string,
): Promise<Interaction | null> {
  const cookie = provider.createContext(req, res).cookies.get(provider.cookieName('interaction'), { signed: true });
  if (cookie === undefined || cookie !== uid) return null;
  return (await provider.Interaction.find<Interaction>(uid)) ?? null;
}

/** Null when there is no such interaction, or the browser's cookie names another one. */
export async function openAttempt(
  provider: Provider,
  req: IncomingMessage,
  res: ServerResponse,
  uid: string,
): Promise<OpenAttempt | null> {
  const interaction = await find(provider, req, res, uid);
  if (!interaction) return null;
  // Written by our own policy when the interaction began, and kept on the server since: its shape is known.
  const { request, live } = interaction.prompt.details as unknown as { request: PortalRequest; live: LiveLogin | null };
  const session = live && (await provider.Session.findByUid(live.sessionUid));
  return {
    uid,
    returnTo: interaction.returnTo,
    request,
    live: session?.accountId === live?.accountId ? live : null,
    prompt: { name: interaction.prompt.name, reasons: interaction.prompt.reasons },
    finished: interaction.result?.login !== undefined,
    startedAt: interaction.iat * 1000,
    expiresAt: interaction.exp * 1000,
  };
}

/**
 * Writes the result; the last submission is not merged in, so nothing of an earlier round is left.
 * @param session the browser's session of now: when the one in which the interaction began has ended or moved, the
 * library must not insist on it
 */
async function submit(interaction: Interaction, session: Session | null, result: InteractionResults): Promise<string> {
  if (interaction.session?.uid !== session?.uid) interaction.session = undefined;
  interaction.result = result;
  await interaction.persist();
  return interaction.returnTo;
}

/**
 * Ends the interaction with a login; the URL to redirect to, or null when it is gone. Another person's session in this
 * browser ends first, so that the new one gets a session and sids of its own. The caller has shown that the attempt is this
 * browser's: an upstream's callback comes without the interaction's cookie, whose path is another.
 */
export async function finish(
  provider: Provider,
  req: IncomingMessage,
  res: ServerResponse,
  uid: string,
  carried: Carried,
  deps: SessionDeps,
): Promise<string | null> {
  const { login } = carried;
  const interaction = await provider.Interaction.find<Interaction>(uid);
  if (!interaction) return null;
  const session = await sessionOf(provider, req, res);
  const stays: Session | null =
    session?.accountId === undefined || session.accountId === login.accountId ? session : null;
  if (session && !stays) await endSession(session, 'replaced', deps);
  return submit(interaction, stays, {
    login: {
      accountId: login.accountId,
      acr: login.acr,
      amr: [...login.amr],
      ts: Math.floor(login.authTime / 1000),
      // A cookie that ends with the browser; it has nothing to do with skipping the one-time password.
      remember: false,
    },
    renkei: carried,
  });
}

/** Ends the interaction with an OAuth error for the portal; the URL to redirect to, or null when it is gone. */
export async function cancel(
  provider: Provider,
  req: IncomingMessage,
  res: ServerResponse,
  uid: string,
  error: string,
  description: string,
): Promise<string | null> {
  const interaction = await find(provider, req, res, uid);
  if (!interaction) return null;
  return submit(interaction, await sessionOf(provider, req, res), { error, error_description: description });
}
