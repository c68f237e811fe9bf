// `renkei operators`: the bank's own staff from a shell. The first one is made here (spec §8). An issued password is handed over
// apart from the answer, and told once.
import {
  addOperator,
  reissueOperator,
  releaseOperator,
  resumeOperator,
  stopOperator,
} from '../flows/operator/manage.ts';
import type { Act, Tools } from '../flows/tools.ts';
import { japanIso } from '../rules/japan-time.ts';
import { lockState } from '../rules/lock.ts';
import { loginIdKey } from '../rules/login-id.ts';
import { normalise } from '../rules/normalise.ts';
import { operatorRoles } from '../rules/operator.ts';
import { judgePersonName } from '../rules/person-name.ts';
import type { CommandAnswer } from './commands.ts';

const actor = { kind: 'operator', id: 'command-line' } as const;

const usage =
  'Use: operators add LOGIN_ID --name NAME --role clerk|supervisor|auditor, operators list, or operators stop|resume|unlock|reissue LOGIN_ID.';

const failed = (error: string, text: string, more: Readonly<Record<string, unknown>> = {}): CommandAnswer => ({
  ok: false,
  json: { ok: false, error, ...more },
  text,
});

const unknown = (loginId: string): CommandAnswer =>
  failed('unknown_login_id', `No operator has the login ID ${loginId}.`, { login_id: loginId });

/** @param args as operatorLine orders them (operator-options.ts) */
export async function operatorsCommand(
  tools: Tools,
  act: Act,
  [what = '', loginId = '', name = '', role = '']: readonly string[],
): Promise<CommandAnswer> {
  if (what === 'list') return list(tools, act);
  if (!['add', 'stop', 'resume', 'unlock', 'reissue'].includes(what)) return failed('unknown_command', usage);
  if (loginId === '') return failed('login_id_missing', usage);
  if (what === 'add') return add(tools, act, normalise(loginId), name, role);
  if (what === 'reissue') return reissue(tools, act, loginId);
  if (what === 'unlock') return unlock(tools, act, loginId);
  const stops = what === 'stop';
  const done = await (stops ? stopOperator : resumeOperator)(tools, act, actor, loginIdKey(loginId));
  if (done === null) return unknown(loginId);
  if (!done)
    return failed('unchanged', `${loginId} ${stops ? 'was stopped before' : 'was not stopped'}.`, {
      login_id: loginId,
    });
  const text = stops
    ? `Stopped ${loginId}: nobody signs in with it, and what was signed in is over.`
    : `Resumed ${loginId}.`;
  return { ok: true, json: { ok: true, login_id: loginId, reference: act.reference }, text };
}

async function add(tools: Tools, act: Act, loginName: string, typed: string, asked: string): Promise<CommandAnswer> {
  const role = operatorRoles.find((one) => one === asked);
  if (role === undefined) return failed('unknown_role', 'Say the role: --role clerk, supervisor or auditor.');
  const judged = judgePersonName(typed);
  if (!judged.ok) return failed('name_missing', 'Say the name: --name NAME, at most 40 characters.');
  if (!/^[A-Za-z0-9][A-Za-z0-9._]{2,31}$/.test(loginName))
    return failed('login_id_form', 'A login ID has 3 to 32 letters, digits, dots or underscores.');
  const added = await addOperator(tools, act, actor, { loginName, name: judged.name, role });
  if (!added)
    return failed('login_id_taken', `${loginName} is the login ID of an operator already.`, { login_id: loginName });
  const validUntil = japanIso(added.until);
  return {
    ok: true,
    json: { ok: true, login_id: loginName, role, valid_until: validUntil, reference: act.reference },
    text: `Added ${loginName} (${role}). The issued password is told once and valid until ${validUntil}.`,
    password: added.password,
  };
}

async function reissue(tools: Tools, act: Act, loginId: string): Promise<CommandAnswer> {
  const reissued = await reissueOperator(tools, act, actor, loginIdKey(loginId));
  if (!reissued) return unknown(loginId);
  const validUntil = japanIso(reissued.until);
  return {
    ok: true,
    json: { ok: true, login_id: loginId, valid_until: validUntil, reference: act.reference },
    text: `A new issued password for ${loginId}, told once and valid until ${validUntil}. The authenticator was taken away, and what was signed in is over.`,
    password: reissued.password,
  };
}

async function unlock(tools: Tools, act: Act, loginId: string): Promise<CommandAnswer> {
  const released = await releaseOperator(tools, act, actor, loginIdKey(loginId));
  if (!released) return unknown(loginId);
  return {
    ok: true,
    json: { ok: true, login_id: loginId, released, reference: act.reference },
    text:
      released.length === 0 ? `${loginId} has nothing to release.` : `Released for ${loginId}: ${released.join(', ')}.`,
  };
}

async function list(tools: Tools, act: Act): Promise<CommandAnswer> {
  const operators = (await tools.store.operator.list()).map((row) => ({
    login_id: row.loginName,
    name: row.name,
    role: row.role,
    stopped: row.stoppedAt !== null,
    password: row.issued ? 'issued' : lockState({ ...row, stoppedAt: row.passwordStoppedAt }, act.now),
    otp: row.otpStoppedAt !== null ? 'stopped' : row.tokenId === null ? 'none' : 'usable',
    last_sign_in: row.lastSignInAt === null ? null : japanIso(row.lastSignInAt),
  }));
  return {
    ok: true,
    json: { ok: true, operators },
    text:
      operators.length === 0
        ? 'There is no operator yet. Use: operators add.'
        : operators
            .map((one) =>
              [
                one.login_id,
                one.name,
                one.role,
                one.stopped ? 'stopped' : 'active',
                `password ${one.password}`,
                `otp ${one.otp}`,
                one.last_sign_in === null ? 'never signed in' : `last ${one.last_sign_in}`,
              ].join('  '),
            )
            .join('\n'),
  };
}
