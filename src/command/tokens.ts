// `renkei tokens`: what the desk does about tokens from a shell – list, count (token-stock.ts), revoke one person's or a device for all who share it,
// lift the takeover guard, and import seed files (token-import.ts). The flows and records are those of the consoles, with the operator as actor.
import { allowGuarded } from '../flows/company/allow-issue.ts';
import { longestReason } from '../flows/company/token-selection.ts';
import { revokeDevice } from '../flows/token/revoke-device.ts';
import { revocationReasons, revokeToken, type RevocationReason, type Revoked } from '../flows/token/revoke.ts';
import type { Act, Tools } from '../flows/tools.ts';
import { japanIso } from '../rules/japan-time.ts';
import { loginIdKey } from '../rules/login-id.ts';
import { normalise } from '../rules/normalise.ts';
import { tokenStateOf } from '../rules/token-state.ts';
import type { CommandAnswer, Progress } from './commands.ts';
import { importTokens } from './token-import.ts';
import { tokenStock } from './token-stock.ts';

const actor = { kind: 'operator', id: 'command-line' } as const;

const usage =
  'Use: tokens list|stock [--company CONTRACT_NUMBER], tokens revoke --login-id ID | --serial SERIAL --reason phone|lost|other [--why WORDS], tokens allow-issue --login-id ID, or tokens import FILE [--check] [--format csv|pskc] [--key-file FILE].';

const failed = (error: string, text: string, more: Readonly<Record<string, unknown>> = {}): CommandAnswer => ({
  ok: false,
  json: { ok: false, error, ...more },
  text,
});

/** @param args as tokenLine orders them (token-options.ts) */
export async function tokensCommand(
  tools: Tools,
  act: Act,
  [
    what = '',
    company = '',
    loginId = '',
    serial = '',
    reason = '',
    why = '',
    file = '',
    format = '',
    check = '',
    key = '',
  ]: readonly string[],
  progress: Progress = () => {},
): Promise<CommandAnswer> {
  switch (what) {
    case 'list':
      return list(tools, act, normalise(company));
    case 'stock':
      return tokenStock(tools, act, normalise(company));
    case 'revoke':
      return revoke(tools, act, { loginId, serial: normalise(serial).toUpperCase(), reason, why: why.trim() });
    case 'allow-issue':
      return allowIssue(tools, act, loginId);
    case 'import':
      return importTokens(tools, act, { file, format, check: check !== '', key }, progress);
    default:
      return failed('unknown_command', usage);
  }
}

async function list(tools: Tools, act: Act, contractNumber: string): Promise<CommandAnswer> {
  const company = contractNumber === '' ? null : await tools.store.company.byContract(contractNumber);
  if (contractNumber !== '' && company === null)
    return failed('unknown_contract', `No company has the contract number ${contractNumber}.`, {
      contract_number: contractNumber,
    });
  const rows = (await tools.store.tokensOfPeople.list(company?.id ?? null, act.now)).map((row) => {
    const token = row.kind === null ? null : { expiresAt: row.expiresAt, retiredAt: row.retiredAt };
    const issue = row.issueUntil === null ? null : { expiresAt: row.issueUntil };
    const state = tokenStateOf(
      { waitsUntil: row.waitsUntil, token, issue },
      act.now,
      tools.policy.tokenExpiry.warnBefore,
    );
    return {
      contract_number: row.contractNumber,
      login_id: row.loginName,
      name: row.name,
      kind: row.kind ?? (state.is === 'issued' ? 'software' : null),
      serial: row.serial,
      state: state.is,
      until: 'until' in state ? japanIso(state.until) : null,
      expires: row.expiresAt === null ? null : japanIso(row.expiresAt),
      shared_by: row.holders ?? 0,
    };
  });
  return {
    ok: true,
    json: { ok: true, tokens: rows },
    text:
      rows.length === 0
        ? 'Nobody has a token.'
        : rows
            .map((row) =>
              [
                row.contract_number,
                row.login_id,
                row.name,
                row.kind ?? '-',
                row.serial ?? '-',
                row.until === null ? row.state : `${row.state} until ${row.until}`,
                ...(row.shared_by > 1 ? [`shared by ${row.shared_by}`] : []),
              ].join('  '),
            )
            .join('\n'),
  };
}

