// What an operator does from a shell: unlink, unlock, audit. Each command is one flow and an answer for people and for
// machines (--json). Where they run (own process, or inside a demo that holds the embedded database) is not theirs.
import { loginIdKey } from '../rules/login-id.ts';
import { release, type Lock } from '../flows/release.ts';
import type { Act, Tools } from '../flows/tools.ts';
import { unlink } from '../flows/unlink.ts';
import { bankAccountsCommand } from './bank-accounts.ts';
import { companyCommand } from './company.ts';
import { keysCommand } from './keys.ts';
import { operatorsCommand } from './operators.ts';
import { resetRequests, type ResetAnswer } from './reset-requests.ts';
import { tokensCommand } from './tokens.ts';

export interface CommandLine {
  readonly name: string;
  readonly args: readonly string[];
}

export type CommandAnswer = ResetAnswer & {
  /** An issued password, in neither text nor JSON; the caller hands it over once and keeps it nowhere. */
  readonly password?: string;
};

/** Told on the way, a line each, while the answer is still to come. */
export type Progress = (line: string) => void;

type Command = (tools: Tools, act: Act, args: readonly string[], progress: Progress) => Promise<CommandAnswer>;

const actor = { kind: 'operator', id: 'command-line' } as const;
const unknownAccount = (loginId: string): CommandAnswer => ({
  ok: false,
  json: { ok: false, error: 'unknown_login_id', login_id: loginId },
  text: `No account has the login ID ${loginId}.`,
});

const unlinkCommand: Command = async (tools, act, [loginId = '']) => {
  const account = await tools.store.account.byLoginName(loginIdKey(loginId));
  if (!account) return unknownAccount(loginId);
  const removed = [];
  for (const { id } of await tools.store.link.ofAccount(account.id)) {
    const done = await unlink(tools, act, {
      linkId: id,
      companyId: null,
      actor,
      by: 'desk',
      why: 'unlinked-by-operator',
    });
    if (done)
      removed.push({
        link: done.linkId,
        business_direct_id: done.display,
        devices_ended: done.devices,
        portals_told: done.portals,
      });
  }
  return {
    ok: removed.length > 0,
    json: { ok: removed.length > 0, login_id: loginId, removed, reference: act.reference },
    text:
      removed.length === 0
        ? `${loginId} has no link.`
        : removed
            .map(
              (one) =>
                `Removed the link of ${loginId} to ${one.business_direct_id}; ${one.devices_ended} remembered devices ended.`,
            )
            .join('\n'),
  };
};

const locks: readonly Lock[] = ['login', 'confirmation', 'otp'];

const unlockCommand: Command = async (tools, act, [loginId = '', which = 'all']) => {
  const asked = which === 'all' ? locks : locks.filter((lock) => lock === which);
  if (asked.length === 0) {
    return {
      ok: false,
      json: { ok: false, error: 'unknown_lock' },
      text: `There is no lock "${which}": use login, confirmation, otp or all.`,
    };
  }
  const account = await tools.store.account.byLoginName(loginIdKey(loginId));
  const released = account && (await release(tools, act, { accountId: account.id, locks: asked, actor, by: 'desk' }));
  if (!released) return unknownAccount(loginId);
  return {
    ok: true,
    json: { ok: true, login_id: loginId, released, reference: act.reference },
    text:
      released.length === 0 ? `${loginId} has no lock to release.` : `Released for ${loginId}: ${released.join(', ')}.`,
  };
};

const auditCommand: Command = async (tools, _act, [what = 'verify', argument = '']) => {
  if (what === 'list') {
    const loginId = argument;
    const account = await tools.store.account.byLoginName(loginIdKey(loginId));
    if (!account) return unknownAccount(loginId);
    const bodies = await tools.store.audit.list({ chain: account.companyId, accountId: account.id }, 100);
    const records = bodies.map((body): unknown => JSON.parse(body));
    return { ok: true, json: { ok: true, login_id: loginId, records }, text: bodies.join('\n') };
  }
  if (what === 'find') {
    const reference = tools.secrets.readReference(argument) ?? argument;
    const bodies = await tools.store.audit.under(reference);
    const records = bodies.map((body): unknown => JSON.parse(body));
    const found = bodies.length > 0;
    return {
      ok: found,
      json: { ok: found, reference, records, ...(found ? {} : { error: 'not_found' }) },
      text: found ? bodies.join('\n') : `There is no record under ${reference}.`,
    };
  }
  if (what !== 'verify')
    return {
      ok: false,
      json: { ok: false, error: 'unknown_command' },
      text: 'Use: audit verify, audit list LOGIN_ID, or audit find REFERENCE.',
    };
  const chains = [];
  for (const { chain } of await tools.store.audit.heads())
    chains.push({ chain, ...(await tools.store.audit.verify(chain)) });
  const bad = chains.filter(({ badAt }) => badAt !== null);
  return {
    ok: bad.length === 0,
    json: {
      ok: bad.length === 0,
      chains: chains.map(({ chain, records, badAt }) => ({ chain, records, bad_at: badAt })),
    },
    text: [
      ...bad.map(({ chain, badAt }) => `Chain ${chain}: broken at record ${badAt}.`),
      `${chains.length} chains, ${chains.reduce((sum, { records }) => sum + records, 0)} records, ${bad.length} broken.`,
    ].join('\n'),
  };
};

export const commands: Readonly<Record<string, Command>> = {
  'unlink': unlinkCommand,
  'unlock': unlockCommand,
  'audit': auditCommand,
  'bank-accounts': bankAccountsCommand,
  'reset-requests': resetRequests,
  'keys': keysCommand,
  'company': companyCommand,
  'operators': operatorsCommand,
  'tokens': tokensCommand,
};

/** Runs a command line; an unknown name is an answer, not an exception. */
export async function runCommand(
  tools: Tools,
  act: Act,
  { name, args }: CommandLine,
  progress: Progress = () => {},
): Promise<CommandAnswer> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  return command
    ? command(tools, act, args, progress)
    : { ok: false, json: { ok: false, error: 'unknown_command' }, text: `There is no command "${name}".` };
}
