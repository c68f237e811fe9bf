// One warning about a key-fob to one person: MAI022 of its expiry, MAI023 of the limit for registering one. Whoever keeps first
// that it was told owes the mail, in the same transaction.
import { personalGrace } from '../rules/grace.ts';
import { withKeyFobs } from '../rules/otp-application.ts';
import type { Instant } from '../rules/sign-in-record.ts';
import { daysLeft, withinExpiry, withinLimit } from '../rules/token-warning.ts';
import type { Tables } from '../store/store.ts';
import type { CompanyToTell, HolderToTell, Reachable } from '../store/told-token.ts';
import { oweMail, type MailActor } from './mail.ts';
import type { Act, Tools } from './tools.ts';

/** The limit of somebody who had no token under the present application; null where there is none to warn of. */
export const limitOf = ({ policy }: Tools, company: CompanyToTell): Instant | null =>
  company.otpApplication === 'none' ? null : personalGrace({ company, hadToken: false }, policy.grace);

/** @param told the distance that this mail stands for; null: the nearest one. False: told already. */
export async function oweExpiry(
  tools: Tools,
  tables: Tables,
  act: Act,
  one: HolderToTell,
  told: number | null,
  by: MailActor = 'system',
): Promise<boolean> {
  const within = withinExpiry(one.expiresAt, tools.policy.tokenExpiry.warnBefore, act.now);
  if (!(await tell(tables, one, 'expiry', one.expiresAt, told ?? within.at(-1), within))) return false;
  const facts = {
    last4: one.serial?.slice(-4) ?? '',
    expires: one.expiresAt,
    days: daysLeft(one.expiresAt, act.now),
    // No other key-fob follows where the company went over to apps, whatever was sent before.
    successor: withKeyFobs(one.otpApplication) ? one.successor : ('app' as const),
  };
  await oweMail(tools, tables, act, one, 'token-expires', facts, by);
  return true;
}

/** @param told the distance that this mail stands for. False: told already, or not to be told. */
export async function oweLimit(
  tools: Tools,
  tables: Tables,
  act: Act,
  company: CompanyToTell,
  one: Reachable,
  told: number,
  by: MailActor = 'system',
): Promise<boolean> {
  const limit = limitOf(tools, company);
  if (limit === null) return false;
  if (!(await tell(tables, one, 'limit', limit, told, withinLimit(limit, act.now)))) return false;
  const blocks = tools.policy.grace.then === 'block-login' ? 'login' : 'operations';
  await oweMail(tools, tables, act, one, 'registration-due', { limit, shippedAt: company.shippedAt, blocks }, by);
  return true;
}

/** Keeps what this mail tells: its own distance, and every one that the date has come within. Whether its own is new. */
async function tell(
  tables: Tables,
  { id }: Reachable,
  about: 'expiry' | 'limit',
  at: Instant,
  told: number | undefined,
  within: readonly number[],
): Promise<boolean> {
  if (told === undefined || !(await tables.toldToken.tell(id, about, at, told))) return false;
  for (const distance of within) if (distance !== told) await tables.toldToken.tell(id, about, at, distance);
  return true;
}