async function revoke(
  tools: Tools,
  act: Act,
  asked: { readonly loginId: string; readonly serial: string; readonly reason: string; readonly why: string },
): Promise<CommandAnswer> {
  const { loginId, serial, reason, why: words } = asked;
  if ((loginId === '') === (serial === ''))
    return failed('one_of_two', 'Say whose token (--login-id), or which device for everybody (--serial).');
  const why = revocationReasons.find((one) => one === reason);
  if (why === undefined) return failed('unknown_reason', 'Say why: --reason phone, lost or other.');
  if (words.length > longestReason)
    return failed('why_too_long', `Say why in at most ${longestReason} characters.`, { most: longestReason });
  return loginId === '' ? revokeBySerial(tools, act, serial, why, words) : revokeOne(tools, act, loginId, why, words);
}

async function revokeOne(
  tools: Tools,
  act: Act,
  loginId: string,
  why: RevocationReason,
  words: string,
): Promise<CommandAnswer> {
  const account = await tools.store.account.byLoginName(loginIdKey(loginId));
  if (!account) return unknownAccount(loginId);
  const revoked = await tools.store.transaction(async (tables) => {
    const locked = await tables.account.lock(account.id);
    return locked.deletedAt === null
      ? revokeToken(tools, tables, act, locked, { why, words, actor, by: 'desk' })
      : null;
  });
  if (!revoked) return failed('no_token', `${loginId} has no token.`, { login_id: loginId });
  const told = toldOf(loginId, revoked);
  return {
    ok: true,
    json: { ok: true, reason: why, revoked: [told], reference: act.reference },
    text: sentence(told),
  };
}

async function revokeBySerial(
  tools: Tools,
  act: Act,
  serial: string,
  why: RevocationReason,
  words: string,
): Promise<CommandAnswer> {
  const token = await tools.store.tokensOfPeople.bySerial(null, serial);
  if (!token) return failed('unknown_serial', `No token in use has the serial number ${serial}.`, { serial });
  const sharers = await tools.store.tokensOfPeople.sharers(token.companyId, [token.id]);
  const revoked = await tools.store.transaction((tables) =>
    revokeDevice(tools, tables, act, {
      tokenId: token.id,
      holders: sharers.map(({ accountId }) => accountId),
      why,
      words,
      actor,
      by: 'desk',
    }),
  );
  if (!revoked) return failed('changed', 'Somebody registered or revoked it at this moment. Try again.', { serial });
  const told = sharers.flatMap(({ accountId, loginName }) => {
    const one = revoked.get(accountId);
    return one ? [toldOf(loginName, one)] : [];
  });
  return {
    ok: true,
    json: { ok: true, reason: why, serial, revoked: told, reference: act.reference },
    text: [`Revoked the token ${serial} for everybody (${told.length}).`, ...told.map(sentence)].join('\n'),
  };
}

const toldOf = (loginId: string, { kind, serial, wait, devices, portals }: Revoked) => ({
  login_id: loginId,
  kind,
  serial,
  next_from: wait === null ? null : japanIso(wait.until),
  devices_ended: devices,
  portals_told: portals,
});

const sentence = ({ login_id: loginId, kind, next_from: from }: ReturnType<typeof toldOf>): string =>
  `Revoked the ${kind} token of ${loginId}; a new one ${from === null ? 'at once' : `from ${from}`}.`;

async function allowIssue(tools: Tools, act: Act, loginId: string): Promise<CommandAnswer> {
  if (loginId === '') return failed('login_id_missing', 'Say whose: --login-id ID.');
  const account = await tools.store.account.byLoginName(loginIdKey(loginId));
  if (!account) return unknownAccount(loginId);
  const allowed = await tools.store.transaction(async (tables) =>
    allowGuarded(tools, tables, act, await tables.account.lock(account.id), { actor, by: 'desk' }),
  );
  if (!allowed) return failed('no_guard', `Nothing holds up a token of ${loginId}.`, { login_id: loginId });
  return {
    ok: true,
    json: { ok: true, login_id: loginId, allowed: true, reference: act.reference },
    text: `Allowed: ${loginId} may issue a token.`,
  };
}

const unknownAccount = (loginId: string): CommandAnswer =>
  failed('unknown_login_id', `No account has the login ID ${loginId}.`, { login_id: loginId });
