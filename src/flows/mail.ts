// Owing a mail: an outbox row in the transaction of the change. Which mail, to whom, with what facts; words are mail's.
import type { Act, Tools } from './tools.ts';
import { whomToAsk } from '../rules/ask.ts';
import type { AccountRow } from '../store/account.ts';
import type { Tables } from '../store/store.ts';

export type MailName =
  | 'email-code'
  | 'link-made'
  | 'link-removed'
  | 'device-remembered'
  | 'device-ended'
  | 'device-copied'
  | 'password-changed'
  | 'password-locked'
  | 'password-stopped'
  | 'otp-stopped'
  | 'released'
  | 'use-stopped'
  | 'use-resumed'
  | 'email-changed'
  | 'password-set'
  | 'registered'
  | 'registration-removed'
  | 'rights-changed'
  | 'password-expires'
  | 'reset-received'
  | 'reset-decided'
  | 'spray'
  | 'last-releaser'
  | 'user-stopped'
  | 'token-issued'
  | 'token-in-use'
  | 'token-revoked'
  | 'token-revoked-without-token'
  | 'issue-allowed'
  | 'clock'
  | 'token-expires'
  | 'registration-due';

/** Who did it, as the mail says it. */
export type MailActor = 'self' | 'admin' | 'desk' | 'system';

/**
 * Queues a mail to a person's proven address; people without one get none. `to` overrides the address only for the code
 * that proves it.
 */
export async function oweMail(
  tools: Tools,
  tables: Tables,
  act: Act,
  account: Pick<AccountRow, 'id' | 'companyId' | 'name' | 'email' | 'emailProvenAt' | 'language'>,
  name: MailName,
  facts: Readonly<Record<string, string | number | boolean | null>>,
  by: MailActor = 'self',
  to: string | null = account.emailProvenAt === null ? null : account.email,
): Promise<void> {
  if (to === null) return;
  const about = asked(name, facts);
  const ask =
    about && whomToAsk(about, await tables.company.releasers(account.companyId, account.id), tools.policy.release);
  const id = tools.secrets.id();
  // A code waits for its mail, perhaps for hours while no mail goes out: not readable in the database.
  const { code, ...others } = facts;
  const sealed =
    typeof code === 'string' ? { sealedCode: tools.secrets.sealUnder(tools.secrets.mark('outbox', id), code) } : {};
  const payload = {
    mail: name,
    to,
    personName: account.name,
    language: account.language,
    at: act.now,
    by,
    agent: act.agent,
    reference: act.reference,
    facts: ask === null ? others : { ...others, ask },
    ...sealed,
  };
  await tables.outbox.add({ id, kind: 'mail', payload }, act.now);
}

/** Mails about a lock or stop say whom to ask for its release, by the matrix. */
function asked(name: MailName, facts: Readonly<Record<string, unknown>>): Parameters<typeof whomToAsk>[0] | null {
  if (name === 'password-locked' || name === 'password-stopped') return 'password';
  if (name === 'use-stopped') return 'account';
  if (name === 'otp-stopped') return facts['kind'] === 'hardware' ? 'hardware-otp' : 'software-otp';
  return null;
}
